"""A log in a local SQLite file."""

from pathlib import Path
from typing import Final

from store.backend import FILE, Backend
from store.sqlite.connect import open_log
from store.sqlite.reader import LogReader
from store.sqlite.store import SqliteStore, open_store


def _open_reader(address: str) -> LogReader:
    return LogReader(open_log(Path(address)))


def _open_store(address: str) -> SqliteStore:
    return open_store(Path(address), create=True)


BACKEND: Final = Backend(scheme=FILE, open_reader=_open_reader, open_store=_open_store)
