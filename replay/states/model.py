"""A model gives the events of a stream their meaning: where it begins, and what an event does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from store.events import RecordedEvent

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Generic[S]):
    """`evolve` is pure and total: it returns the state after an event and changes nothing.

    `evolve_owned` gives the same state and may change the one it is handed, which the caller
    owns; folding a long stream uses it. `copy` makes a state that may be handed to it. `reverse`
    gives the state before an event from the one after it, or raises LookupError.
    """

    name: str
    version: int
    initial: Callable[[], S]
    evolve: Callable[[S, RecordedEvent], S]
    evolve_owned: Callable[[S, RecordedEvent], S]
    copy: Callable[[S], S]
    to_json: Callable[[S], Any]  # the state as a JSON value, for snapshots, trees and diffs
    from_json: Callable[[Any], S]
    reverse: Callable[[S, RecordedEvent], S] | None = None
    definition: str = ""  # a hash of its code: a snapshot by other code is not used
