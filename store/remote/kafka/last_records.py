"""The last records of a topic, from the ends of its partitions backwards."""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from store.remote.kafka.client import ASK_S, Connection, made
from store.remote.kafka.envelope import Published, headers_of, published
from store.remote.kafka.leaders import from_leader
from store.remote.kafka.topic import Topic

STEP: Final = 1_000  # offsets that are looked through at once
READ_S: Final = 0.1  # that a look waits for as many as it asked for
GROWTH: Final = 4  # of the step, from one look to the next
READING: Final[dict[str, Any]] = {
    "group.id": "foldline",  # never joined, and nothing is committed to it
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    "auto.offset.reset": "error",
    "isolation.level": "read_committed",
}


T = TypeVar("T")


def last_published(connection: Connection, topic: Topic, *, store: str) -> Published | None:
    """The event that lies furthest in the store; None when none is in the topic. A relay writes in
    the order of the store, so it is the last one of a partition. Raises what clients raise."""

    def of_store(it: Message) -> Published | None:
        found = published(it.key(), it.value(), headers_of(it))
        return found if found is not None and found.store == store else None

    found = last_of_each(connection, topic, of_store)
    return max(found, key=lambda it: it.position, default=None)


def last_of_each(
    connection: Connection, topic: Topic, wanted: Callable[[Message], T | None]
) -> list[T]:
    """Of each partition the last record that is wanted. Raises what clients raise."""
    consumer: Consumer = made(Consumer, {**connection.settings, **READING}, connection.address)
    try:
        found = [_last(consumer, topic.name, it, wanted) for it in topic.partitions]
    finally:
        consumer.close()
    return [it for it in found if it is not None]


def _last(
    consumer: Consumer, topic: str, partition: int, wanted: Callable[[Message], T | None]
) -> T | None:
    slot = TopicPartition(topic, partition)
    first, end = from_leader(lambda: consumer.get_watermark_offsets(slot, ASK_S))
    step = STEP
    while end > first:
        begin = max(first, end - step)
        found = None
        for it in _between(consumer, TopicPartition(topic, partition, begin), end):
            found = wanted(it) or found
        if found is not None:
            return found
        end, step = begin, step * GROWTH
    return None


def _between(consumer: Consumer, at: TopicPartition, end: int) -> Iterator[Message]:
    """The committed records from an offset to before another one."""
    consumer.assign([at])
    while True:
        for it in consumer.consume(STEP, READ_S):
            error = it.error()
            if error is not None and error.code() == KafkaError._PARTITION_EOF:
                return
            if error is not None:
                raise KafkaException(error)
            if (it.offset() or 0) >= end:
                return
            yield it
