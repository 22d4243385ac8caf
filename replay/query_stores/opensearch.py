"""OpenSearch 2.19 and 3, and Elasticsearch 9, by one REST adapter."""

import importlib
from typing import Final

from replay.query_store.interface import QueryStore
from replay.query_store.kind import QueryKind
from store.remote.address import Address
from store.remote.errors import EngineMissing

TITLE: Final = "OpenSearch"
EXTRA: Final = "opensearch"


def _open(address: Address) -> QueryStore:
    """The adapter is looked for when it is wanted. Raises EngineMissing."""
    try:
        adapter = importlib.import_module("replay.query_store.opensearch.store")
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("opensearchpy", "urllib3"):
            raise
        raise EngineMissing(engine=TITLE, extra=EXTRA) from error
    opened: QueryStore = adapter.SearchStore(address)
    return opened


KIND: Final = QueryKind(
    schemes=("opensearch", "elasticsearch"), title=TITLE, extra=EXTRA, open=_open
)
