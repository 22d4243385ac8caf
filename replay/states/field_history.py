"""Every change of one field of a stream's state: since when it has which value, by which event.

One fold tells them all; what was told is extended by the events that came in since.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, compress, islice
from operator import ne
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

from replay.states.diff import Path
from replay.states.long_list import LongList
from replay.states.model import Model, Readable
from replay.states.state_part import PLAIN, is_same, json_part, part_of, part_reader
from store.stream_texts import StreamTexts

S = TypeVar("S")

WHOLE_TEXT: Final = 200  # characters of a text that are kept for each change; of more, its start

LOOKED_AT_FIRST: Final = 16  # states of which the parts are held at once
LOOKED_AT: Final = 4_096  # the same where they are small; and changes of a run

_SMALL: Final = frozenset({int, bool, Decimal, type(None)})

Change: TypeAlias = tuple[int, int, Any]  # place, position, value
Changes: TypeAlias = Iterator[tuple[Sequence[int], Sequence[int], Sequence[Any]]]  # in runs
Places: TypeAlias = Iterable[tuple[int, Readable]]


class Brief(Struct, frozen=True, kw_only=True):
    """What is kept of a value that is too large to be kept for every event."""

    kind: Literal["object", "array", "text"]
    size: int  # fields, items, characters
    start: str = ""  # of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHistory:
    """The changes of a field, in the order of an axis. Unchanging; any thread.

    `places` is what that order goes by, and grows; `values` are JSON values, Brief, or ABSENT.
    """

    path: Path
    first: Any  # the value before any event
    places: Sequence[int] = ()
    positions: Sequence[int] = ()
    values: Sequence[Any] = ()
    until: int = 0  # the position up to which the log was read

    def at(self, place: int) -> int:
        """The index of the change that made the field what it is at a place; -1 for none."""
        return bisect_right(self.places, place) - 1

    def before(self, index: int) -> Any:
        """What the field was before a change."""
        return self.values[index - 1] if index > 0 else self.first


class FieldFold(Generic[S]):
    """Folds events and notices when one field changes."""

    __slots__ = ("_as_json", "_model", "_part", "_path", "_state", "events", "value")

    def __init__(self, model: Model[S], path: Path) -> None:
        self._model, self._path = model, path
        self._state = model.initial()
        self._part = part_of(self._state, path)
        self._as_json = _as_is if model.has_json_states else json_part
        self.value = self._as_json(self._part)  # as JSON, as it is now; ABSENT where there is none
        self.events = 0  # folded

    def copy(self) -> "FieldFold[S]":
        """One that goes on from here, while this one stays."""
        other = FieldFold(self._model, self._path)
        other._state, other._part = self._state, self._part
        other.value, other.events = self.value, self.events
        return other

    def changes(self, events: Places) -> Iterator[Change]:
        """Fold events, each with its place in the order, and give place, position and new value of
        those that change the field."""
        go_on, path = self._model.evolve, self._path
        kind_of_state, read = type(self._state), part_reader(type(self._state), path)
        for place, event in events:
            self.events += 1
            state = go_on(self._state, event)
            if state is self._state:
                continue
            self._state = state
            found = read(state) if type(state) is kind_of_state else part_of(state, path)
            if self._is_new(found):
                yield place, event.position, self.value

    def changes_together(self, runs: Iterable[StreamTexts]) -> Changes:
        """The same by position, of runs of events that are read at once where the model can."""
        for run in runs:
            through = self._model.through
            found = None if through is None else through(self._state, run)
            if found is None:
                yield from together(self.changes((it.position, it) for it in run.events()))
            else:
                self.events += len(run.positions)
                yield from self._among(*found)

    def _among(self, positions: Sequence[int], states: Iterator[S]) -> Changes:
        """Of states one after another, each at its position. Few parts are held at once until
        they are known to be small."""
        start, size = 0, LOOKED_AT_FIRST
        while parts := self._parts_of(islice(states, size)):
            is_new, values = self._noticed(parts)
            changed = list(compress(positions[start : start + len(parts)], is_new))
            yield changed, changed, values
            start += len(parts)
            size = min(4 * size, LOOKED_AT) if type(parts[-1]) in PLAIN else LOOKED_AT_FIRST

    def _parts_of(self, states: Iterator[S]) -> list[Any]:
        path, state = self._path, self._state
        if not path:  # the state is the part
            whole: list[Any] = list(states)
            self._state = whole[-1] if whole else state
            return whole
        parts: list[Any] = []
        kind_of_state, read, add = type(state), part_reader(type(state), path), parts.append
        for state in states:
            add(read(state) if type(state) is kind_of_state else part_of(state, path))
        self._state = state
        return parts

    def _noticed(self, parts: Sequence[Any]) -> tuple[Sequence[bool], Sequence[Any]]:
        """Whether each of the parts is another value than the one before; and those values."""
        kind = type(parts[0])
        if kind in PLAIN and type(self.value) is kind and not set(map(type, parts)) - {kind}:
            is_new = list(map(ne, parts, chain([self.value], parts)))
            self._part = self.value = parts[-1]
            return is_new, list(compress(parts, is_new))
        is_new, values = [], []
        for found in parts:
            is_new.append(self._is_new(found))
            if is_new[-1]:
                values.append(self.value)
        return is_new, values

    def _is_new(self, found: Any) -> bool:
        """Whether the part is another value than it was, which is kept then."""
        if found is self._part:
            return False
        self._part, kind = found, type(found)
        now = found if kind in PLAIN else self._as_json(found)
        is_known = (
            found == self.value
            if kind in PLAIN and kind is type(self.value)
            else is_same(self.value, now)
        )
        if not is_known:
            self.value = now
        return not is_known


def together(changes: Iterable[Change]) -> Changes:
    """Changes as runs of them."""
    waiting = iter(changes)
    while found := list(islice(waiting, LOOKED_AT)):
        yield [it[0] for it in found], [it[1] for it in found], [it[2] for it in found]


def grown(history: FieldHistory, changes: Changes, *, until: int) -> FieldHistory:
    """The history with these changes, by events that come behind those that it has."""
    places, positions = array("q", history.places), array("q", history.positions)
    values = list(history.values)
    for more_places, more_positions, more_values in changes:
        places.extend(more := array("q", more_places))
        positions.extend(more if more_positions is more_places else array("q", more_positions))
        is_small = not set(map(type, more_values)) - _SMALL
        values.extend(more_values if is_small else map(brief, more_values))
    return FieldHistory(
        path=history.path,
        first=history.first,
        places=places,
        positions=positions,
        values=values,
        until=until,
    )


def _as_is(value: Any) -> Any:
    return value


def brief(value: Any) -> Any:
    """A value as it is kept for each change."""
    if isinstance(value, str):
        if len(value) <= WHOLE_TEXT:
            return value
        return Brief(kind="text", size=len(value), start=value[:WHOLE_TEXT])
    if isinstance(value, dict):
        return Brief(kind="object", size=len(value))
    if isinstance(value, list | LongList):
        return Brief(kind="array", size=len(value))
    return value


def number(value: Any) -> float | None:
    """A value to be drawn; None where it is no number, or too great a one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
