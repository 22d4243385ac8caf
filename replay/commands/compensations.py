"""Which command takes an event back, and which event has done so: nothing is edited, something is
added, and the two are linked.

The link is the causation id: an event compensates the one that caused it when its command is the
one that the model names for undoing that event.
"""

from collections.abc import Iterable
from functools import partial

from msgspec import structs

from replay.commands.given_fields import given_by
from replay.commands.saved_states import Saved, none_saved
from replay.states.model_set import AnyModel, ModelSet
from replay.states.state_at import StateReader
from replay.typed_model import Command, Event
from replay.words import said
from store.events import RecordedEvent
from store.interface import EventReader


def composed(
    log: EventReader, models: ModelSet, event: RecordedEvent, *, saved: Saved = none_saved
) -> Command:
    """The command that takes an event back, as its model makes it of the state before the event.
    Raises LookupError with why there is none."""
    model = models.of_stream(event.stream)
    if model is None:
        raise LookupError(f"no model gives the stream {event.stream} a meaning")
    typed = models.reading(model).typed(event)
    if typed is None:
        raise LookupError(f"the model {model.title} does not know it")
    compensate = model.undo.get(type(typed))
    if compensate is None:
        raise LookupError(_why_final(models, model, type(typed)))
    fold = models.fold(model)
    reader = StateReader(fold, snapshot_before=partial(saved, fold))
    before = reader.at(log, event.stream, event.position).previous
    return _in_stream(event.stream, model, compensate(before, typed))


def compensated_by(
    log: EventReader,
    models: ModelSet,
    event: RecordedEvent,
    *,
    later: Iterable[RecordedEvent] | None = None,
) -> RecordedEvent | None:
    """The event that takes this one back; None when it stands. Looks at `later`, which holds the
    events of its stream that it caused; else reads the stream from there on."""
    if not _can_be(models, event):
        return None
    if later is None:
        later = log.read_stream(event.stream, after=event.position)
    caused = [it for it in later if it.metadata.get("causation_id") == event.id]
    command = _name_of(log, models, event) if caused else ""
    return next((it for it in caused if command and _is_by(it, command)), None)


def compensates(log: EventReader, models: ModelSet, event: RecordedEvent) -> RecordedEvent | None:
    """The event that this one takes back; None when it takes none back."""
    cause = log.event_by_id(str(event.metadata.get("causation_id", "")))
    if cause is None or cause.stream != event.stream or not _can_be(models, cause):
        return None
    command = _name_of(log, models, cause)
    return cause if command and _is_by(event, command) else None


def _can_be(models: ModelSet, event: RecordedEvent) -> bool:
    """Whether its model names a command for events like it."""
    model = models.of_stream(event.stream)
    if model is None or not model.undo:
        return False
    return type(models.reading(model).typed(event)) in model.undo


def _name_of(log: EventReader, models: ModelSet, event: RecordedEvent) -> str:
    try:
        return type(composed(log, models, event)).__name__
    except LookupError:
        return ""  # this one cannot be undone


def _is_by(event: RecordedEvent, command: str) -> bool:
    return bool(event.metadata.get("command") == command)


def _why_final(models: ModelSet, model: AnyModel, type_: type[Event]) -> str:
    if any(it.model.name == model.name for it in models.processes):
        return said(
            "it was recorded by a process manager ({title}), which decides for itself",
            title=model.title,
        )
    return model.final.get(type_) or said(
        "the model {title} declares no command that undoes it", title=model.title
    )


def _in_stream(stream: str, model: AnyModel, command: Command) -> Command:
    """With the fields that name the stream, which a state need not hold."""
    names = {it.encode_name: it.name for it in structs.fields(type(command))}
    given = given_by(stream, model, type(command))
    return structs.replace(command, **{names[key]: value for key, value in given.items()})
