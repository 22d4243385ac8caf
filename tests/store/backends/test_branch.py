"""A branch of a log is a log, to whoever reads it and to whoever writes to it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.store import BranchStore
from store.events import ANY_VERSION, NewEvent
from store.interface import EventStore
from store.place import Place
from store.sqlite.store import open_store
from tests.contracts.event_store import EventStoreContract
from tests.store.branches.lines import IN_MEMORY


def empty_branch(log: Path) -> Path:
    """A branch that holds nothing, of a log with one event."""
    store = open_store(log, create=True)
    left_out = NewEvent.of("Withdrawn", {"n": 1}, id="left-out", links=("cart-7", "order-1"))
    store.append("order-1", [left_out], expected=ANY_VERSION)
    store.close()
    path = create_branch(log, "empty", fork=0)
    BranchEditor(path).leave_out(1)
    return path


class TestBranch(EventStoreContract):
    scheme = "branch"
    keeps = BranchStore

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[EventStore]:
        store = BranchStore(empty_branch(tmp_path / "log.foldline"))
        yield store
        store.close()

    def fresh(self) -> EventStore:
        return _Temporary(TemporaryDirectory(dir=IN_MEMORY))

    @classmethod
    def address(cls, folder: Path) -> str:
        return f"{cls.scheme}:{empty_branch(folder / 'log.foldline')}"


@cache
def _pattern() -> dict[str, bytes]:
    """The files of an empty branch and its log, made once: the disk is waited for each time."""
    with TemporaryDirectory() as folder:
        empty_branch(Path(folder) / "log.foldline")
        return {it.name: it.read_bytes() for it in Path(folder).iterdir()}


def copy_of(pattern: Mapping[str, bytes], folder: Path) -> Path:
    """The branch in a copy of such files, as another one."""
    for name, content in pattern.items():
        (folder / name).write_bytes(content)
    (path,) = Place(folder / "log.foldline").branches()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("UPDATE branch_facts SET value = ? WHERE key = 'id'", [str(uuid4())])
        db.commit()
    return path


class _Temporary(BranchStore):
    """A branch whose folder goes with it."""

    def __init__(self, folder: "TemporaryDirectory[str]") -> None:
        self._folder = folder
        super().__init__(copy_of(_pattern(), Path(folder.name)))

    def close(self) -> None:
        super().close()
        self._folder.cleanup()
