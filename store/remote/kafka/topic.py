"""What a topic is: which one, its partitions, where they end; and how one is made."""

import time
from typing import Final

from confluent_kafka import (
    Consumer,
    IsolationLevel,
    KafkaError,
    KafkaException,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import NewTopic, OffsetSpec
from msgspec import Struct

from store.remote.address import Address
from store.remote.errors import NotARemote, RemoteExists, Unreachable
from store.remote.kafka.client import ASK_S, CONNECT_S, Connection, made
from store.remote.kafka.leaders import from_leader
from store.remote.kafka.settings import count_of
from store.words import said

LOOK_S: Final = 0.05  # between two looks at whether a new topic is known
KEPT_FOR_GOOD: Final = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}


class Topic(Struct, frozen=True, kw_only=True):
    """One topic, as of a look at it."""

    name: str
    identity: str  # of the cluster and of this very topic: one that is made anew has another
    partitions: tuple[int, ...]


def look_at(connection: Connection) -> Topic:
    """Raises Unreachable, Refused, NotARemote."""
    cluster, about = connection.topic_metadata()
    return Topic(
        name=connection.topic,
        identity=f"{cluster}/{_topic_id(connection)}",
        partitions=tuple(sorted(about.partitions)),
    )


def committed_ends(connection: Connection, topic: Topic) -> dict[int, int]:
    """By partition the offset behind which nothing is committed now. Raises what clients raise."""
    asked = {TopicPartition(topic.name, it): OffsetSpec.latest() for it in topic.partitions}
    level = IsolationLevel.READ_COMMITTED

    def ask() -> dict[int, int]:
        told = connection.admin.list_offsets(asked, isolation_level=level, request_timeout=ASK_S)
        return {it.partition: int(future.result(ASK_S).offset) for it, future in told.items()}

    return from_leader(ask)


def create(address: Address, *, partitions: int | None = None) -> str:
    """Make a topic that keeps its records for good; its identity. Without `partitions`: as many as
    the address says. Raises WrongAddress, RemoteExists, Unreachable, Refused."""
    connection = Connection(address)
    wanted = NewTopic(
        connection.topic,
        num_partitions=partitions or count_of(address, "partitions", usual=3),
        replication_factor=count_of(address, "replicas", usual=1),
        config=dict(KEPT_FOR_GOOD),
    )
    future = connection.admin.create_topics([wanted], operation_timeout=CONNECT_S)[wanted.topic]
    try:
        future.result(CONNECT_S + ASK_S)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            exists = RemoteExists(said("the topic is there already"), address.shown)
            exists.hint = said("Publish into it as it is, or name another topic.")
            raise exists from None
        connection.admin.poll(0)
        raise connection.raised(error) from None
    return _once_led(connection).identity


def _once_led(connection: Connection) -> Topic:
    """Brokers agree on who leads a new topic after they have said that it is made."""
    ends = time.monotonic() + CONNECT_S
    consumer: Consumer = made(
        Consumer, {**connection.settings, "group.id": "foldline"}, connection.address
    )
    try:
        while True:
            try:
                topic = look_at(connection)
                with connection.speaking():
                    for it in topic.partitions:
                        consumer.get_watermark_offsets(TopicPartition(topic.name, it), ASK_S)
                return topic
            except (NotARemote, Unreachable):
                if time.monotonic() > ends:
                    raise
                time.sleep(LOOK_S)
    finally:
        consumer.close()


def _topic_id(connection: Connection) -> str:
    """Brokers of before 2.8 know none: then a topic is told by its name alone."""
    asked = TopicCollection([connection.topic])
    future = connection.admin.describe_topics(asked, request_timeout=ASK_S)[connection.topic]
    with connection.speaking():
        found = future.result(ASK_S)
    identity = str(found.topic_id)
    return identity if identity.strip("A") and found.topic_id is not None else connection.topic
