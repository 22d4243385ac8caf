"""A change of an event type tried on the events that are stored; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from replay.states.bearing import changed_meaning
from replay.states.event_change import EventChange
from replay.states.model_set import AnyModel, ModelSet
from replay.states.typed_fold import schema_version
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery

LOOKED_AT: Final = 1_000  # events at most; more would make a person wait
SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One event before and after; `problem` when the model could not read it then."""

    position: int
    before: Any
    after: Any  # None: it has no effect any more
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a change does to the events of its type and shape."""

    events: int  # looked at
    is_all: bool  # whether there are no more
    unfit: int  # that the model's class of today does not take
    shown: tuple[Tried, ...]  # the unfit ones first
    model: str  # that owns them, by title; empty when none does
    code: str
    meaning: tuple[str, ...] = ()  # fields that bear the meaning and are other ones afterwards


def try_on(log: EventReader, models: ModelSet, change: EventChange) -> Trial:
    """Raises WrongChange."""
    code = change.code
    found, is_all = _events(log, change)
    model = models.of_stream(found[0].stream) if found else None
    tried = [_tried(it, change, model) for it in found]
    unfit = [it for it in tried if it.problem]
    fit = [it for it in tried if not it.problem]
    return Trial(
        events=len(found),
        is_all=is_all,
        unfit=len(unfit),
        shown=tuple([*unfit, *fit][:SHOWN]),
        model=model.title if model else "",
        code=code,
        meaning=_meaning(tried, change, model),
    )


def shapes(log: EventReader, type_: str) -> dict[int, int]:
    """How many events of a type are stored in which shape, among the first ones."""
    counted: dict[int, int] = {}
    for event in log.read(EventQuery(types=(type_,)), limit=LOOKED_AT):
        version = schema_version(event)
        counted[version] = counted.get(version, 0) + 1
    return counted


def _events(log: EventReader, change: EventChange) -> tuple[Sequence[RecordedEvent], bool]:
    found = list(log.read(EventQuery(types=(change.type,)), limit=LOOKED_AT + 1))
    is_all = len(found) <= LOOKED_AT
    return [it for it in found[:LOOKED_AT] if schema_version(it) == change.version], is_all


def _tried(event: RecordedEvent, change: EventChange, model: AnyModel | None) -> Tried:
    before = json_text.decode(event.data_json)
    if change.reason == "retired":
        return Tried(position=event.position, before=before, after=None)
    after = change.apply(before)
    type_ = change.becomes or change.type
    return Tried(
        position=event.position,
        before=before,
        after=after,
        problem=_misfit(model, type_, after),
    )


def _meaning(
    tried: Sequence[Tried], change: EventChange, model: AnyModel | None
) -> tuple[str, ...]:
    """None of a type that is retired, or goes on under another name: that is a new type."""
    if change.reason != "fields":
        return ()
    changed = (changed_meaning(model, change.type, it.before, it.after) for it in tried)
    return tuple(dict.fromkeys(field for fields in changed for field in fields))


def _misfit(model: AnyModel | None, type_: str, data: Any) -> str:
    """Why the class of this name does not take a payload; empty when it does, or there is none."""
    found = next((it for it in model.events if it.__name__ == type_), None) if model else None
    if found is None:
        return ""
    try:
        msgspec.convert(data, found)
    except msgspec.ValidationError as error:
        return str(error)
    return ""
