"""How far a store is published to a topic: what its relay committed, or the topic's last records.

Whoever asks joins no group and writes nothing.
"""

from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition
from msgspec import Struct
from msgspec.json import decode

from store.remote.address import Address
from store.remote.kafka.client import ASK_S, CONNECT_S, Connection, made
from store.remote.kafka.last_records import last_published
from store.remote.kafka.topic import Topic, look_at


class Reached(Struct, frozen=True, kw_only=True):
    """How far a store is published."""

    cursor: str | None = None  # of the last event, in the store's own words; None: nothing yet
    events: int = 0  # published so far


class Kept(Struct, frozen=True, kw_only=True):
    """What is committed with the number of events."""

    cursor: str | None
    topic: str  # its identity
    owner: str  # the relay that committed it


def relay_name(store: str, topic: Topic) -> str:
    """Of the transactions of a store's relay to a topic, and of the group that keeps offsets."""
    return f"foldline-relay-{store}-{topic.name}"


class Offsets:
    """What is committed for one store and one topic. One thread."""

    def __init__(self, connection: Connection, topic: Topic, store: str) -> None:
        """`store`: its identity. Raises WrongAddress."""
        self._connection, self._topic, self._store = connection, topic, store
        its: dict[str, Any] = {
            "group.id": relay_name(store, topic),
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
        self.client: Consumer = made(Consumer, {**connection.settings, **its}, connection.address)

    @property
    def slot(self) -> int:
        """Of the topic's partitions, the one that the offset is kept under: the first."""
        return self._topic.partitions[0]

    def read(self) -> Reached:
        """As of the last committed transaction. What was committed for a topic of the same name
        that was deleted is gone with it. Raises what clients raise."""
        events, kept = self.read_kept()
        if kept is None:
            return self._last_in_topic()
        return Reached(cursor=kept.cursor, events=events)

    def read_kept(self) -> tuple[int, Kept | None]:
        """The events that are published, and what was committed with their number. Raises what
        clients raise."""
        asked = [TopicPartition(self._topic.name, self.slot)]
        found = self.client.committed(asked, CONNECT_S + ASK_S)[0]
        if found.error is not None:
            raise KafkaException(found.error)
        if found.offset < 0 or not found.metadata:
            return 0, None
        kept = decode(found.metadata, type=Kept)
        return (found.offset, kept) if kept.topic == self._topic.identity else (0, None)

    def close(self) -> None:
        """Free the client."""
        self.client.close()

    def _last_in_topic(self) -> Reached:
        last = last_published(self._connection, self._topic, store=self._store)
        if last is None:
            return Reached()
        return Reached(cursor=last.cursor, events=last.position)


class TopicLook:
    """Looks at how far a store is published, again and again. One thread."""

    def __init__(self, address: Address, store: str) -> None:
        """Raises WrongAddress, Unreachable, Refused, NotARemote."""
        self._connection = Connection(address)
        self._offsets = Offsets(self._connection, look_at(self._connection), store)

    def reached(self) -> int:
        """How many events of the store are published now. Raises Unreachable, Refused,
        NotARemote."""
        with self._connection.speaking():
            return self._offsets.read().events

    def close(self) -> None:
        """Free the connection."""
        self._offsets.close()
