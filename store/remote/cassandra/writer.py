"""Append to an event store in Cassandra: one lightweight transaction; an unknown outcome is
asked for."""

import random
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from store.errors import InvalidEvent, VersionConflict
from store.events import NewEvent
from store.remote.address import Address
from store.remote.cassandra.asking import Question
from store.remote.cassandra.claims import Claims
from store.remote.cassandra.reader import CassandraReader
from store.remote.cassandra.rows import KEPT, shard_of, size_of, values_of
from store.remote.cassandra.segments import Segment, Segments
from store.remote.errors import OutcomeUnknown, RemoteError, Unreachable
from store.remote.interface import RemoteAppended
from store.remote.sound import require_sound
from store.times import now_us
from store.words import said

_NOTE_STREAM: Final = "INSERT INTO {}.stream_segments (stream, segment) VALUES (?, ?)"
_HEAD: Final = (
    "UPDATE {}.log SET head = ?, at_us = ?, size = ? WHERE shard = ? AND segment = ? "
    "IF head = ? AND is_closed = false"
)
_VERSION: Final = (
    "UPDATE {}.log SET version = ? WHERE shard = ? AND segment = ? AND kind = 'stream' "
    "AND key = ? AND number = 0 IF version = ?"
)
_APPEND: Final = (
    "INSERT INTO {}.log (shard, segment, kind, key, number, many, place) "
    "VALUES (?, ?, 'append', ?, ?, ?, ?)"
)
ASKED_AGAIN_S: Final = 30.0  # how long an outcome is asked for
PAUSES_S: Final = (0.0, 0.1, 0.2, 0.5, 1.0)  # between the attempts; the last one repeats
RACE_S: Final = 0.002  # at most, before the next attempt after somebody else was first
LONGEST_RACE_S: Final = 0.25
KNOWN_STREAMS: Final = 10_000
LONGEST_NAME: Final = 60_000  # bytes of a key, of which Cassandra takes 65,535


class CassandraStore(CassandraReader):
    """store.remote.interface.RemoteStore."""

    def __init__(self, address: Address, *, patience_s: float = ASKED_AGAIN_S) -> None:
        """`patience_s`: how long an outcome is asked for after an answer was lost."""
        super().__init__(address)
        self._patience_s = patience_s
        self._segments = Segments(self._asker)
        self._claims = Claims(self._asker, self._streams)
        self._seen = OrderedDict[str, tuple[int, int]]()  # stream: segment, version in it

    def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> RemoteAppended:
        require_sound(stream, events)
        if len(stream.encode()) > LONGEST_NAME:
            raise InvalidEvent(said("the name of the stream is too long for Cassandra"))
        ends, tried, lost = time.monotonic() + self._patience_s, 0, 0
        while True:
            try:
                done = self._tried(stream, events, expected)
                if done is not None:
                    return done
                self._asker.rest(random.uniform(0, min(RACE_S * 2**lost, LONGEST_RACE_S)))
                lost += 1
            except Unreachable as error:
                self._forget(stream)
                if time.monotonic() > ends:
                    raise _unknown(stream, error) from error
                self._asker.rest(PAUSES_S[min(tried, len(PAUSES_S) - 1)])
                tried += 1

    def _tried(
        self, stream: str, events: Sequence[NewEvent], expected: int | None
    ) -> RemoteAppended | None:
        """None when somebody else appended to the shard meanwhile."""
        shard = shard_of(stream, self._shards)
        segment = self._segments.newest(shard)
        here, version = self._version(segment, stream)
        is_refused = expected is not None and expected != version
        found = self._recorded(stream, events, segment, here, None if is_refused else version)
        if found is not None:
            return RemoteAppended(version=found, cursor=None, was_there=True)
        if expected is not None and is_refused:
            if self._is_certain(shard, stream):
                raise VersionConflict(stream, expected=expected, actual=version)
            return None
        if not events:
            return RemoteAppended(version=version, cursor=None)
        return self._transacted(shard, segment, stream, events, here, version)

    def _recorded(
        self,
        stream: str,
        events: Sequence[NewEvent],
        segment: Segment,
        here: int | None,
        version: int | None,
    ) -> int | None:
        """Where they were recorded before. What has to be known before they are appended behind a
        version is noted meanwhile; None: they will not be."""
        if not events:
            return None
        if version is None:
            return self._claims.recorded(stream, events)
        more = [(_NOTE_STREAM, (stream, segment.number))] if here is None else []
        return self._claims.noted(stream, events, version, more=more)

    def _version(self, segment: Segment, stream: str) -> tuple[int | None, int]:
        """The stream's version within the segment (None: it has no event there), and at all."""
        seen = self._seen.get(stream)
        self._is_read_now = seen is None or seen[0] != segment.number
        if self._is_read_now:
            seen = self._streams.newest(stream)
        if seen is None:
            return None, 0
        return seen[1] if seen[0] == segment.number else None, seen[1]

    def _is_certain(self, shard: int, stream: str) -> bool:
        """False where the version was remembered: it is read before anybody is refused."""
        if self._is_read_now:
            return True
        self._seen.pop(stream, None)
        self._segments.forget(shard)
        return False

    def _transacted(
        self,
        shard: int,
        segment: Segment,
        stream: str,
        events: Sequence[NewEvent],
        here: int | None,
        version: int,
    ) -> RemoteAppended | None:
        after = Segment(
            segment.number,
            segment.head + len(events),
            segment.first,
            max(segment.at_us, now_us()),
            segment.size + sum(map(size_of, events)),
        )
        try:
            is_done = self._asker.transact(
                _changes(shard, segment, after, stream, events, here, version)
            )
        except RemoteError as error:
            if type(error) is RemoteError:
                raise InvalidEvent(
                    said("Cassandra takes no such event ({reason})", reason=error.reason)
                ) from None
            raise
        if not is_done:
            self._claims.refused(stream, events, version + 1)
            self._forget(stream)
            return None
        self._segments.became(shard, after)
        self._seen[stream] = (segment.number, version + len(events))
        self._seen.move_to_end(stream)
        if len(self._seen) > KNOWN_STREAMS:
            self._seen.popitem(last=False)
        return RemoteAppended(version=version + len(events), cursor=None)

    def _forget(self, stream: str) -> None:
        self._seen.pop(stream, None)
        self._segments.forget(shard_of(stream, self._shards))


def _changes(
    shard: int,
    before: Segment,
    after: Segment,
    stream: str,
    events: Sequence[NewEvent],
    here: int | None,
    version: int,
) -> list[Question]:
    """One conditional batch: all within one partition."""
    lies: tuple[Any, ...] = (shard, before.number)
    first, place = version + 1, before.head + 1
    changes: list[Question] = [
        (_HEAD, (after.head, after.at_us, after.size, *lies, before.head)),
        (_VERSION, (version + len(events), *lies, stream, here)),
        (_APPEND, (*lies, stream, first, len(events), place)),
    ]
    changes += [
        (KEPT, (*lies, place + at, stream, first + at, *values_of(it, after.at_us)))
        for at, it in enumerate(events)
    ]
    return changes


def _unknown(stream: str, error: Unreachable) -> OutcomeUnknown:
    reason = said(
        "it cannot be told whether the events for stream {stream!r} were recorded ({reason})",
        stream=stream,
        reason=error.reason,
    )
    return OutcomeUnknown(reason, error.shown)
