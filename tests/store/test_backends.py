"""Every backend keeps the contract; none may opt out."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from store.interface import EventStore
from store.memory import MemoryStore
from store.sqlite.store import SqliteStore, open_store
from tests.contracts.event_store import EventStoreContract


class TestMemory(EventStoreContract):
    scheme = "memory"

    @pytest.fixture
    def store(self) -> Iterator[EventStore]:
        store = MemoryStore()
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return MemoryStore()


class TestSqlite(EventStoreContract):
    scheme = "file"

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


def test_every_backend_has_its_contract() -> None:
    folder = Path(__file__).parents[2] / "store"
    found = [it.read_text("utf-8") for it in folder.rglob("*.py")]

    schemes = {name for text in found for name in re.findall(r'^SCHEME = "(\w+)"', text, re.M)}

    assert schemes == {it.scheme for it in (TestMemory, TestSqlite)}
