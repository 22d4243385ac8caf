"""A log in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.interface import EventStore
from store.memory import MemoryStore
from tests.contracts.event_store import EventStoreContract


class TestMemory(EventStoreContract):
    scheme = "memory"
    keeps = MemoryStore

    @pytest.fixture
    def store(self) -> Iterator[EventStore]:
        store = MemoryStore()
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return MemoryStore()

    @classmethod
    def address(cls, folder: Path) -> str:
        del folder  # it has no file
        return f"{cls.scheme}:"
