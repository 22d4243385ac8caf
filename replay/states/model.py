"""A model gives the events of a stream their meaning: where it begins, and what an event does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, islice
from typing import Any, Generic, Protocol, TypeVar

from msgspec import UNSET

from replay.states.diff import Path
from store.stream_texts import StreamTexts

S = TypeVar("S")


class Readable(Protocol):
    """What a model reads of a recorded event: one, or a store.events.Payload."""

    @property
    def position(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def data_json(self) -> str: ...
    @property
    def metadata_json(self) -> str: ...
    @property
    def data(self) -> Any: ...
    @property
    def metadata(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs(Generic[S]):
    """How a model folds events that are read together. `read` gives what each of them says as the
    model reads it, UNSET for one that changes nothing; None where they have to be read one by one.
    `step` gives the state after what was read of one event, if that is not UNSET; from a state that
    `suits`."""

    read: Callable[[StreamTexts], Sequence[Any] | None]
    step: Callable[[S, Any], S]
    suits: Callable[[S], bool] = lambda _state: True

    def fold(self, state: S, said: Sequence[Any]) -> Iterator[S]:
        """The states after each of what was read of one stream, without those UNSET."""
        return islice(accumulate(said, self.step, initial=state), 1, None)

    def through(self, state: S, texts: StreamTexts) -> tuple[Sequence[int], Iterator[S]] | None:
        """For Model."""
        said = self.read(texts) if self.suits(state) else None
        if said is None:
            return None
        positions, is_said = texts.positions, [it is not UNSET for it in said]
        if not all(is_said):
            said, positions = list(compress(said, is_said)), list(compress(positions, is_said))
        return positions, self.fold(state, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Generic[S]):
    """`evolve` is pure and total: it returns the state after an event and changes nothing.

    `evolve_owned` gives the same state and may change the one it is handed, which the caller
    owns; folding a long stream uses it. `copy` makes a state that may be handed to it. `reverse`
    gives the state before an event from the one after it, or raises LookupError. `of_field` gives
    a model that folds one field at the top of the state alone, and reads only what names it; None
    where that cannot be told apart. `of_part` gives a model whose state is what stands at the
    beginning of a path, and the rest of the path. `through` gives the states after the events of a
    run that may change one, and their positions, for less than one by one; None where these events
    have to be read one by one. `runs` are the two halves of that, for events of many streams.
    `reads_types` tells whether it needs their types and metadata.
    """

    name: str
    version: int
    initial: Callable[[], S]
    evolve: Callable[[S, Readable], S]
    evolve_owned: Callable[[S, Readable], S]
    copy: Callable[[S], S]
    to_json: Callable[[S], Any]  # the state as a JSON value, for snapshots, trees and diffs
    from_json: Callable[[Any], S]
    reverse: Callable[[S, Readable], S] | None = None
    of_field: "Callable[[str], Model[S] | None]" = lambda _name: None
    of_part: "Callable[[Path], tuple[Model[Any], Path] | None]" = lambda _path: None
    through: "Callable[[S, StreamTexts], tuple[Sequence[int], Iterator[S]] | None] | None" = None
    runs: "Runs[S] | None" = None
    reads_types: bool = True
    has_json_states: bool = False  # of objects, lists, LongList and single values
    definition: str = ""  # a hash of its code: a snapshot by other code is not used
