"""The stand-in of tests that need no server does what a server does."""

import pytest

from tests.contracts.remote_store import Opened, RemoteStoreContract
from tests.store.remote.memory_remote import MemoryRemote, Server


class TestMemoryRemote(RemoteStoreContract):
    @pytest.fixture
    def opened(self) -> Opened:
        server = Server()
        return lambda: MemoryRemote(server)
