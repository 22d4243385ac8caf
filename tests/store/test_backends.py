"""Every backend keeps the contract; none may opt out."""

import pkgutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import store.backends
from store.backends.memory import MemoryStore
from store.backends.sqlite import SqliteStore, open_store
from store.interface import EventStore
from tests.contracts.event_store import EventStoreContract


class TestMemory(EventStoreContract):
    backend = "memory"

    @pytest.fixture
    def store(self) -> Iterator[EventStore]:
        store = MemoryStore()
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return MemoryStore()


class TestSqlite(EventStoreContract):
    backend = "sqlite"

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[EventStore]:
        store = open_store(tmp_path / "log.foldline", create=True)
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return _Temporary(TemporaryDirectory())


class _Temporary(SqliteStore):
    """A store whose folder goes with it."""

    def __init__(self, folder: "TemporaryDirectory[str]") -> None:
        self._folder = folder
        path = Path(folder.name) / "log.foldline"
        open_store(path, create=True).close()
        super().__init__(path)

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


def test_every_backend_in_the_folder_has_its_contract() -> None:
    found = {it.name for it in pkgutil.iter_modules(store.backends.__path__)}

    assert found == {it.backend for it in (TestMemory, TestSqlite)}
