"""A log in a local SQLite file."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from store.interface import EventStore
from store.sqlite.store import SqliteStore, open_store
from tests.contracts.event_store import EventStoreContract


class TestSqlite(EventStoreContract):
    scheme = "file"
    keeps = SqliteStore

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[EventStore]:
        store = open_store(tmp_path / "log.foldline", create=True)
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return _Temporary(TemporaryDirectory())

    @classmethod
    def address(cls, folder: Path) -> str:
        return str(folder / "log.foldline")


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
