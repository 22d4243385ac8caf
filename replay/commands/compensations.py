"""Which event takes another back: nothing is edited, something is added, and the two are linked.

The link is the causation id: an event compensates the one that caused it when its command is the
one that the model names for undoing that event.
"""

from collections.abc import Iterable

from replay.states.model_set import ModelSet
from store.events import RecordedEvent
from store.interface import EventReader


def compensated_by(
    log: EventReader,
    models: ModelSet,
    event: RecordedEvent,
    *,
    later: Iterable[RecordedEvent] | None = None,
) -> RecordedEvent | None:
    """The event that takes this one back; None when it stands. Looks at `later`, which holds the
    events of its stream that it caused; else reads the stream from there on."""
    command = _undoing(models, event)
    if not command:
        return None
    if later is None:
        later = log.read_stream(event.stream, after=event.position)
    return next((it for it in later if _is_caused(it, event.id, command)), None)


def compensates(log: EventReader, models: ModelSet, event: RecordedEvent) -> RecordedEvent | None:
    """The event that this one takes back; None when it takes none back."""
    cause = log.event_by_id(str(event.metadata.get("causation_id", "")))
    if cause is None or cause.stream != event.stream:
        return None
    command = _undoing(models, cause)
    return cause if command and _is_caused(event, cause.id, command) else None


def _is_caused(event: RecordedEvent, cause: str, command: str) -> bool:
    metadata = event.metadata
    return bool(metadata.get("causation_id") == cause and metadata.get("command") == command)


def _undoing(models: ModelSet, event: RecordedEvent) -> str:
    """The command that undoes the event, by name; empty when the model names none."""
    model = models.of_stream(event.stream)
    typed = models.reading(model).typed(event) if model and model.undo else None
    undo = model.undo.get(type(typed)) if model and typed is not None else None
    if model is None or undo is None:
        return ""
    try:
        return type(undo(model.initial(), typed)).__name__
    except LookupError:
        return ""  # this one cannot be undone
