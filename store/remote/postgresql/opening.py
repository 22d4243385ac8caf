"""Open what lies at an address: an event store of ours, or that of another program."""

from store.remote.address import Address
from store.remote.errors import NotARemote, OnlyRead
from store.remote.interface import RemoteReader
from store.remote.postgresql.connection import connected
from store.remote.postgresql.foreign_reader import ForeignReader
from store.remote.postgresql.foreign_tables import foreign_tables, wants_foreign
from store.remote.postgresql.reader import PostgresReader
from store.remote.postgresql.writer import PostgresStore
from store.words import said


def open_reader(address: Address) -> RemoteReader:
    """Of ours where the schema has one and no preset is named; else by the tables that are there.
    Raises NotARemote."""
    if wants_foreign(address):
        return _foreign(address)
    try:
        return PostgresReader(address)
    except NotARemote:
        found = _foreign_or_none(address)
        if found is None:
            raise
        return found


def open_store(address: Address) -> PostgresStore:
    """Raises NotARemote, and OnlyRead for another program's store."""
    if not wants_foreign(address):
        try:
            return PostgresStore(address)
        except NotARemote:
            pass
    reader = open_reader(address)
    reader.close()
    title = reader.abilities.program
    raise OnlyRead(
        said("the store belongs to {title} and is only read", title=title), address.shown
    )


def _foreign(address: Address) -> RemoteReader:
    found = _foreign_or_none(address)
    if found is None:
        name = address.options.get("preset", "")
        reason = said("no tables of the preset {name} are there", name=name)
        raise NotARemote(reason, address.shown)
    return found


def _foreign_or_none(address: Address) -> RemoteReader | None:
    db = connected(address, is_read_only=True)
    try:
        tables = foreign_tables(db, address)
        if tables is not None:
            return ForeignReader(address, db, tables)
    except BaseException:
        db.close()
        raise
    db.close()
    return None
