"""Publish the events of a store to a topic: one relay at a time, nothing lost, streams in order.

Some pages of events are one transaction of Kafka, and how far the store is published is committed
in it, as offsets of a group that nobody joins. So whatever is killed when, what is committed is
there once for whoever reads committed records. Offsets that Kafka has let expire are found again
from the last records of the topic.

The id of the transactions names store and topic: whoever begins later fences whoever began before,
which can write no more from then on. Who it was is committed with the offsets, so that a relay
which is fenced can tell a successor from a transaction of its own that took too long.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import uuid4

from confluent_kafka import (
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from msgspec.json import encode

from store.remote.address import Address
from store.remote.errors import NotARemote, RemoteError, Unreachable
from store.remote.interface import RemoteEvent
from store.remote.kafka.client import ASK_S, Connection, made
from store.remote.kafka.envelope import Envelope
from store.remote.kafka.reached import Kept, Offsets, Reached, relay_name
from store.remote.kafka.topic import look_at
from store.remote.published_log import Source
from store.words import said

PAGE: Final = 10_000  # events that are read at once
INIT_S: Final = 30.0  # a transaction that a killed relay left open is ended meanwhile
FULL_S: Final = 0.1  # between two tries while the queue of the client is full
_FENCED: Final = frozenset(
    {KafkaError._FENCED, KafkaError.PRODUCER_FENCED, KafkaError.INVALID_PRODUCER_EPOCH}
)
_TOO_LARGE: Final = frozenset({KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.RECORD_LIST_TOO_LARGE})


class RelayFenced(RemoteError):
    """Another relay of the same store and topic began later; this one wrote nothing more."""

    hint = said("One relay publishes a store to a topic. End one of the two.")


class TooLarge(RemoteError):
    """An event is larger than the topic allows."""

    hint = said("Raise max.message.bytes of the topic and give message.max.bytes with the address.")


class Relay:
    """Writes pages of a store into a topic. One thread; a failed one is closed and made anew."""

    def __init__(self, source: Source, address: Address, *, topic_identity: str = "") -> None:
        """Takes over from any relay of this store and topic. With `topic_identity` it has to be
        this very topic. Raises WrongAddress, Unreachable, Refused, NotARemote."""
        self._connection = Connection(address)
        self.topic = look_at(self._connection)
        if topic_identity not in ("", self.topic.identity):
            reason = said("the topic was deleted and made again meanwhile")
            raise NotARemote(reason, address.shown)
        store = source.identity()
        self._envelope = Envelope(store)
        name = relay_name(store, self.topic)
        self._producer: Producer = made(Producer, self._for_producer(name), address)
        self._offsets = Offsets(self._connection, self.topic, store)
        self._failed = ""  # the stream of an event that is too large
        self._begun = Reached()  # what is on its way
        self._owner = uuid4().hex
        with self._speaking():
            self._producer.init_transactions(INIT_S)
            self.reached = self._offsets.read()
            self._producer.begin_transaction()
            self._commit(self.reached)

    def publish(self, events: Sequence[RemoteEvent]) -> None:
        """Write them and how far that is, both or neither. Raises what `begin` and `end` raise."""
        self.begin(events)
        self.end()

    def begin(self, events: Sequence[RemoteEvent]) -> None:
        """Hand them over to be written. They are on their way while the next ones are read. Raises
        RelayFenced, TooLarge, Unreachable, Refused, RemoteError; then it is not known whether they
        are there: a new relay knows."""
        self._failed = ""
        self._begun = self.reached
        with self._speaking():
            self._producer.begin_transaction()
        self.add(events)

    def add(self, events: Sequence[RemoteEvent]) -> None:
        """The next ones, to be committed together with those. Raises the same."""
        count = self._begun.events + len(events)
        self._begun = Reached(cursor=events[-1].cursor, events=count)
        with self._speaking():
            for it in events:
                self._write(it)

    def end(self) -> None:
        """Commit what was begun, with how far it is. Raises the same."""
        with self._speaking():
            self._commit(self._begun)
        self.reached = self._begun

    def close(self) -> None:
        """What is not committed is dropped."""
        with suppress(KafkaException):
            self._producer.purge()
            self._producer.abort_transaction(FULL_S)
        with suppress(KafkaException):
            self._producer.flush(FULL_S)
        self._offsets.close()

    def _commit(self, reached: Reached) -> None:
        """End the transaction, with how far it came."""
        kept = Kept(cursor=reached.cursor, topic=self.topic.identity, owner=self._owner)
        at = TopicPartition(
            self.topic.name, self._offsets.slot, reached.events, encode(kept).decode()
        )
        group = self._offsets.client.consumer_group_metadata()
        self._producer.send_offsets_to_transaction([at], group, ASK_S)
        self._producer.commit_transaction(ASK_S)

    def _write(self, it: RemoteEvent) -> None:
        headers: Any = self._envelope.headers(it)
        while True:
            try:
                self._producer.produce(
                    self.topic.name, it.event.data_json, it.stream, headers=headers
                )
                return
            except BufferError:
                self._producer.poll(FULL_S)
            except KafkaException as error:
                if error.args[0].code() in _TOO_LARGE:
                    raise self._too_large(said("position {place}", place=it.place)) from None
                raise

    def _for_producer(self, name: str) -> dict[str, Any]:
        return {
            "linger.ms": 5,
            "queue.buffering.max.messages": 4 * PAGE,
            **self._connection.settings,
            "transactional.id": name,
            "partitioner": "murmur2_random",  # as the clients in Java choose
            "delivery.report.only.error": True,
            "on_delivery": self._noted,
        }

    def _noted(self, error: KafkaError | None, message: Message) -> None:
        if error is not None and error.code() in _TOO_LARGE:
            self._failed = (message.key() or b"").decode()

    def _speaking(self) -> "_Speaking":
        return _Speaking(self)

    def raised(self, error: KafkaException) -> RemoteError:
        """What a client raised, in our words."""
        found: KafkaError = error.args[0]
        shown = self._connection.address.shown
        if found.code() in _FENCED and self._has_successor():
            return RelayFenced(said("another relay publishes this store there now"), shown)
        if self._failed:
            return self._too_large(said("in stream {stream}", stream=self._failed))
        if found.code() in _FENCED or found.txn_requires_abort() or found.fatal():
            why = self._connection.address.scrubbed(found.str())
            return Unreachable(said("the transaction was ended ({reason})", reason=why), shown)
        self._producer.poll(0)  # hands over what it said
        return self._connection.raised(error)

    def _has_successor(self) -> bool:
        """Whether somebody else has committed since, as far as can be told now."""
        try:
            _, kept = self._offsets.read_kept()
        except KafkaException:
            return False
        return kept is not None and kept.owner != self._owner

    def _too_large(self, which: str) -> TooLarge:
        reason = said("an event is larger than the topic allows ({which})", which=which)
        return TooLarge(reason, self._connection.address.shown)


class _Speaking:
    """What the clients of a relay raise in this block is raised in our words."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def __enter__(self) -> None:
        """Nothing is held."""

    def __exit__(self, kind: object, error: BaseException | None, at: object) -> None:
        if isinstance(error, KafkaException):
            raise self._relay.raised(error) from None
