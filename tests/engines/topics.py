"""Topics of a real broker, as tests make, fill and read them."""

from collections.abc import Sequence
from time import monotonic
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition

from resources.engines.kafka import KafkaServer
from store.remote.address import address_of
from store.remote.kafka.topic import create

PATIENCE_S = 120.0
SLICE_S = 0.5
END_MS = 20  # in which a broker says that a partition has ended


def new_topic(server: KafkaServer, *, partitions: int = 3) -> str:
    """The address of a new, empty topic."""
    url = f"{server.address}/t{uuid4().hex}?partitions={partitions}"
    create(address_of(url))
    return url


def client(server: KafkaServer, **settings: Any) -> dict[str, Any]:
    """Settings for a client that is silent while the broker is away."""
    return {"bootstrap.servers": f"127.0.0.1:{server.port}", "log_level": 0, **settings}


def name_of(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


def records(
    server: KafkaServer, url: str, *, partitions: int = 3, isolation: str = "read_committed"
) -> list[Message]:
    """Everything in a topic, partition by partition, in order."""
    its = {"group.id": "tests", "enable.partition.eof": True, "isolation.level": isolation}
    consumer = Consumer(client(server, **its, **{"fetch.wait.max.ms": END_MS}))
    try:
        consumer.assign([TopicPartition(name_of(url), it, 0) for it in range(partitions)])
        found = _to_the_ends(consumer, set(range(partitions)))
    finally:
        consumer.close()
    return sorted(found, key=lambda it: (it.partition() or 0, it.offset() or 0))


def _to_the_ends(consumer: Consumer, partitions: set[int]) -> list[Message]:
    found, ends = list[Message](), monotonic() + PATIENCE_S
    while partitions:
        it = consumer.poll(SLICE_S)
        if it is None:
            assert monotonic() < ends, "the topic was not read to its end"
        elif (error := it.error()) is None:
            found.append(it)
        elif error.name() == "_PARTITION_EOF":
            partitions.discard(it.partition() or 0)
        else:
            raise KafkaException(error)
    return found


def produce(server: KafkaServer, url: str, sent: Sequence[tuple[Any, Any]], **more: Any) -> None:
    """Keys and values, as any program would write them."""
    producer = Producer(client(server, **{"enable.idempotence": True}))
    for key, value in sent:
        producer.produce(name_of(url), value, key, **more)
    assert producer.flush(PATIENCE_S) == 0


def header(message: Message, name: str) -> str:
    given: Any = message.headers() or ()
    return bytes(dict(given)[name]).decode()
