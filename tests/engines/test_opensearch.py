"""A real OpenSearch as a query store."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from uuid import uuid4

import pytest

from replay.query_store.opensearch.store import SearchStore
from resources.engines.opensearch import OpenSearchServer
from store.remote.address import address_of
from tests.contracts.query_store import Opened, QueryStoreContract


@pytest.fixture
def url(opensearch: OpenSearchServer) -> str:
    """Of an empty query store."""
    return f"{opensearch.address}/t{uuid4().hex[:8]}"


class TestOpenSearch(QueryStoreContract):
    @pytest.fixture
    def opened(self, url: str) -> Iterator[Opened]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(closing(SearchStore(address_of(url))))
