"""Every change of one field of a stream's state: since when it has which value, by which event.

One fold tells them all; what was told is extended by the events that came in since.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

from replay.states.diff import Path
from replay.states.model import Model, Readable
from replay.states.state_part import ABSENT, PLAIN, is_same, json_part, part_of, part_reader
from store.stream_texts import StreamTexts

S = TypeVar("S")

WHOLE_TEXT: Final = 200  # characters of a text that are kept for each change; of more, its start

_SMALL: Final = frozenset({int, bool, Decimal, type(None)})

Changes: TypeAlias = Iterable[tuple[int, int, Any]]  # place, position, value
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

    __slots__ = ("_model", "_part", "_path", "_state", "events", "value")

    def __init__(self, model: Model[S], path: Path) -> None:
        self._model, self._path = model, path
        self._state = model.initial()
        self._part = part_of(self._state, path)
        self.value = json_part(self._part)  # as JSON, as it is now; ABSENT where there is none
        self.events = 0  # folded

    def copy(self) -> "FieldFold[S]":
        """One that goes on from here, while this one stays."""
        other = FieldFold(self._model, self._path)
        other._state, other._part = self._state, self._part
        other.value, other.events = self.value, self.events
        return other

    def changes(self, events: Places) -> Iterator[tuple[int, int, Any]]:
        """Fold events, each with its place in the order, and give place, position and new value of
        those that change the field."""
        steps = ((place, it.position, it) for place, it in events)
        return self._changes(steps, self._model.evolve)

    def changes_together(self, runs: Iterable[StreamTexts]) -> Iterator[tuple[int, int, Any]]:
        """The same by position, of runs of events that are read at once where the model can."""
        read_many, apply = self._model.read_many, self._model.apply
        for run in runs:
            read = None if read_many is None else read_many(run)
            if read is None or apply is None:
                yield from self.changes((it.position, it) for it in run.events())
            else:
                places = run.positions
                yield from self._changes(zip(places, places, read, strict=True), apply)

    def _changes(
        self, steps: Iterable[tuple[int, int, Any]], go_on: Callable[[S, Any], S]
    ) -> Iterator[tuple[int, int, Any]]:
        path, state, part = self._path, self._state, self._part
        value, count = self.value, self.events
        kind_of_state, read = type(state), part_reader(type(state), path)
        try:
            for place, position, said in steps:
                count += 1
                if said is ABSENT:
                    continue
                after = go_on(state, said)
                if after is state:
                    continue
                state = after
                found = read(state) if type(state) is kind_of_state else part_of(state, path)
                if found is part:
                    continue
                part, kind = found, type(found)
                if kind in PLAIN and kind is type(value):
                    if found == value:
                        continue
                    value = found
                else:
                    now = json_part(found)
                    if is_same(value, now):
                        continue
                    value = now
                yield place, position, value
        finally:
            self._state, self._part = state, part
            self.value, self.events = value, count


def grown(history: FieldHistory, changes: Changes, *, until: int) -> FieldHistory:
    """The history with these changes, by events that come behind those that it has."""
    places, positions = array("q", history.places), array("q", history.positions)
    values = list(history.values)
    for place, position, value in changes:
        places.append(place)
        positions.append(position)
        values.append(value if type(value) in _SMALL else brief(value))
    return FieldHistory(
        path=history.path,
        first=history.first,
        places=places,
        positions=positions,
        values=values,
        until=until,
    )


def brief(value: Any) -> Any:
    """A value as it is kept for each change."""
    if isinstance(value, str):
        if len(value) <= WHOLE_TEXT:
            return value
        return Brief(kind="text", size=len(value), start=value[:WHOLE_TEXT])
    if isinstance(value, dict):
        return Brief(kind="object", size=len(value))
    return Brief(kind="array", size=len(value)) if isinstance(value, list) else value


def number(value: Any) -> float | None:
    """A value to be drawn; None where it is no number, or too great a one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
