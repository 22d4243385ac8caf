"""The contract of query stores holds for one in memory, which needs no server."""

import pytest

from tests.contracts.query_store import Opened, QueryStoreContract
from tests.replay.query_store.memory_store import MemoryQueryStore, Server


class TestMemory(QueryStoreContract):
    @pytest.fixture
    def opened(self) -> Opened:
        server = Server()
        return lambda: MemoryQueryStore(server)
