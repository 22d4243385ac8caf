"""Open a log to read it, whichever backend keeps it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.sqlite.connect import open_log
from store.sqlite.reader import LogReader


def open_reader(path: Path) -> LogReader:
    """A reader of the log at `path`, for an owner that closes it later.

    Raises StoreMissing, NotAStore, StoreTooNew, StoreDamaged, StoreReadOnly.
    """
    return LogReader(open_log(path))


@contextmanager
def reading(path: Path) -> Iterator[LogReader]:
    """A reader of the log at `path`, closed at the end of the block. Raises what `open_reader`
    raises."""
    reader = open_reader(path)
    try:
        yield reader
    finally:
        reader.close()
