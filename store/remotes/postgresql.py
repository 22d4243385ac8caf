"""PostgreSQL 13 or newer: an event store in a schema of its own, or that of another program."""

from typing import Any, Final

from store.remote.adapter_part import adapter_part
from store.remote.address import Address
from store.remote.interface import RemoteReader, RemoteStore
from store.remote.kind import RemoteKind

TITLE: Final = "PostgreSQL"
EXTRA: Final = "postgresql"


def _part(name: str) -> Any:
    """A module of the adapter. Raises EngineMissing."""
    return adapter_part(
        f"store.remote.postgresql.{name}", engine=TITLE, extra=EXTRA, packages=("psycopg",)
    )


def _open_reader(address: Address) -> RemoteReader:
    reader: RemoteReader = _part("opening").open_reader(address)
    return reader


def _open_store(address: Address) -> RemoteStore:
    store: RemoteStore = _part("opening").open_store(address)
    return store


def _create(address: Address) -> str:
    identity: str = _part("create").create(address)
    return identity


KIND: Final = RemoteKind(
    schemes=("postgresql", "postgres"),
    title=TITLE,
    extra=EXTRA,
    open_reader=_open_reader,
    open_store=_open_store,
    create=_create,
)
