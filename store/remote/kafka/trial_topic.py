"""A topic that is made for a trial, filled, read as often as one likes, and removed.

Records lie in the partition they are sent to, in the order in which they are sent.
"""

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from msgspec import Struct

from store.events import RecordedEvent
from store.remote.address import Address
from store.remote.errors import RemoteError, RemoteExists, Unreachable
from store.remote.kafka.client import ASK_S, CONNECT_S, Connection, made
from store.remote.kafka.envelope import Envelope, Published, headers_of, published
from store.remote.kafka.last_records import READING
from store.remote.kafka.topic import create
from store.remote.published_log import remote_event
from store.words import said

SLICE_S: Final = 0.1  # that a look waits for records
AT_ONCE: Final = 1_000  # records that are taken from the client together
LEFT_S: Final = 60.0  # until everything that was sent is there


class Delivered(Struct, frozen=True, kw_only=True):
    """One record as it came from the broker."""

    partition: int
    offset: int
    event: RecordedEvent


class TrialTopic:
    """A context: the topic is there until the block ends. One thread."""

    def __init__(self, address: Address, *, partitions: int) -> None:
        """Raises WrongAddress, RemoteExists, Unreachable, Refused."""
        self._connection, self._partitions = Connection(address), range(partitions)
        try:
            create(address, partitions=partitions)
        except RemoteExists as error:
            error.hint = said("Name a topic that is not there: it is made and removed again.")
            raise
        settings = {**self._connection.settings, "enable.idempotence": True}
        self._producer: Producer = made(Producer, settings, address)
        self._envelope = Envelope("lab")
        self._failed: KafkaError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Remove the topic. Raises Unreachable, Refused, but for an error of the block."""
        self._producer.purge()
        name = self._connection.topic
        try:
            with self._connection.speaking():
                asked = self._connection.admin.delete_topics([name], operation_timeout=CONNECT_S)
                asked[name].result(CONNECT_S + ASK_S)
        except RemoteError:
            if error is None:
                raise

    def send(self, event: RecordedEvent, links: tuple[str, ...], *, partition: int) -> None:
        """Hand one over to be written. Raises what clients raise."""
        headers: Any = self._envelope.headers(remote_event(event, links))
        with self._connection.speaking():
            while True:
                try:
                    self._producer.produce(
                        self._connection.topic,
                        event.data_json.encode(),
                        event.stream.encode(),
                        partition=partition,
                        headers=headers,
                        on_delivery=self._told,
                    )
                    self._producer.poll(0)
                    return
                except BufferError:
                    self._producer.poll(SLICE_S)

    def finish(self) -> None:
        """Everything that was sent is there on return. Raises Unreachable, Refused, RemoteError."""
        with self._connection.speaking():
            left = self._producer.flush(LEFT_S)
            if self._failed is not None:
                raise KafkaException(self._failed)
        if left:
            reason = said("not everything that was sent is there")
            raise Unreachable(reason, self._connection.address.shown)

    def read(
        self, offsets: Mapping[int, int], ends: Mapping[int, int] | None = None
    ) -> Iterator[Delivered]:
        """From these offsets (those of partitions that are not named: 0) to the ends, as a
        consumer that begins there gets them. Raises Unreachable, Refused."""
        settings = {**self._connection.settings, **READING}
        consumer: Consumer = made(Consumer, settings, self._connection.address)
        try:
            with self._connection.speaking():
                yield from self._read(consumer, offsets, ends)
        finally:
            consumer.close()

    def _read(
        self, consumer: Consumer, offsets: Mapping[int, int], ends: Mapping[int, int] | None
    ) -> Iterator[Delivered]:
        name, left = self._connection.topic, set(self._partitions)
        if ends is not None:
            left = {it for it in left if offsets.get(it, 0) < ends.get(it, 0)}
        consumer.assign([TopicPartition(name, it, offsets.get(it, 0)) for it in left])
        while left:
            for it in consumer.consume(AT_ONCE, SLICE_S):
                error, partition, offset = it.error(), it.partition() or 0, it.offset() or 0
                if error is None:
                    if ends is None or offset < ends.get(partition, 0):
                        event = self._event_of(it)
                        yield Delivered(partition=partition, offset=offset, event=event)
                    if ends is not None and offset + 1 >= ends.get(partition, 0):
                        left.discard(partition)
                elif error.code() == KafkaError._PARTITION_EOF:
                    left.discard(partition)
                else:
                    raise KafkaException(error)

    def _event_of(self, it: Message) -> RecordedEvent:
        found = published(it.key(), it.value(), headers_of(it))
        if found is None:
            reason = said("another program writes into the topic")
            raise RemoteError(reason, self._connection.address.shown)
        return _recorded(found)

    def _told(self, error: KafkaError | None, _message: Message) -> None:
        self._failed = self._failed or error


def _recorded(it: Published) -> RecordedEvent:
    event = it.event
    recorded_us = event.recorded_at_us or 0
    return RecordedEvent(
        position=it.position,
        stream=it.stream,
        version=it.version,
        type=event.type,
        id=event.id,
        recorded_at_us=recorded_us,
        recorded_offset_min=event.recorded_offset_min,
        occurred_at_us=recorded_us if event.occurred_at_us is None else event.occurred_at_us,
        occurred_offset_min=event.occurred_offset_min,
        data_json=event.data_json,
        metadata_json=event.metadata_json,
        source_json=event.source_json,
    )
