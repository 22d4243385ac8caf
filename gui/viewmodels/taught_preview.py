"""The state of a real stream as what is taught gives it, before it is kept; on a reader thread."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gui.viewmodels.state_marks import ChangeMark, marks_of
from gui.words import counted, said
from gui.work.reads import Reads
from replay.states.diff import diff
from replay.taught.preview import preview
from replay.taught.steps import Types, WrongTeaching

NAMED: Final = 20  # types that are not taught
_PLACE: Final = re.compile(r", step (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream and where its events are."""

    name: str = ""
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A state behind some of the events, or what is wrong with the steps."""

    title: str = ""
    state: Any = None
    marks: list[ChangeMark] = field(default_factory=list)  # what the last event did
    last_type: str = ""
    problem: str = ""  # why there is no state from the last event on
    untaught: str = ""  # the types that are passed over, the first ones by name
    cut: str = ""  # that not all events were folded
    problems: Mapping[tuple[str, int], str] = field(default_factory=dict)


def ask_stream(reads: Reads, *, stream: str) -> Stream:
    """Where the events of a stream are."""
    return Stream(name=stream, positions=tuple(at for at, _, _ in reads.log.stream_moments(stream)))


def ask_preview(reads: Reads, *, category: str, types: Types, stream: Stream, at: int) -> Shown:
    """The state behind the first `at` events."""
    position = stream.positions[at - 1] if at else 0
    try:
        found = preview(reads.log, category, types, stream.name, position=position)
    except WrongTeaching as error:
        return Shown(problems=_placed(str(error), types))
    return Shown(
        title=f"{stream.name}  v{at}",
        state=found.state,
        marks=marks_of(tuple(diff(found.previous, found.state))) if not found.problem else [],
        last_type=found.last_type,
        problem=found.problem,
        untaught=_named(tuple(found.untaught)),
        cut=""
        if found.is_whole
        else said(
            "the state after the first {events}",
            events=counted("{count:,} event", "{count:,} events", found.events),
        ),
    )


def _named(types: Sequence[str]) -> str:
    names = list(types[:NAMED])
    if len(types) > NAMED:
        names.append(said("and {count:,} more", count=len(types) - NAMED))
    return ", ".join(names)


def _placed(sentence: str, types: Types) -> dict[tuple[str, int], str]:
    """The sentence at every step that it names; at the first one where it names none."""
    found: dict[tuple[str, int], str] = {}
    for name, steps in types.items():
        for it in re.finditer(re.escape(name) + _PLACE.pattern, sentence):
            if int(it[1]) <= len(steps):
                found[name, int(it[1]) - 1] = sentence
    return found or {(next(iter(types), ""), 0): sentence}
