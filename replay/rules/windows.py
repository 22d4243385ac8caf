"""Some states of a stream, one behind the other, as the rules about it look at them together."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, Protocol, overload

from replay.rules.columns import Column, Types
from replay.rules.rule_book import Ruled
from replay.rules.watching import SINGLE, Watching
from replay.states.generic_parts import PartsFold
from store.events import RecordedEvent, payload_of
from store.stream_texts import StreamTexts

STATES_AT_ONCE: Final = 256  # held together: a state may have very many entries of its own


class Window(Protocol):
    """States, each with the event that it is behind."""

    @property
    def events(self) -> Sequence[RecordedEvent]:
        """One for each state."""

    def columns(self, rule: Watching) -> tuple[Sequence[Column], Sequence[Types]]:
        """What stands where the rule looks, a column for each of its paths; and of what types."""

    @property
    def states(self) -> Sequence[Any]:
        """Of merged payloads with those parts alone that rules look at."""


class StatesWindow:
    """Of states as a model holds them."""

    def __init__(self, events: Sequence[RecordedEvent], states: Sequence[Any]) -> None:
        self.events, self.states = events, states
        self._types = set(map(type, states))

    def columns(self, rule: Watching) -> tuple[Sequence[Column], Sequence[Types]]:
        """By a reader for the type of the states, which mostly have one."""
        type_ = next(iter(self._types)) if len(self._types) == 1 else None
        columns = [list(map(it.of(type_), self.states)) for it in rule.readers]
        return columns, [set(map(type, it)) for it in columns]


class PartsWindow:
    """Of merged payloads, of which only the parts are folded that rules look at."""

    def __init__(
        self, events: Sequence[RecordedEvent], fold: PartsFold, columns: Sequence[Column]
    ) -> None:
        self.events = events
        self._fold, self._columns = fold, columns
        self.types = [set(map(type, it)) for it in columns]
        self._places = {path: at for at, path in enumerate(fold.paths)}

    def columns(self, rule: Watching) -> tuple[Sequence[Column], Sequence[Types]]:
        """A part each."""
        places = [self._places[path] for path in rule.paths]
        return [self._columns[it] for it in places], [self.types[it] for it in places]

    @property
    def states(self) -> Sequence[Any]:
        """They are made of the parts when they are asked for."""
        return _Made(self._fold, self._columns)


class _Made(Sequence[Any]):
    def __init__(self, fold: PartsFold, columns: Sequence[Column]) -> None:
        self._fold, self._columns = fold, columns

    def __len__(self) -> int:
        return len(self._columns[0])

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return [self[it] for it in range(*at.indices(len(self)))]
        return self._fold.state_of([it[at] for it in self._columns])


def windows(ruled: Ruled, state: Any, events: Sequence[RecordedEvent]) -> Iterator[Window] | None:
    """The states after the events of a run that may have changed one, together; None where they
    have to be folded one by one. Going on raises what the model raises. What stands in the columns
    of a PartsWindow are single values."""
    if ruled.parts is not None and (found := _parts(ruled.parts, state, events)) is not None:
        return iter([found])
    through = ruled.model.through
    known = None if through is None else through(state, _texts(events))
    if known is None:
        return None
    positions, states = known
    if len(positions) < len(events):
        meant = set(positions)
        events = [it for it in events if it.position in meant]
    return _together(events, states)


def _parts(fold: PartsFold, state: Any, events: Sequence[RecordedEvent]) -> PartsWindow | None:
    parts = fold.parts_of(state)
    columns = None if parts is None else fold.through(parts, [it.data_json for it in events])
    found = None if columns is None else PartsWindow(events, fold, columns)
    return found if found is not None and all(map(SINGLE.issuperset, found.types)) else None


def _together(events: Sequence[RecordedEvent], states: Iterator[Any]) -> Iterator[StatesWindow]:
    start = 0
    while found := list(islice(states, STATES_AT_ONCE)):
        yield StatesWindow(events[start : start + len(found)], found)
        start += len(found)


def _texts(events: Sequence[RecordedEvent]) -> StreamTexts:
    return StreamTexts(
        events=lambda: map(payload_of, events),
        data_json=f"[{','.join([it.data_json for it in events])}]",
        positions=[it.position for it in events],
        types=[it.type for it in events],
        metadata_json=f"[{','.join([it.metadata_json for it in events])}]",
    )
