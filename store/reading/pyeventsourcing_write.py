"""Write events as the SQLite file of python eventsourcing: its two tables, order in the rowid."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO, Final

from store.by_weight import by_weight
from store.events import NewEvent, RecordedEvent
from store.reading.database_file import written_database
from store.reading.format import Outgoing
from store.reading.losses import LINKS, TIMES, IsLost, Loss, source_but_of
from store.reading.pyeventsourcing_row import NAME, outgoing_row, read_back
from store.reading.same_json import same_json
from store.words import said

SCHEMA: Final = (
    "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER, topic TEXT, "
    "state BLOB, PRIMARY KEY (originator_id, originator_version))",
    "CREATE TABLE stored_snapshots (originator_id TEXT, originator_version INTEGER, topic TEXT, "
    "state BLOB, PRIMARY KEY (originator_id, originator_version)) WITHOUT ROWID",
)
_ROW: Final = """
INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state)
VALUES (?, ?, ?, ?, ?)
"""
_ROWS_AT_ONCE: Final = 500


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """The notification id of each event is its position in the log."""
    written = 0
    with written_database(file, *SCHEMA) as db:
        rows: Iterator[tuple[Any, ...]] = (_row(it.event) for it in events)
        for batch in by_weight(rows, lambda it: len(it[4]), most=_ROWS_AT_ONCE):
            db.executemany(_ROW, batch)
            written += len(batch)
    return written


def _row(event: RecordedEvent) -> tuple[Any, ...]:
    return event.position, event.stream, event.version, *outgoing_row(event)


_read_back: Final = lru_cache(maxsize=1)(read_back)  # each loss asks


def _asked(differs: Callable[[NewEvent, RecordedEvent], bool]) -> IsLost:
    return lambda event, _links: differs(_read_back(event), event)


def _has_other_id(back: NewEvent, event: RecordedEvent) -> bool:
    return back.id != event.id


def _has_other_metadata(back: NewEvent, event: RecordedEvent) -> bool:
    return not same_json(back.metadata_json, event.metadata_json)


def _has_second_time(back: NewEvent, event: RecordedEvent) -> bool:
    found = (back.recorded_at_us, back.recorded_offset_min)
    return found[0] is not None and found != (event.recorded_at_us, event.recorded_offset_min)


def _has_no_time(back: NewEvent, _event: RecordedEvent) -> bool:
    return back.occurred_at_us is None


LOSSES: Final[tuple[Loss, ...]] = (
    Loss(
        name="id",
        what=said("the id: rows are identified by stream and version"),
        when=said("if it was not made from these"),
        aspects=("id",),
        is_lost=_asked(_has_other_id),
    ),
    Loss(
        name="metadata",
        what=said("the metadata"),
        when=said("if it has any that is not a field of the event's class"),
        aspects=("metadata_json",),
        is_lost=_asked(_has_other_metadata),
    ),
    Loss(
        name="recorded_at",
        what=said("the recorded time"),
        when=said("if it differs from the occurred time"),
        aspects=("recorded_at_us", "recorded_offset_min"),
        is_lost=_asked(_has_second_time),
    ),
    Loss(
        name="times_of_import",
        what=said("the times that an import assigned"),
        when=said("if the payload is opaque"),
        aspects=TIMES,
        is_lost=_asked(_has_no_time),
    ),
    LINKS,
    source_but_of(NAME),
)
