"""Open a log, whichever backend keeps it: to read it, or to write to it as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.backend import backend_of
from store.errors import StoreError
from store.interface import CommandStore, EventReader
from store.place import is_branch
from store.sqlite import store as sqlite_store
from store.sqlite.connect import create_log, id_in_file, require_writable, set_wal_aside
from store.sqlite.same_file import named_file


def open_reader(path: Path) -> EventReader:
    """A reader of the log, or the branch of one, at `path`, for an owner that closes it later. A
    path that begins with the scheme of another backend, as `memory:` does, is an address of that.

    Raises StoreMissing, NotAStore, StoreTooNew, StoreDamaged, StoreReadOnly; of a branch LogGone,
    OtherLog and LogChanged as well.
    """
    address = str(path)
    return backend_of(address).open_reader(address)


@contextmanager
def reading(path: Path) -> Iterator[EventReader]:
    """A reader of the log at `path`, closed at the end of the block. Raises what `open_reader`
    raises."""
    reader = open_reader(path)
    try:
        yield reader
    finally:
        reader.close()


def open_store(path: Path, *, create: bool = False, file: str = "") -> CommandStore:
    """The log, or the branch, in the file at `path` with a writer; with `create` a log is made
    when it is not there. `file` says which file that is (`SameLog.file`). Raises what
    `open_reader` raises, and LogReplaced when it is another one. Commands are recorded in files
    alone."""
    if is_branch(path):
        return _open_branch(path, file)
    return sqlite_store.open_store(path, create=create, file=file)


def create_store(path: Path) -> str:
    """Make an empty log in a file; returns what tells it from every other log.

    Raises StoreExists, StoreMissing when its folder is not there, StoreReadOnly.
    """
    create_log(path)
    with reading(path) as log:
        return log.store_id()


def open_to_write(path: Path, *, file: str = "") -> CommandStore:
    """The same for who has come to write. Raises StoreReadOnly at once where that is not
    allowed."""
    require_writable(path)
    return open_store(path, file=file)


def _open_branch(path: Path, file: str) -> CommandStore:
    from store.branches.store import BranchStore  # most stores are no branch

    if file:
        named_file(path, file).require()
    return BranchStore(path)


def set_former_aside(path: Path) -> Path | None:
    """Move away what a file that was here before has left beside its successor, for a program that
    had it open and has ended with it. Returns where to: with its file, under the name of that and
    `-wal` behind it, it is whole again. None when there is nothing of the kind."""
    return set_wal_aside(path)


def store_id_of(path: Path) -> str | None:
    """What tells the log in this file from every other one, by what the file says alone; nothing
    beside it is looked at or made; of a branch its log is looked at. None when there is none."""
    if is_branch(path):
        try:
            with reading(path) as branch:
                return branch.store_id()
        except StoreError:
            return None
    return id_in_file(path)
