"""A copy of a log, made while others write to it: one whole file, of one moment.

The pages are copied in steps under one read transaction, so that nobody waits and every page is
of the same moment; the copy is read from end to end before it takes its name.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec import Struct

from store.copies.heads import LogHead, head_of, require_sound
from store.errors import Cancelled
from store.sqlite.connect import connect, open_log, require_free
from store.whole_file import written_aside

PAGES: Final = 1_024  # in one step: 4 MB

OnProgress = Callable[[int, int], None]  # pages done, pages in all


class BackupReport(Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    head: LogHead
    bytes: int


def backup(
    store: Path,
    out: Path,
    *,
    on_progress: OnProgress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> BackupReport:
    """Copy the log at `store` to `out`, which must not be there yet.

    Raises what `open_log` raises, StoreExists, StoreReadOnly, StoreDamaged when the copy is not
    sound, and Cancelled; then there is no copy.
    """
    require_free(out)
    with written_aside(out) as unfinished:
        with closing(open_log(store)) as source, closing(connect(unfinished.path)) as target:
            _copy(source, target, on_progress, is_cancelled)
            head = head_of(target)
        require_sound(unfinished.path, of=store, is_cancelled=is_cancelled)
        size = unfinished.path.stat().st_size
        unfinished.appear()
    return BackupReport(head=head, bytes=size)


def _copy(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    on_progress: OnProgress,
    is_cancelled: Callable[[], bool],
) -> None:
    def tell(_status: int, left: int, pages: int) -> None:
        on_progress(pages - left, pages)
        if is_cancelled():
            raise Cancelled

    target.execute("PRAGMA journal_mode = OFF").fetchall()  # it has no name yet: nothing to save
    source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # from now on one moment
        source.backup(target, pages=PAGES, progress=tell)
    finally:
        source.rollback()
