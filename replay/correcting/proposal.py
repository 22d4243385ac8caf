"""The three realities of a correction, stream by stream: what the log has, what it should have,
and what it will have after the events that are proposed.

The states are those at the head. Later events are kept as they were recorded.
"""

from typing import Any, Final

from msgspec import Struct

from replay.correcting.asked import Asked, Found, found_in, line_of
from replay.correcting.errors import CannotCorrect
from replay.correcting.told import Newest
from replay.history.causality import correlation_of
from replay.states.bearing import changed_meaning, meaning_words
from replay.states.diff import Change, diff
from replay.states.model import Model
from replay.states.model_set import AnyModel
from replay.states.patch_between import patch_between
from replay.states.state_at import StateReader
from replay.states.stream_states import StreamStates
from replay.states.typed_fold import Reading
from replay.words import said
from store import json_text
from store.branches.unsaved import UnsavedLine
from store.events import NewEvent, Payload
from store.interface import EventReader
from store.reading.identity import minted_id

GENERIC_TYPE: Final = "Corrected"  # of an event whose data is a merge patch


class Side(Struct, frozen=True, kw_only=True):
    """One stream. States are JSON values; `newest`: the position of its last event."""

    stream: str
    model: str  # its title; empty without one
    has_correct: bool  # whether that has the function, or none is needed
    newest: int
    now: Any
    should_be: Any
    after: Any
    events: tuple[NewEvent, ...]

    @property
    def differs(self) -> list[Change]:
        """Fields that the correction changes."""
        return list(diff(self.now, self.should_be))

    @property
    def why_left(self) -> str:
        """Why fields stay different, as far as that is known."""
        if self.has_correct or not self.left:
            return ""
        return said("the model {title} has no function `correct`", title=self.model)

    @property
    def left(self) -> list[Change]:
        """Fields that are not what they should be afterwards either."""
        return list(diff(self.after, self.should_be))


class Proposal(Struct, frozen=True, kw_only=True):
    """What a correction would append, if it was not made before."""

    found: Found
    sides: tuple[Side, ...]
    meaning: str  # that the event should have had another type, or nothing

    @property
    def is_complete(self) -> bool:
        """Whether every stream will be as it should be."""
        return not any(it.left for it in self.sides)

    @property
    def newest(self) -> tuple[Newest, ...]:
        """What was seen of each stream."""
        return tuple(Newest(stream=it.stream, position=it.newest) for it in self.sides)


class By(Struct, frozen=True, kw_only=True):
    """Who corrects, and why."""

    actor: str
    reason: str = ""


def proposed(log: EventReader, states: StreamStates, asked: Asked, by: By) -> Proposal:
    """Reads only. Raises CannotCorrect, MissingUpcast, and what opening a log raises."""
    head = log.head()
    found = found_in(log, states.models, asked, head=head)
    if found.already is not None:
        return Proposal(found=found, sides=(), meaning="")
    line = line_of(log, found.earlier, head=head, more=[found.correction])
    sides = tuple(_side(log, line, states, found, by, stream, head) for stream in found.streams)
    return Proposal(found=found, sides=sides, meaning=_meaning(states, found))


def _side(
    log: EventReader,
    line: UnsavedLine,
    states: StreamStates,
    found: Found,
    by: By,
    stream: str,
    head: int,
) -> Side:
    fold, model = states.fold_of(log, stream, head), states.model_of(log, stream, head)
    reader: StateReader[Any] = StateReader(fold)
    now = reader.at(log, stream, head)
    then = StateReader(fold).at(line, stream, line.head()).state
    metadata = _metadata(found, by)
    events = _events(states, fold, model, now.state, then)
    named = [
        NewEvent.of(type_, data, metadata | version, id=_id(log, found, stream, number))
        for number, (type_, data, version) in enumerate(events)
    ]
    after = now.state
    for it in named:
        said_by = Payload(head + 1, stream, it.type, it.data_json, it.metadata_json)
        after = fold.evolve(after, said_by)
    return Side(
        stream=stream,
        model="" if model is None else model.title,
        has_correct=model is None or model.correct is not None,
        newest=0 if now.last is None else now.last.position,
        now=fold.to_json(now.state),
        should_be=fold.to_json(then),
        after=fold.to_json(after),
        events=tuple(named),
    )


_Said = tuple[str, Any, dict[str, Any]]  # type, data, what the metadata says of its shape


def _events(
    states: StreamStates, fold: Model[Any], model: AnyModel | None, now: Any, then: Any
) -> list[_Said]:
    """At least one: it tells later corrections of this one."""
    before, after = fold.to_json(now), fold.to_json(then)
    if model is None:
        return [(GENERIC_TYPE, patch_between(before, after), {})]
    made = []
    if next(diff(before, after), None) is not None and model.correct is not None:
        made = _by_model(states.models.reading(model), model, now, then)
    return made or [(GENERIC_TYPE, {}, {})]  # which no model reads: the state stays


def _by_model(reading: Reading[Any], model: AnyModel, now: Any, then: Any) -> list[_Said]:
    assert model.correct is not None
    try:
        events = list(model.correct(now, then))
    except Exception as error:  # a model may raise anything at what it never met
        reason = str(error) or type(error).__name__
        raise CannotCorrect(
            said(
                "the model {title} failed to correct the state: {why}",
                title=model.title,
                why=reason,
            ),
            said("Correct the function `correct` of the model. Nothing was appended."),
        ) from error
    found = list[_Said]()
    for it in events:
        name = type(it).__name__
        version = {"schema_version": reading.current_version(name)}
        found.append((name, json_text.decode(json_text.encode(it)), version))
    return found


def _metadata(found: Found, by: By) -> dict[str, Any]:
    facts = found.correction.metadata()
    facts |= {"causation_id": found.event.id, "correlation_id": correlation_of(found.event)}
    facts["user"] = by.actor
    return facts | ({"reason": by.reason} if by.reason else {})


def _id(log: EventReader, found: Found, stream: str, number: int) -> str:
    """The same whenever the same is corrected, so that nothing is corrected twice."""
    said_once = json_text.encode(found.correction)
    return minted_id("correct", log.store_id(), said_once, found.times_before, stream, number)


def _meaning(states: StreamStates, found: Found) -> str:
    if found.correction.kind != "wrong":
        return ""
    event, model = found.event, states.models.of_stream(found.event.stream)
    fields = changed_meaning(model, event.type, event.data, found.correction.data)
    return meaning_words(event.type, fields) if fields else ""
