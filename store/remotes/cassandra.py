"""Cassandra 4.0 or newer: an event store in a keyspace of its own."""

from typing import Any, Final

from store.remote.adapter_part import adapter_part
from store.remote.address import Address
from store.remote.interface import RemoteReader, RemoteStore
from store.remote.kind import RemoteKind

TITLE: Final = "Cassandra"
EXTRA: Final = "cassandra"


def _part(name: str) -> Any:
    """A module of the adapter. Raises EngineMissing."""
    return adapter_part(
        f"store.remote.cassandra.{name}", engine=TITLE, extra=EXTRA, packages=("cassandra",)
    )


def _open_reader(address: Address) -> RemoteReader:
    reader: RemoteReader = _part("reader").CassandraReader(address)
    return reader


def _open_store(address: Address) -> RemoteStore:
    store: RemoteStore = _part("writer").CassandraStore(address)
    return store


def _create(address: Address) -> str:
    identity: str = _part("create").create(address)
    return identity


KIND: Final = RemoteKind(
    schemes=("cassandra",),
    title=TITLE,
    extra=EXTRA,
    open_reader=_open_reader,
    open_store=_open_store,
    create=_create,
)
