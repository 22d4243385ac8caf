"""Some states of a stream, one behind the other, as the rules about it look at them together."""

from collections.abc import Iterator, Sequence
from itertools import compress, islice
from typing import Any, Final, Protocol, overload

from msgspec import UNSET

from replay.rules.columns import Column, Types
from replay.rules.rule_book import Ruled
from replay.rules.stream_run import StreamRun
from replay.rules.watching import SINGLE, Watching
from replay.states.generic_parts import PartsFold

STATES_AT_ONCE: Final = 256  # held together: a state may have very many entries of its own


class Columned(Protocol):
    """What can be asked of columns."""

    def columns(self, rule: Watching) -> tuple[Sequence[Column], Sequence[Types]]:
        """What stands where the rule looks, a column for each of its paths; and of what types."""


class Window(Columned, Protocol):
    """States, each with the place of the event in a run that it is behind."""

    @property
    def run(self) -> StreamRun: ...
    @property
    def places(self) -> Sequence[int]:
        """One for each state, in their order."""

    @property
    def states(self) -> Sequence[Any]:
        """Of merged payloads with those parts alone that rules look at."""


class States:
    """As a model holds them."""

    def __init__(self, states: Sequence[Any]) -> None:
        self.states = states
        self._types = set(map(type, states))

    def columns(self, rule: Watching) -> tuple[Sequence[Column], Sequence[Types]]:
        """By a reader for the type of the states, which mostly have one."""
        type_ = next(iter(self._types)) if len(self._types) == 1 else None
        columns = [list(map(it.of(type_), self.states)) for it in rule.readers]
        return columns, [set(map(type, it)) for it in columns]


class StatesWindow(States):
    """Of one stream."""

    def __init__(self, run: StreamRun, places: Sequence[int], states: Sequence[Any]) -> None:
        super().__init__(states)
        self.run, self.places = run, places


class PartsWindow:
    """Of merged payloads, of which only the parts are folded that rules look at."""

    def __init__(self, run: StreamRun, fold: PartsFold, columns: Sequence[Column]) -> None:
        self.run, self.places = run, range(len(run))
        self._fold, self._columns = fold, columns
        self.types = [set(map(type, it)) for it in columns]
        self._at = {path: at for at, path in enumerate(fold.paths)}

    def columns(self, rule: Watching) -> tuple[Sequence[Column], Sequence[Types]]:
        """A part each."""
        found = [self._at[path] for path in rule.paths]
        return [self._columns[it] for it in found], [self.types[it] for it in found]

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


def windows(ruled: Ruled, state: Any, run: StreamRun) -> Iterator[Window] | None:
    """The states after the events of a run that may have changed one, together; None where they
    have to be folded one by one. Going on raises what the model raises. What stands in the columns
    of a PartsWindow are single values."""
    if ruled.parts is not None and (found := _parts(ruled.parts, state, run)) is not None:
        return iter([found])
    runs = ruled.model.runs
    said = None if runs is None or not runs.suits(state) else run.said(runs.read)
    if runs is None or said is None:
        return None
    places: Sequence[int] = range(len(run))
    is_said = [it is not UNSET for it in said]
    if not all(is_said):
        said, places = list(compress(said, is_said)), list(compress(places, is_said))
    return _together(run, places, runs.fold(state, said))


def _parts(fold: PartsFold, state: Any, run: StreamRun) -> PartsWindow | None:
    parts = fold.parts_of(state)
    said = None if parts is None else run.said(fold.read)
    columns = None if parts is None or said is None else fold.through(parts, said)
    found = None if columns is None else PartsWindow(run, fold, columns)
    return found if found is not None and all(map(SINGLE.issuperset, found.types)) else None


def _together(
    run: StreamRun, places: Sequence[int], states: Iterator[Any]
) -> Iterator[StatesWindow]:
    start = 0
    while found := list(islice(states, STATES_AT_ONCE)):
        yield StatesWindow(run, places[start : start + len(found)], found)
        start += len(found)
