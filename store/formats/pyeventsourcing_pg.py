"""Tables of python eventsourcing on PostgreSQL, `<application>_events`: in a dump, or as CSV. A row
says what it says in the library's SQLite file (`pyeventsourcing`); `notification_id` is the order
over all. Layout from the documentation of version 9.5."""

from typing import Final

from store.reading.format import Format, Incoming
from store.reading.json_records import RawRecord
from store.reading.pyeventsourcing_row import incoming
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "pyeventsourcing-pg"


def stated(place: RawRecord, row: Row) -> Incoming:
    """What a row says."""
    return incoming(
        place.number,
        cells.number(row, "notification_id"),
        cells.text(row, "originator_id"),
        cells.number(row, "originator_version"),
        cells.text(row, "topic"),
        cells.content(row, "state"),
        offset=place.offset,
    )


LAYOUT: Final = Layout(
    name=NAME,
    title=said("python eventsourcing"),
    events=Part(
        name=r"(?P<app>\w+)_events",
        columns=("originator_id", "originator_version", "topic", "state", "notification_id"),
        only=True,
    ),
    order="notification_id",
    states=lambda _source: stated,
    snapshots=r"\w+_snapshots",
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(NAME, said("python eventsourcing on PostgreSQL"), LAYOUTS)
