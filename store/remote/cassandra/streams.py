"""Where the events of a stream lie: in the segments of its shard."""

from collections.abc import Iterator
from typing import Final

from store.remote.cassandra.asking import Asker, Row
from store.remote.cassandra.rows import COLUMNS, shard_of

_SEGMENTS: Final = "SELECT segment FROM {}.stream_segments WHERE stream = ?"
_WHERE: Final = "FROM {}.log WHERE shard = ? AND segment = ?"
_VERSION: Final = f"SELECT version {_WHERE} AND kind = 'stream' AND key = ? AND number = 0"
_BEFORE: Final = (
    f"SELECT number, many, place {_WHERE} AND kind = 'append' AND key = ? AND number <= ? "
    "ORDER BY kind DESC, key DESC, number DESC LIMIT 1"
)
_BEHIND: Final = (
    f"SELECT number, many, place {_WHERE} AND kind = 'append' AND key = ? AND number > ? LIMIT ?"
)
_EVENTS: Final = (
    f"SELECT {COLUMNS} {_WHERE} AND kind = 'event' AND key = '' "
    "AND number >= ? AND number < ? LIMIT ?"
)
APPENDS: Final = 200  # rows of appends that are read at once
EVENTS: Final = 500


class Streams:
    """Reads streams. One thread, that of its asker."""

    def __init__(self, asker: Asker, shards: int) -> None:
        self._asker, self._shards = asker, shards

    def version(self, stream: str) -> int:
        """The newest version; 0 without events."""
        found = self.newest(stream)
        return 0 if found is None else found[1]

    def newest(self, stream: str) -> tuple[int, int] | None:
        """The segment of the newest event, and its version; None without events."""
        shard = shard_of(stream, self._shards)
        for (segment,) in self._asker.ask(_SEGMENTS, stream):
            for (version,) in self._asker.ask(_VERSION, shard, segment, stream):
                return segment, version
        return None

    def at(self, stream: str, version: int) -> Row | None:
        """The event at a version, as a row of COLUMNS."""
        shard = shard_of(stream, self._shards)
        for (segment,) in self._asker.ask(_SEGMENTS, stream):
            for first, many, place in self._asker.ask(_BEFORE, shard, segment, stream, version):
                if version >= first + many:
                    return None
                at = place + version - first
                return next(iter(self._asker.ask(_EVENTS, shard, segment, at, at + 1, 1)), None)
        return None

    def behind(self, stream: str, after: int) -> Iterator[Row]:
        """The events behind a version, in order, as rows of COLUMNS."""
        shard = shard_of(stream, self._shards)
        for (segment,) in reversed(self._asker.ask(_SEGMENTS, stream)):
            for first, many, place in self._appends(shard, segment, stream, after):
                skipped = max(0, after + 1 - first)
                for row in self._events(shard, segment, place + skipped, place + many):
                    after = row[2]
                    yield row

    def _appends(self, shard: int, segment: int, stream: str, after: int) -> Iterator[Row]:
        """That which `after` lies in, and those behind it."""
        found = self._asker.ask(_BEFORE, shard, segment, stream, after)
        yield from (it for it in found if it[0] + it[1] - 1 > after)
        while rows := self._asker.ask(_BEHIND, shard, segment, stream, after, APPENDS):
            yield from rows
            after = rows[-1][0]

    def _events(self, shard: int, segment: int, first: int, end: int) -> Iterator[Row]:
        while first < end and (rows := self._page(shard, segment, first, end)):
            yield from rows
            first = rows[-1][0] + 1

    def _page(self, shard: int, segment: int, first: int, end: int) -> list[Row]:
        return self._asker.ask(_EVENTS, shard, segment, first, end, EVENTS)
