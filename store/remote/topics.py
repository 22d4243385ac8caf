"""The door to topics of Kafka, whose client is an optional package."""

from collections.abc import Callable
from typing import Any, Final, Protocol

from store.remote.adapter_part import adapter_part
from store.remote.address import Address
from store.remote.distance import Distance
from store.remote.errors import WrongAddress
from store.remote.published_log import OpenSource
from store.words import said

SCHEME: Final = "kafka"
EXTRA: Final = "kafka"


def kafka_part(name: str) -> Any:
    """A module of the adapter. Raises EngineMissing."""
    return adapter_part(
        f"store.remote.kafka.{name}",
        engine=said("Kafka"),
        extra=EXTRA,
        packages=("confluent_kafka",),
    )


def require_topic(address: Address) -> None:
    """Raises WrongAddress unless an address is one of a topic. Nobody is asked."""
    if address.scheme != SCHEME:
        raise WrongAddress(said("a topic is named as kafka://HOST:PORT/TOPIC"))
    kafka_part("settings").topic_of(address)


class TopicLook(Protocol):
    """Looks at how far a store is published. One thread."""

    def reached(self) -> int:
        """How many events of the store are published now. Raises Unreachable, Refused,
        NotARemote."""

    def close(self) -> None:
        """Free the connection."""


def look_at_topic(address: Address, *, store: str) -> TopicLook:
    """`store` is its identity. No group is joined and nothing is written. Raises EngineMissing,
    WrongAddress, Unreachable, Refused, NotARemote."""
    look: TopicLook = kafka_part("reached").TopicLook(address, store)
    return look


def publish(
    open_source: Callable[[], OpenSource],
    address: Address,
    *,
    is_endless: bool,
    is_ended: Callable[[], bool] = lambda: False,
    on_published: Callable[[int], None] = lambda _events: None,
    on_distance: Callable[[Distance], None] = lambda _distance: None,
) -> int:
    """Write what a store holds into a topic and, where it is `is_endless`, what comes. How many
    events of it are there now.

    Goes on where the last relay ended. Raises EngineMissing, WrongAddress, NotARemote,
    RelayFenced (another relay took over), TooLarge, RemoteReplaced, and unless it follows
    Unreachable and Refused; what was told as published stays.
    """
    publishing = kafka_part("publishing").Publishing(
        open_source,
        address,
        is_endless=is_endless,
        is_ended=is_ended,
        on_published=on_published,
        tell=on_distance,
    )
    done: int = publishing.run()
    return done
