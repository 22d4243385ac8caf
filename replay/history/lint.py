"""Events that say little: those that change nothing, those named after a state, not an intent, and
those that their model cannot read any more.

An event should say what was meant ("two seats were reserved"), not what came of it ("seats left:
42"); one that changes nothing of its stream is usually an accident of the code that wrote it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from replay.states.model_set import AnyModel, ModelSet
from replay.states.stream_states import StreamStates
from replay.states.typed_fold import MissingUpcast
from store.events import RecordedEvent
from store.interface import EventReader

Fault: TypeAlias = Literal["no-op", "state-shaped", "unreadable"]

FIRST: Final = 10  # positions that are told
GENERIC: Final = re.compile(r"(Changed|Updated|Modified|Set|Saved|Edited)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All events of one type in one model's streams with the same fault."""

    fault: Fault
    type: str
    model: str
    count: int
    of: int  # events of that type there
    positions: tuple[int, ...]  # of the first ten, in order
    why: str


@dataclass(slots=True)
class _Tally:
    of: int = 0
    no_ops: int = 0
    positions: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()  # positions of shapes that no upcast leads on from
    why_unread: str = ""


def lint(log: EventReader, models: ModelSet) -> Iterator[Finding]:
    """Every finding in the streams that a model owns; each of these is folded once."""
    states = StreamStates(models=models)
    tallies: dict[tuple[str, str], _Tally] = {}
    for stream in log.stream_names():
        model = states.model_of(log, stream)
        if model is not None:
            _count(log, models, model, stream, tallies)
    by_name = {it.name: it for it in models.models}
    for (name, type_), tally in sorted(tallies.items()):
        model = by_name[name]
        if tally.unread:
            yield Finding(
                fault="unreadable",
                type=type_,
                model=model.title,
                count=len(tally.unread),
                of=tally.of,
                positions=tally.unread[:FIRST],
                why=tally.why_unread,
            )
        if tally.no_ops:
            yield Finding(
                fault="no-op",
                type=type_,
                model=model.title,
                count=tally.no_ops,
                of=tally.of,
                positions=tally.positions,
                why="the state after it is the state before it",
            )
        if why := _state_shaped(model, type_):
            yield Finding(
                fault="state-shaped",
                type=type_,
                model=model.title,
                count=tally.of,
                of=tally.of,
                positions=(),
                why=why,
            )


def _count(
    log: EventReader,
    models: ModelSet,
    model: AnyModel,
    stream: str,
    tallies: dict[tuple[str, str], _Tally],
) -> None:
    fold, reading = models.fold(model), models.reading(model)
    state: Any = fold.initial()
    for event in log.read_stream(stream):
        try:
            after = fold.evolve(state, event)
        except MissingUpcast as error:
            tally = tallies.setdefault((model.name, event.type), _Tally())
            tally.of += 1
            tally.unread = tuple(sorted((*tally.unread, event.position)))
            tally.why_unread = tally.why_unread or str(error)
            continue  # what comes after is judged without it
        if event.stream == stream and reading.knows(event.type):
            _note(tallies.setdefault((model.name, event.type), _Tally()), event, after == state)
        state = after


def _note(tally: _Tally, event: RecordedEvent, is_no_op: bool) -> None:
    tally.of += 1
    if is_no_op:
        tally.no_ops += 1
        tally.positions = tuple(sorted((*tally.positions, event.position))[:FIRST])


def _state_shaped(model: AnyModel, type_: str) -> str:
    """Why the name says no intent; empty when it does."""
    event = next((it for it in model.events if it.__name__ == type_), None)
    if event is None or not GENERIC.search(type_):
        return ""
    shared = set(event.__struct_fields__) & set(model.state.__struct_fields__)
    told = f", and it carries the state's {', '.join(sorted(shared))}" if shared else ""
    return f"its name says that something changed, not why{told}"
