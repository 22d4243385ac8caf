"""The newest segment of each shard, as a writer knows it; a full one is closed and followed."""

from dataclasses import dataclass
from typing import Final

from store.remote.cassandra.asking import Asker
from store.remote.cassandra.schema import (
    NOTE_SEGMENT,
    OPEN_SEGMENT,
    SEGMENT_BYTES,
    SEGMENT_EVENTS,
)
from store.remote.cassandra.shard_tail import STATE

_NEWEST: Final = "SELECT segment FROM {}.segments WHERE shard = ? LIMIT 1"
_CLOSE: Final = (
    "UPDATE {}.log SET is_closed = true WHERE shard = ? AND segment = ? "
    "IF head = ? AND is_closed = false"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """The state of a segment. Whether it is still so, the transaction says that relies on it."""

    number: int
    head: int  # the place of its last event
    first: int  # the place before its first event
    at_us: int  # when its last event was recorded
    size: int  # bytes of payloads, about

    @property
    def is_full(self) -> bool:
        return self.head - self.first >= SEGMENT_EVENTS or self.size >= SEGMENT_BYTES


class Segments:
    """One thread, that of its asker."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._known = dict[int, Segment]()

    def newest(self, shard: int) -> Segment:
        """One that is open and not full, as it was when it was last seen."""
        found = self._known.get(shard)
        if found is None or found.is_full:
            found = self._read(shard)
        while found.is_full:
            self._asker.ask(_CLOSE, shard, found.number, found.head)
            found = self._read(shard)
        self._known[shard] = found
        return found

    def became(self, shard: int, segment: Segment) -> None:
        """After an append of this writer."""
        self._known[shard] = segment

    def forget(self, shard: int) -> None:
        """Somebody else appended, or the outcome is not known."""
        self._known.pop(shard, None)

    def _read(self, shard: int) -> Segment:
        """Opens the next one behind a closed one."""
        number = next((it[0] for it in self._asker.ask(_NEWEST, shard)), 0)
        opens_with: tuple[int, int] | None = None  # place and time, behind a closed segment
        while True:
            rows = self._asker.ask(STATE, shard, number)
            if rows and not rows[0][4]:
                head, first, at_us, size, _ = rows[0]
                return Segment(number, head, first, at_us, size)
            if rows:
                opens_with = (rows[0][0], rows[0][2])
                number += 1
            elif opens_with is None:
                number -= 1  # it was announced, and not opened
            else:
                place, at_us = opens_with
                self._asker.ask(NOTE_SEGMENT, shard, number)
                self._asker.ask(OPEN_SEGMENT, shard, number, place, place, at_us)
