"""Read a topic of Kafka: what is published there, by us or by anybody, each partition in its order.

Partitions are assigned, never subscribed to: no consumer group is joined, nothing is committed, and
nothing of the topic changes. Only records of committed transactions are read.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from store.errors import Cancelled
from store.reading.format import Rejected
from store.remote.address import Address
from store.remote.errors import NotARemote, RemoteReplaced, Unreachable
from store.remote.interface import PAGE, Abilities, RemoteEvent
from store.remote.kafka.client import ASK_S, Connection, made
from store.remote.kafka.cursor import Cursor, cursor_from
from store.remote.kafka.incoming import Arrived, arrived
from store.remote.kafka.last_records import READING, last_of_each
from store.remote.kafka.leaders import from_leader
from store.remote.kafka.merge import Merge
from store.remote.kafka.topic import committed_ends, look_at
from store.words import said

SLICE_S: Final = 0.05  # between two looks at whether a question was interrupted
HOLD_S: Final = 1.0  # for a position that is missing, while nothing arrives
AT_ONCE: Final = 2_000  # records that are taken from the client together
END_MS: Final = 100  # in which a broker says that a partition has ended
COUNTED: Final = 2_000  # offsets that are read ahead to know how many events they are
LOOK_AGAIN_S: Final = 1.0  # between two looks at whether it is still the same topic
_GONE: Final = frozenset({KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE})


class KafkaReader:
    """store.remote.interface.RemoteReader of a topic."""

    abilities = Abilities(order="stream", has_wake_up=True, can_append=False)

    def __init__(self, address: Address) -> None:
        """Raises WrongAddress, Unreachable, Refused, NotARemote."""
        self.address = address
        self._connection = Connection(address)
        self._topic = look_at(self._connection)
        self._looked_s = time.monotonic()
        self._is_interrupted = threading.Event()
        settings = {"fetch.wait.max.ms": END_MS, **self._connection.settings, **READING}
        self._consumer: Consumer = made(Consumer, settings, address)
        self.removed: dict[int, tuple[int, int]] = {}  # by partition: the offset to read on at,
        # and the first one that is still there
        self._at: str | None = None  # the cursor that was given last
        self._offsets: dict[str, int] = {}  # to read on at, by partition
        self._merge = Merge((), Cursor(offsets={}))
        self._passed: list[Rejected] = []  # since the event that was given last
        self._paused: set[int] = set()
        self._ends: dict[int, int] = {}  # by partition, as of when it had ended
        self._committed: dict[int, int] = {}  # the same, as of when brokers were asked last
        self._arrived_s = 0.0
        self._go_to(None)

    def identity(self) -> str:
        return self._topic.identity

    def head(self) -> str | None:
        with self._connection.speaking():
            found = last_of_each(self._connection, self._topic, arrived)
        if not found:
            return None
        last = max(found, key=lambda it: it.position)
        offsets = {str(it.partition): it.offset + 1 for it in found}
        return Cursor(offsets=offsets, store=last.store, position=last.position).text

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        self._require_wanted()
        if after != self._at:
            self._go_to(after)
        found, has_looked = list[RemoteEvent](), False
        with self._connection.speaking():
            while len(found) < limit:
                is_settled = self._merge.is_settled
                has_waited = is_settled and time.monotonic() - self._arrived_s > HOLD_S
                it = self._merge.next(has_waited=has_waited and has_looked)
                if it is not None:
                    found += self._given(it)
                elif not has_looked and (has_waited or self._merge.has_ended):
                    self._forget_old_ends()
                    has_looked = True
                elif self._merge.has_ended or (found and is_settled):
                    break
                else:
                    self._take(SLICE_S)
        self._require_same()
        return found

    def distance(self, after: str | None) -> int | None:
        """Few are counted. Of many the offsets are, of which the ends of transactions take some."""
        self._require_wanted()
        if after != self._at:
            self._go_to(after)
        with self._connection.speaking():
            while len(self._merge.ended) < len(self._topic.partitions):
                left = sum(map(self._left_in, self._topic.partitions))
                if self._merge.is_settled and left > COUNTED:
                    return left
                self._take(SLICE_S)
        return self._merge.count

    def stream(self, name: str, *, after: int = 0) -> Iterator[RemoteEvent]:
        """A topic finds no stream: all of it is read."""
        reader = KafkaReader(self.address)
        try:
            cursor = None
            while page := reader.page(cursor):
                cursor = page[-1].cursor
                yield from (it for it in page if it.stream == name and it.version > after)
        finally:
            reader.close()

    def version(self, stream: str) -> int:
        return max((it.version for it in self.stream(stream)), default=0)

    def wait(self, timeout_s: float) -> bool:
        ends = time.monotonic() + timeout_s
        with self._connection.speaking():
            while self._merge.has_ended and (left_s := ends - time.monotonic()) > 0:
                self._take(min(left_s, SLICE_S))
        return not self._merge.has_ended

    def interrupt(self) -> None:
        self._is_interrupted.set()

    def close(self) -> None:
        self._consumer.close()

    def _given(self, it: Arrived) -> list[RemoteEvent]:
        """The event, with what could not be used before it; none of a record that cannot be."""
        self._offsets[str(it.partition)] = it.offset + 1
        if isinstance(it.record, Rejected):
            self._passed.append(it.record)
            return []
        self._at = self._merge.cursor(self._offsets).text
        event = RemoteEvent(
            stream=it.record.stream,
            version=it.version,
            cursor=self._at,
            place=it.record.origin.cursor or "",
            event=it.record.event,
            record=it.record,
            passed=tuple(self._passed),
        )
        self._passed.clear()
        return [event]

    def _take(self, timeout_s: float) -> None:
        """What arrives in time, and all that has come with it."""
        self._require_wanted()
        self._require_same()
        first = self._consumer.poll(timeout_s)
        if first is None:
            return
        for it in (first, *self._consumer.consume(AT_ONCE, 0)):
            error = it.error()
            if error is None:
                self._merge.take(arrived(it))
                self._arrived_s = time.monotonic()
            elif error.code() == KafkaError._PARTITION_EOF:
                self._end(it.partition() or 0, it.offset() or 0)
            elif error.code() in _GONE:  # removed, or cut off, while it was read
                self._go_to(self._at)
                return
            else:
                raise KafkaException(error)
        self._hold_back()

    def _end(self, partition: int, offset: int) -> None:
        """Told by the client, which may have waited long with it."""
        self._ends[partition] = offset
        if offset >= self._committed.get(partition, 0):
            self._merge.end(partition)

    def _forget_old_ends(self) -> None:
        """A partition that had ended when the client looked at it may have gone on since."""
        self._committed = committed_ends(self._connection, self._topic)
        for name, end in self._committed.items():
            if end > self._ends.get(name, 0):
                self._merge.ended.discard(name)

    def _hold_back(self) -> None:
        """A partition that is far ahead of another one waits for it."""
        full = set(self._merge.full())
        if full != self._paused:
            self._consumer.resume([self._slot(it) for it in self._paused - full])
            self._consumer.pause([self._slot(it) for it in full - self._paused])
            self._paused = full

    def _go_to(self, after: str | None) -> None:
        """Read on behind a cursor. Raises RemoteReplaced."""
        at = Cursor(offsets={}) if after is None else cursor_from(after)
        known = set(map(str, self._topic.partitions))
        if at is None or not at.offsets.keys() <= known:
            raise self._replaced(said("its cursor is not one of this topic"))
        with self._connection.speaking():
            self._consumer.list_topics(self._topic.name, ASK_S)  # so that it knows all partitions
            starts = [self._start_in(it, at.next_of(it)) for it in self._topic.partitions]
            self._consumer.assign(starts)
        self._at, self._offsets = after, dict(at.offsets)
        self._merge = Merge(self._topic.partitions, at)
        self._passed, self._paused = [], set()
        self._arrived_s = time.monotonic()

    def _start_in(self, partition: int, wanted: int | None) -> TopicPartition:
        """Where to begin: what Kafka has removed meanwhile is noted."""
        slot = self._slot(partition)
        first, end = from_leader(lambda: self._consumer.get_watermark_offsets(slot, ASK_S))
        if wanted is not None and wanted > end:
            reason = said(
                "partition {partition} ends at offset {end:,} and was read up to {wanted:,}: the "
                "topic was restored, or shortened",
                partition=partition,
                end=end,
                wanted=wanted,
            )
            raise self._replaced(reason)
        if first > (wanted or 0):
            self.removed[partition] = (wanted or 0, first)
        return TopicPartition(slot.topic, partition, max(first, wanted or 0))

    def _left_in(self, partition: int) -> int:
        _, end = self._consumer.get_watermark_offsets(self._slot(partition), ASK_S, cached=True)
        return max(0, end - self._offsets.get(str(partition), 0))

    def _slot(self, partition: int) -> TopicPartition:
        return TopicPartition(self._topic.name, partition)

    def _require_same(self) -> None:
        """Raises RemoteReplaced when another topic has the name by now. Partitions that were added
        are read as well."""
        if time.monotonic() - self._looked_s < LOOK_AGAIN_S:
            return
        found = look_at(self._connection)
        self._looked_s = time.monotonic()
        if found.identity != self._topic.identity:
            raise self._replaced(said("the topic was deleted and made again since it was read"))
        if found.partitions != self._topic.partitions:
            before, self._topic = self._topic, found
            try:
                self._go_to(self._at)
            except (NotARemote, Unreachable):  # nobody leads them yet: they are asked for again
                self._topic = before

    def _require_wanted(self) -> None:
        if self._is_interrupted.is_set():
            self._is_interrupted.clear()
            raise Cancelled

    def _replaced(self, reason: str) -> RemoteReplaced:
        return RemoteReplaced(reason, self.address.shown)
