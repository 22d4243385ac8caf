"""Events that say little: those that change nothing, those named after a state, not an intent, and
those that their model cannot read any more.

An event should say what was meant ("two seats were reserved"), not what came of it ("seats left:
42"); one that changes nothing of its stream is usually an accident of the code that wrote it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from replay.collector import rarely_collected
from replay.history.stream_scan import OnProgress, Part, scan
from replay.states.model_set import AnyModel, ModelSet
from replay.states.typed_fold import MissingUpcast
from replay.words import said
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


@dataclass(slots=True, kw_only=True)
class _Tally:
    is_judged: bool  # whether the model knows the type
    of: int = 0
    no_ops: int = 0
    positions: tuple[int, ...] = ()  # of the first of them
    unread: int = 0  # shapes that no upcast leads on from
    unread_positions: tuple[int, ...] = ()
    why_unread: str = ""


def lint(
    log: EventReader, models: ModelSet, *, on_progress: OnProgress = lambda _done, _total: None
) -> Iterator[Finding]:
    """Every finding in the streams that a model owns; each of these is folded once."""
    owners = {it.name: _Owner(models, it) for it in models.models}
    named = {it: owners[model.name] for it in log.stream_names() if (model := models.of_stream(it))}
    with rarely_collected():
        for part in scan(log, list(named), on_progress):
            _judge(part, named)
    tallies = ((it.model, type_, tally) for it in owners.values() for type_, tally in it.counted())
    for model, type_, tally in sorted(tallies, key=lambda it: (it[0].name, it[1])):
        if tally.unread:
            yield Finding(
                fault="unreadable",
                type=type_,
                model=model.title,
                count=tally.unread,
                of=tally.of,
                positions=tally.unread_positions,
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
                why=said("it does not change the state"),
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


class _Owner:
    """A model that owns streams, and what was found in them, by type."""

    def __init__(self, models: ModelSet, model: AnyModel) -> None:
        reading = models.reading(model)
        self.model = model
        self.knows = reading.knows
        self.typed = reading.typed
        self.evolve = model.evolve
        self.tallies: dict[str, _Tally] = {}

    def tally(self, type_: str) -> _Tally:
        """Of a type; begun when it is asked for first."""
        found = self.tallies.get(type_)
        if found is None:
            found = self.tallies[type_] = _Tally(is_judged=self.knows(type_))
        return found

    def counted(self) -> list[tuple[str, _Tally]]:
        """The tallies of types that are judged."""
        return [(type_, it) for type_, it in self.tallies.items() if it.of]


def _judge(part: Part, named: Mapping[str, _Owner]) -> None:
    """Fold each stream of a part. A model owns one from the first event on that it knows, as
    `states.owners` says. Written out: it runs for every event of a log."""
    states: dict[str, Any] = {}
    for stream, event in part:
        owner, type_ = named[stream], event.type
        before = states.get(stream)
        if before is None:
            if not owner.knows(type_):
                continue  # of streams of others no state is kept: they may be very many
            before = states[stream] = owner.model.initial()
        try:
            known = owner.typed(event)
        except MissingUpcast as error:  # what comes after is judged without it
            _note_unread(owner.tally(type_), event.position, error)
            continue
        after = before if known is None else owner.evolve(before, known)
        if event.stream == stream:
            tally = owner.tallies.get(type_) or owner.tally(type_)
            if tally.is_judged:
                tally.of += 1
                if after is before or after == before:
                    _note_no_op(tally, event.position)
        states[stream] = after


def _note_no_op(tally: _Tally, position: int) -> None:
    tally.no_ops += 1
    tally.positions = _first(tally.positions, position)


def _note_unread(tally: _Tally, position: int, error: MissingUpcast) -> None:
    tally.of += 1
    tally.unread += 1
    tally.unread_positions = _first(tally.unread_positions, position)
    tally.why_unread = tally.why_unread or str(error)


def _first(positions: tuple[int, ...], position: int) -> tuple[int, ...]:
    """The first ten of these and one more."""
    if len(positions) == FIRST and position > positions[-1]:
        return positions
    return tuple(sorted((*positions, position))[:FIRST])


def _state_shaped(model: AnyModel, type_: str) -> str:
    """Why the name says no intent; empty when it does."""
    event = next((it for it in model.events if it.__name__ == type_), None)
    if event is None or not GENERIC.search(type_):
        return ""
    shared = set(event.__struct_fields__) & set(model.state.__struct_fields__)
    told = (
        said(", and it repeats the state's {shared}", shared=", ".join(sorted(shared)))
        if shared
        else ""
    )
    return said("its name says that something changed, but not why{told}", told=told)
