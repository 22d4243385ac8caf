"""A model gives the events of a stream their meaning: where it begins, and what an event does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

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
class Model(Generic[S]):
    """`evolve` is pure and total: it returns the state after an event and changes nothing.

    `evolve_owned` gives the same state and may change the one it is handed, which the caller
    owns; folding a long stream uses it. `copy` makes a state that may be handed to it. `reverse`
    gives the state before an event from the one after it, or raises LookupError. `of_field` gives
    a model that folds one field at the top of the state alone, and reads only what names it; None
    where that cannot be told apart. `of_part` gives a model whose state is what stands at the
    beginning of a path, and the rest of the path. `through` gives the states after the events of a
    run that may change one, and their positions, for less than one by one; None where these events
    have to be read one by one. `reads_types` tells whether it needs their types and metadata.
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
    reads_types: bool = True
    has_json_states: bool = False  # of objects, lists, LongList and single values
    definition: str = ""  # a hash of its code: a snapshot by other code is not used
