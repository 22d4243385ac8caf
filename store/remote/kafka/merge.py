"""Partitions of a topic put into one order, as far as they allow it.

Each partition keeps its own order. What one relay published states its positions, and these are
dense: so the next position is given as soon as it is there, and a later one only when it is known
that the next does not come, since every partition has something later or has ended.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

from store.remote.kafka.cursor import Cursor
from store.remote.kafka.incoming import Arrived

AHEAD: Final = 10_000  # records of one partition that are kept while another has none


class Merge:
    """What has arrived and was not given yet. One thread."""

    def __init__(self, partitions: Iterable[int], at: Cursor) -> None:
        self.waiting: dict[int, deque[Arrived]] = {it: deque() for it in partitions}
        self.ended: set[int] = set()  # partitions of which everything has arrived
        self._store, self._position = at.store, at.position

    def take(self, it: Arrived) -> None:
        """One that arrived."""
        self.waiting[it.partition].append(it)
        self.ended.discard(it.partition)

    def end(self, partition: int) -> None:
        """Of a partition nothing more is there now."""
        self.ended.add(partition)

    @property
    def is_settled(self) -> bool:
        """Whether of each partition something is here, or nothing more is there."""
        return all(it or name in self.ended for name, it in self.waiting.items())

    @property
    def has_ended(self) -> bool:
        """Whether everything that is there was given."""
        return len(self.ended) == len(self.waiting) and not any(self.waiting.values())

    @property
    def count(self) -> int:
        """How many records are here."""
        return sum(map(len, self.waiting.values()))

    def full(self) -> list[int]:
        """Partitions of which enough is here."""
        return [name for name, it in self.waiting.items() if len(it) >= AHEAD]

    def next(self, *, has_waited: bool) -> Arrived | None:
        """The next in order; None while it may still come. `has_waited`: long enough for a
        position that is missing."""
        heads = [it[0] for it in self.waiting.values() if it]
        if not heads:
            return None
        found = min(heads, key=self._order)
        is_next = not self._is_dense(found) or found.position <= self._position + 1
        is_sure = len(heads) == len(self.waiting) or (has_waited and self.is_settled)
        if not (is_next or is_sure):
            return None
        self.waiting[found.partition].popleft()
        if found.position:
            self._store, self._position = found.store, found.position
        return found

    def cursor(self, offsets: dict[str, int]) -> Cursor:
        """Behind the one that was given last."""
        return Cursor(offsets=dict(offsets), store=self._store, position=self._position)

    def _is_dense(self, it: Arrived) -> bool:
        """Whether its position says what comes before it: not where another store begins."""
        return bool(it.position) and self._store in ("", it.store)

    def _order(self, it: Arrived) -> int:
        return it.position if self._is_dense(it) else 0
