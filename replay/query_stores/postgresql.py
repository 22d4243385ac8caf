"""PostgreSQL 13 or newer as a query store, in a schema of its own."""

import importlib
from typing import Final

from replay.query_store.interface import QueryStore
from replay.query_store.kind import QueryKind
from store.remote.address import Address
from store.remote.errors import EngineMissing

TITLE: Final = "PostgreSQL"
EXTRA: Final = "postgresql"


def _open(address: Address) -> QueryStore:
    """The adapter is looked for when it is wanted. Raises EngineMissing."""
    try:
        adapter = importlib.import_module("replay.query_store.postgresql.store")
    except ImportError as error:
        if (error.name or "psycopg").partition(".")[0] != "psycopg":
            raise
        raise EngineMissing(engine=TITLE, extra=EXTRA) from error
    opened: QueryStore = adapter.PostgresQueryStore(address)
    return opened


KIND: Final = QueryKind(schemes=("postgresql", "postgres"), title=TITLE, extra=EXTRA, open=_open)
