"""A smaller file of the same log: same events, ids, times and positions, and a chain from the
first event on.

SQLite packs the pages. A log that was begun before there was a chain is first written anew, so
that its chain is whole; nothing that it holds is another then.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from store.copies.contents import is_wholly_chained
from store.copies.heads import STORE_ID, LogHead, head_of, require_sound
from store.copies.rewriting import one_moment, rewrite
from store.errors import Cancelled, StoreDamaged
from store.sqlite.connect import (
    connect,
    empty_log,
    look_into,
    open_log,
    require_free,
    temporary_objects,
)
from store.sqlite.interruption import STEPS, is_interruption
from store.whole_file import written_aside
from store.words import said

OnProgress = Callable[[int, int], None]  # bytes or events done, in all


class CompactReport(Struct, frozen=True, kw_only=True):
    """What a compacted file holds."""

    head: LogHead
    bytes_before: int
    bytes: int
    is_chained_anew: bool  # what had been recorded before there was a chain is in it now


def compact(
    store: Path,
    out: Path,
    *,
    on_progress: OnProgress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> CompactReport:
    """Write the log at `store` to `out`, which must not be there yet.

    Raises what `open_log` raises, StoreExists, StoreReadOnly, StoreDamaged, Cancelled; then there
    is no file.
    """
    require_free(out)
    with closing(open_log(store)) as source, written_aside(out) as unfinished:
        is_whole = is_wholly_chained(source)
        if is_whole:
            _pack(store, unfinished.path, on_progress, is_cancelled)
        else:
            with written_aside(out) as between:
                _chain(source, between.path, on_progress, is_cancelled)
                _pack(between.path, unfinished.path, on_progress, is_cancelled)
        require_sound(unfinished.path, of=store, is_cancelled=is_cancelled)
        head = _head(source, unfinished.path, is_whole=is_whole)
        report = CompactReport(
            head=head,
            bytes_before=_size(source),
            bytes=unfinished.path.stat().st_size,
            is_chained_anew=not is_whole,
        )
        unfinished.appear()
    return report


def _chain(
    source: sqlite3.Connection,
    path: Path,
    on_progress: OnProgress,
    is_cancelled: Callable[[], bool],
) -> None:
    (store_id,) = source.execute(STORE_ID).fetchone()
    with one_moment(source), empty_log(path, store_id=store_id) as target:
        rewrite(source, target, on_progress=on_progress, is_cancelled=is_cancelled)


def _pack(
    store: Path, path: Path, on_progress: OnProgress, is_cancelled: Callable[[], bool]
) -> None:
    """SQLite's VACUUM INTO, of one moment of the log. It counts as a change of the connection,
    though it is none of the log; and over one that is read-only it leaves gaps in the pages."""
    with closing(connect(store, read_only=True)) as db, temporary_objects(db):
        expected = _size(db)

        def look() -> bool:
            written = path.stat().st_size if path.exists() else 0
            on_progress(min(written, expected), expected)
            return is_cancelled()

        db.set_progress_handler(look, STEPS)
        try:
            db.execute("VACUUM INTO ?", [str(path)])
        except sqlite3.OperationalError as error:
            if is_interruption(error):
                raise Cancelled from error
            raise


def _head(source: sqlite3.Connection, path: Path, *, is_whole: bool) -> LogHead:
    """Of the new file. Raises StoreDamaged when the log says something else of this event."""
    with closing(look_into(path)) as db:
        head = head_of(db)
        ask = f"SELECT id, {'hex(chain)' if is_whole else '0'} FROM events WHERE position = ?"
        ours = db.execute(ask, [head.position]).fetchone()
    if ours != source.execute(ask, [head.position]).fetchone():
        raise StoreDamaged(
            said("the smaller file does not hold the same content as the store"), path
        )
    return head


def _size(db: sqlite3.Connection) -> int:
    pages, size = (db.execute(f"PRAGMA {it}").fetchone()[0] for it in ("page_count", "page_size"))
    return int(pages * size)
