"""Let Ctrl+C stop a long statement.

While SQLite works, Python runs no signal handler on the thread that waits for it. A progress
handler in Python is called every so many steps of SQLite's virtual machine, and Python looks for
signals then; what the signal's handler raises ends the statement as interrupted.
Source: sqlite.org/c3ref/progress_handler.html.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

STEPS: Final = 100_000  # of SQLite's virtual machine between two looks: some milliseconds


def heed_signals(db: sqlite3.Connection) -> None:
    """On the main thread, which alone gets signals; elsewhere nothing is changed."""
    if threading.current_thread() is threading.main_thread():
        db.set_progress_handler(_go_on, STEPS)


@contextmanager
def asked(db: sqlite3.Connection, go_on: Callable[[], int]) -> Iterator[None]:
    """Inside the block a statement asks every so often whether to go on; it ends as interrupted
    when the answer is not 0."""
    db.set_progress_handler(go_on, STEPS)
    try:
        yield
    finally:
        db.set_progress_handler(None, STEPS)
        heed_signals(db)


def is_interruption(error: sqlite3.Error) -> bool:
    """Whether a statement was stopped, not at fault."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT


def _go_on() -> int:
    return 0
