"""A real Elasticsearch as a query store: the adapter is that of OpenSearch."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from uuid import uuid4

import pytest

from replay.query_store.opensearch.store import SearchStore
from store.remote.address import address_of
from tests.contracts.query_store import Opened, QueryStoreContract
from tests.engines.elasticsearch_server import ElasticsearchServer


class TestElasticsearch(QueryStoreContract):
    @pytest.fixture
    def opened(self, elasticsearch: ElasticsearchServer) -> Iterator[Opened]:
        url = f"{elasticsearch.address}/t{uuid4().hex[:8]}"
        with ExitStack() as stack:
            yield lambda: stack.enter_context(closing(SearchStore(address_of(url))))
