"""Another log of Foldline: events with ids, both times, metadata, links and provenance as they are.

A copy of the file is read, as of every SQLite file. What stands beside the events there (commands,
answers, records of imports) belongs to that log, and is told. A log that is written is made as by
an import, in the folder of the file. Where a filter leaves events out, the others get another place
and version: the ones that they had stand in their source, and come back when that log is read.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from msgspec import structs

from store.errors import StoreDamaged, UnreadableSource
from store.events import NewEvent, RecordedEvent
from store.provenance import Origin
from store.query import EVERYTHING
from store.reading import fields, json_members
from store.reading.fields import Unusable
from store.reading.format import Format, Incoming, Outgoing, Record
from store.reading.rows import rejected_row, skipped_tables
from store.reading.signs import Tables
from store.reading.source import Source
from store.reading.sqlite_source import damaged
from store.reading.stored_columns import require_storable
from store.sqlite.reader import PAGE, LogReader
from store.transfer.log_file import write_log
from store.words import said

NAME: Final = "foldline"
BYTES_AT_ONCE: Final = 1024 * 1024  # of events that are read
EXPORTED: Final = "foldline-export"  # the source of an event whose place an export has changed
_MARK: Final = f'{{"format":"{EXPORTED}"'
_OWN: Final = ("events", "streams", "types", "links", "store_facts", "beside_chain")


def read(source: Source) -> Iterator[Record]:
    """Every event in the order of the log; what stands beside them is told."""
    reader = LogReader(source.database())
    try:
        page = _page(source, reader.head())
        for after in range(0, reader.head(), page):
            source.pulse()
            until = after + page
            links = reader.links_between(after + 1, until)
            for event in reader.read(EVERYTHING, after=after, until=until):
                yield _checked(_incoming(event, links.get(event.position, ())))
    except sqlite3.DatabaseError as error:
        raise damaged(source.path, error) from error
    except StoreDamaged as error:
        raise UnreadableSource(
            said("the store is damaged ({error})", error=error.reason), source.path
        ) from error
    yield from skipped_tables(source, read=_OWN)


def _page(source: Source, head: int) -> int:
    """How many events are held at once: fewer where they are long."""
    an_event = source.total_bytes // max(head, 1)
    return max(1, min(PAGE, BYTES_AT_ONCE // max(an_event, 1)))


def _incoming(event: RecordedEvent, links: tuple[str, ...]) -> Incoming:
    return Incoming(
        stream=event.stream,
        event=NewEvent(
            type=event.type,
            data_json=event.data_json,
            metadata_json=event.metadata_json,
            id=event.id,
            occurred_at_us=event.occurred_at_us,
            occurred_offset_min=event.occurred_offset_min,
            recorded_at_us=event.recorded_at_us,
            recorded_offset_min=event.recorded_offset_min,
            source_json=event.source_json,
            links=links,
        ),
        line=event.position,
        version=event.version,
        origin=Origin(cursor=str(event.position), is_exact=True),
    )


def _checked(coming: Incoming) -> Record:
    try:
        require_storable(coming.stream, coming.event)
        return _as_exported(coming)
    except (Unusable, ValueError) as reason:
        row = (coming.stream, coming.event.type, coming.event.id)
        return rejected_row(coming.line, row, reason)


def _as_exported(coming: Incoming) -> Incoming:
    """Of an event that an export put there: the place, version and source that it had before."""
    said = coming.event.source_json
    if said is None or not said.startswith(_MARK):
        return coming
    members = dict(json_members.members(said))
    cursor = fields.text(members, "origin_cursor")
    return structs.replace(
        coming,
        event=structs.replace(coming.event, source_json=members.get("source")),
        version=fields.number(members, "origin_version") or coming.version,
        origin=coming.origin if cursor is None else Origin(cursor=cursor, is_exact=True),
    )


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """A whole log, with its indexes."""
    name = getattr(file, "name", "")
    folder = Path(name).parent if isinstance(name, str) and name else None
    with TemporaryDirectory(prefix="foldline-export-", dir=folder) as made:
        path = Path(made) / "events.foldline"
        count = write_log((_incoming(it.event, it.links) for it in events), path, EXPORTED)
        with path.open("rb") as log:
            shutil.copyfileobj(log, file)
    return count


FORMAT: Final = Format(
    name=NAME,
    title=said("Foldline store"),
    suffixes=(".foldline",),
    signs=(
        Tables(
            tables={
                "events": ("position", "stream_id", "type_id", "recorded_at_us", "checksum"),
                "streams": ("id", "name"),
                "types": ("id", "name"),
            },
            confidence=0.99,
        ),
    ),
    read=read,
    write=write,
)
