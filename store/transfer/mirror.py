"""Copy a source that need not have an end into a log, from where the last copy stopped.

Each batch is recorded in one transaction together with the cursor that the source gives for it.
Whatever ends the copy, the next one goes on from the last cursor: nothing is lost, and what the
source sends twice is recognised by its id.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from store.errors import InvalidEvent, StoreExists
from store.reading.format import Record
from store.sqlite.bulk_changes import drop_guards, make_guards
from store.sqlite.connect import create_log, open_log, require_free
from store.transfer.bulk_known import FEW
from store.transfer.manifest import last_cursor, write_cursor
from store.transfer.recording import Recording
from store.transfer.report import ImportCounts, Tally, total
from store.transfer.target import open_target


class Batch(Struct, frozen=True, kw_only=True):
    """Some records, in the order of the source."""

    records: Sequence[Record]
    cursor: str  # what follows them, in the source's own words; nobody here looks into it


class Feed(Protocol):
    """A source of events."""

    @property
    def name(self) -> str:
        """Tells it from other sources of the same log, at every copy the same."""

    @property
    def format_name(self) -> str:
        """Of its records, as an event's source tells it."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """How its records are read, as JSON values, kept with each batch."""

    def shaped(self, records: Sequence[Record], tally: Tally) -> Sequence[Record]:
        """Records as they are to be recorded; what was done to them is counted."""

    def batches(self, after: str | None) -> Iterator[Batch]:
        """What follows a cursor that it gave once; None: from its beginning. May wait."""


def mirror(
    feed: Feed,
    *,
    into: Path,
    on_batch: Callable[[ImportCounts], None] = lambda _counts: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ImportCounts:
    """Copy until the source ends or the caller asks to stop, batch by batch.

    A log that is not there is made, empty, when the first batch has come. Returns the counts of
    this copy. Raises what the source raises, StoreBusy, StoreReadOnly and what `open_log` and
    `create_log` raise; then whole batches are kept.
    """
    done = ImportCounts()
    first = None if into.exists() else _first(feed, into)
    if not into.exists():  # the source gives nothing
        return done
    with open_target(into) as target:
        db, recording = target.db, Recording(target.db, format_name=feed.format_name)
        for batch in first or feed.batches(last_cursor(db, feed.name)):
            counts = _record(batch, feed, recording, db)
            done = total([done, counts])
            on_batch(counts)
            if is_cancelled():
                break
    return done


def _first(feed: Feed, into: Path) -> Iterator[Batch] | None:
    """The batches of a source that was never copied, and an empty log for them; None where
    somebody else made one meanwhile. A source that gives nothing makes no log."""
    require_free(into)
    batches = feed.batches(None)
    first = next(batches, None)
    if first is None:
        return iter(())
    try:
        create_log(into)
    except StoreExists:
        if not into.exists():
            raise
        return None
    return chain([first], batches)


def cursor_of(log: Path, feed_name: str) -> str | None:
    """Where the next copy of a source goes on; None when there was none yet."""
    with closing(open_log(log)) as db:
        return last_cursor(db, feed_name)


def _record(batch: Batch, feed: Feed, recording: Recording, db: sqlite3.Connection) -> ImportCounts:
    try:
        return _record_once(batch, feed, recording, db, is_careful=False)
    except (InvalidEvent, UnicodeEncodeError):
        return _record_once(batch, feed, recording, db, is_careful=True)


def _record_once(
    batch: Batch, feed: Feed, recording: Recording, db: sqlite3.Connection, *, is_careful: bool
) -> ImportCounts:
    with recording.transaction(), _without_guards(db, len(batch.records)):
        recording.take(feed.shaped(batch.records, recording.tally), is_careful=is_careful)
        counts = recording.tally.counts()
        write_cursor(
            db,
            feed=feed.name,
            format_name=feed.format_name,
            cursor=batch.cursor,
            first_position=recording.first_position,
            counts=counts,
            has_other_versions=recording.has_other_versions,
            settings=feed.settings,
        )
    return counts


@contextmanager
def _without_guards(db: sqlite3.Connection, events: int) -> Iterator[None]:
    """Many events go past the guards of the log, which are there again before anybody sees it."""
    if events <= FEW:
        yield
        return
    drop_guards(db)
    yield
    make_guards(db)
