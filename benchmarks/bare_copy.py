"""The least that it takes to put rows of an event store on a server into a log: each is numbered,
chained and inserted, with every index. Nothing is checked, and nothing could be gone on with."""

from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from store.events import NewEvent
from store.sqlite.bulk_changes import drop_guards, make_guards
from store.sqlite.chain import BEGINNING
from store.sqlite.connect import create_log, open_log
from store.sqlite.event_rows import EventRows
from store.sqlite.writer import INSERT, Writer
from store.times import now_us

PAGES: Final = 32  # in one transaction


def copy_bare(pages: Iterable[list[Any]], into: Path) -> None:
    """Rows as the bare read of benchmarks.engines.postgresql has them, page by page."""
    create_log(into)
    pages = iter(pages)
    with closing(open_log(into, writable=True)) as db:
        writer = Writer(db)
        rows = EventRows(0, None, BEGINNING, now_us(), held_us=0)
        while part := list(islice(pages, PAGES)):
            placed = [_placed(row) for page in part for row in page]
            with writer.transaction():
                drop_guards(db)
                db.executemany(INSERT, rows.rows(placed, writer.stream_id, writer.type_id))
                make_guards(db)


def _placed(row: Any) -> tuple[str, int, NewEvent]:
    _, stream, version, id_, type_, recorded, occurred, offset, data, metadata, source = row
    event = NewEvent(
        type=type_,
        data_json=data,
        metadata_json=metadata,
        id=id_,
        recorded_at_us=recorded,
        recorded_offset_min=0,
        occurred_at_us=occurred,
        occurred_offset_min=offset,
        source_json=source,
    )
    return stream, version, event
