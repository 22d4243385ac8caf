"""Emmett's table `emt_messages` of PostgreSQL: in a dump, also by partitions, or as CSV. A row says
what it says as JSON (`emmett_rows`). A stream that began anew after it had been archived is its
second life, as in Emmett's SQLite file. Layout read from what version 0.42.0 wrote."""

from typing import Final

from msgspec import structs

from store.formats import emmett_rows
from store.reading.format import Format
from store.reading.json_records import RawRecord
from store.reading.remarks import Remark, Skipped
from store.reading.stated_event import StatedEvent
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "emmett-pg"
ARCHIVED: Final = Remark(kind="archived", text=said("archived in its store"))
QUERY: Final = """
SELECT e.*, (a.stream_id IS NOT NULL AND e.is_archived NOT IN ('t', 'true', 1)) AS is_second_life
FROM events e
LEFT JOIN (SELECT DISTINCT stream_id, partition FROM events
           WHERE is_archived IN ('t', 'true', 1)) a
  ON a.stream_id = e.stream_id AND a.partition = e.partition
ORDER BY CAST(e.global_position AS INTEGER)
"""
_JSON: Final = ("message_data", "message_metadata")
_NUMBERS: Final = ("stream_position", "global_position")


def stated(place: RawRecord, row: Row) -> StatedEvent | Skipped:
    """What a row says."""
    own = {name: it for name, it in row.items() if name != "is_second_life"}
    own |= {"created": cells.moment(row, "created", is_utc=True)}
    stated = emmett_rows.stated(place, cells.as_members(own, json=_JSON, numbers=_NUMBERS))
    if isinstance(stated, Skipped):
        return stated
    if cells.flag(row, "is_second_life"):
        return structs.replace(stated, stream=f"{stated.stream}@life-2")
    return (
        structs.replace(stated, remarks=(ARCHIVED,)) if cells.flag(row, "is_archived") else stated
    )


LAYOUT: Final = Layout(
    name=NAME,
    title=said("Emmett"),
    events=Part(
        name=r"emt_messages(_\w+)?",
        columns=(
            *("stream_id", "stream_position", "message_type", "message_id", "message_data"),
            "global_position",
        ),
        others=("partition", "message_kind", "message_metadata", "created", "is_archived"),
    ),
    order="global_position",
    query=QUERY,
    header=(
        *("stream_id", "stream_position", "message_type", "message_id", "message_data"),
        "global_position",
    ),
    states=lambda _source: stated,
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(
    NAME, said("Emmett on PostgreSQL, table emt_messages"), LAYOUTS
)
