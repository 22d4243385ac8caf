"""PostgreSQL 13 or newer as a query store, in a schema of its own."""

from typing import Final

from replay.query_store.interface import QueryStore
from replay.query_store.kind import QueryKind
from store.remote.adapter_part import adapter_part
from store.remote.address import Address

TITLE: Final = "PostgreSQL"
EXTRA: Final = "postgresql"


def _open(address: Address) -> QueryStore:
    """Raises EngineMissing."""
    module = "replay.query_store.postgresql.store"
    adapter = adapter_part(module, engine=TITLE, extra=EXTRA, packages=("psycopg",))
    opened: QueryStore = adapter.PostgresQueryStore(address)
    return opened


KIND: Final = QueryKind(schemes=("postgresql", "postgres"), title=TITLE, extra=EXTRA, open=_open)
