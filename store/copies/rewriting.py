"""A log written anew, event by event and row by row, so that both chains begin at their beginning.

What was recorded beside the events is recorded behind the same event as before.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from store.copies.contents import changing_rows, events, rows_beside
from store.copies.recording import Placed, Recorder
from store.errors import Cancelled

Change = Callable[[int, Placed], Placed]  # the position, and the event as it was
OnProgress = Callable[[int, int], None]  # events done, events in all


@contextmanager
def one_moment(db: sqlite3.Connection) -> Iterator[None]:
    """What is read inside is of the moment at which it begins, whoever writes meanwhile."""
    db.execute("BEGIN")
    try:
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        yield
    finally:
        db.rollback()


def rewrite(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    *,
    change: Change = lambda _position, it: it,
    on_progress: OnProgress,
    is_cancelled: Callable[[], bool],
) -> int:
    """Record everything of `source`, inside its read transaction, in the empty log `target`.
    Returns the head. Raises Cancelled, and what SQLite raises where `source` is damaged."""
    recorder, done = Recorder(target), 0
    (head,) = source.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()

    def changed(after: int, until: int) -> Iterator[Placed]:
        for position, it in enumerate(events(source, after=after, until=until), after + 1):
            if position % 1_000 == 0:
                on_progress(position, head)
                if is_cancelled():
                    raise Cancelled
            yield change(position, it)

    for position, table, values in rows_beside(source):
        if position > done:
            recorder.events(changed(done, position))
            done = position
        recorder.row(table, values)
    recorder.events(changed(done, head))
    for table, rows in changing_rows(source):
        recorder.unchained(table, rows)
    return int(head)
