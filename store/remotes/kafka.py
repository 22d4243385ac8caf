"""Apache Kafka: a topic, which is read as a store is and takes events from `publish` alone."""

from typing import Final

from store.remote.address import Address
from store.remote.errors import NotARemote
from store.remote.interface import RemoteReader, RemoteStore
from store.remote.kind import RemoteKind
from store.remote.topics import EXTRA, SCHEME, kafka_part, require_topic
from store.words import said


def _open_reader(address: Address) -> RemoteReader:
    reader: RemoteReader = kafka_part("reader").KafkaReader(address)
    return reader


def _open_store(address: Address) -> RemoteStore:
    """A topic knows no versions to expect, so nothing can be appended by one."""
    require_topic(address)
    refused = NotARemote(
        said("a topic holds no versions that an append could expect"), address.shown
    )
    refused.hint = said("Append to an event store, and publish that into the topic.")
    raise refused


def _create(address: Address) -> str:
    identity: str = kafka_part("topic").create(address)
    return identity


KIND: Final = RemoteKind(
    schemes=(SCHEME,),
    title=said("Kafka"),
    extra=EXTRA,
    open_reader=_open_reader,
    open_store=_open_store,
    create=_create,
)
