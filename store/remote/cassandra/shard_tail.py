"""The events of one shard behind a place, a chunk at a time, from segment to segment."""

from collections import deque
from typing import Final

from store.remote.cassandra.asking import Question, Row
from store.remote.cassandra.rows import COLUMNS

_EVENTS: Final = (
    f"SELECT {COLUMNS} FROM {{}}.log WHERE shard = ? AND segment = ? "
    "AND kind = 'event' AND key = '' AND number > ? LIMIT ?"
)
STATE: Final = (
    "SELECT head, first, at_us, size, is_closed FROM {}.log WHERE shard = ? AND segment = ? LIMIT 1"
)


class ShardTail:
    """What was read and not yet handed on. It asks nothing itself."""

    def __init__(self, shard: int, segment: int, place: int) -> None:
        self.shard = shard
        self._segment, self._read = segment, place
        self._rows = deque[tuple[int, Row]]()  # with their segments
        self.taken = (segment, place)
        self.is_at_end = False  # nothing more was there when it was looked for

    @property
    def first(self) -> Row | None:
        """The next event, as a row of COLUMNS; None when it must be asked for, or at the end."""
        return self._rows[0][1] if self._rows else None

    def take(self) -> Row:
        """Hand on the first event."""
        segment, row = self._rows.popleft()
        self.taken = (segment, row[0])
        return row

    def question(self, many: int) -> Question:
        """For the next events."""
        return _EVENTS, (self.shard, self._segment, self._read, many)

    def state_question(self) -> Question:
        """Whether the segment is at its end."""
        return STATE, (self.shard, self._segment)

    def arrived(self, rows: list[Row]) -> None:
        """The answer to `question`. A place that is missing ends what can be handed on."""
        for it in rows:
            if it[0] != self._read + 1:
                break
            self._rows.append((self._segment, it))
            self._read += 1

    def stated(self, rows: list[Row]) -> None:
        """The answer to `state_question`: goes on with the next segment, or is at the end."""
        is_through = bool(rows) and bool(rows[0][4]) and rows[0][0] == self._read
        if is_through:
            self._segment += 1
        self.is_at_end = not is_through
