"""OpenSearch 2.19 and 3, and Elasticsearch 9, by one REST adapter."""

from typing import Final

from replay.query_store.interface import QueryStore
from replay.query_store.kind import QueryKind
from store.remote.adapter_part import adapter_part
from store.remote.address import Address

TITLE: Final = "OpenSearch"
EXTRA: Final = "opensearch"


def _open(address: Address) -> QueryStore:
    """Raises EngineMissing."""
    module = "replay.query_store.opensearch.store"
    adapter = adapter_part(module, engine=TITLE, extra=EXTRA, packages=("opensearchpy", "urllib3"))
    opened: QueryStore = adapter.SearchStore(address)
    return opened


KIND: Final = QueryKind(
    schemes=("opensearch", "elasticsearch"), title=TITLE, extra=EXTRA, open=_open
)
