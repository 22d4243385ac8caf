"""SqlStreamStore's tables `messages` and `streams`: in a dump, or copied into SQLite.

Versions and positions count from 0. A stream is told by `id_original`; `$$name` is the metadata of
a stream, and comes in as its own stream. `created_utc` is in UTC without saying so. Layout from the
library's source.
"""

from typing import Final

from store.reading.format import Format
from store.reading.json_records import RawRecord
from store.reading.stated_event import StatedEvent, renamed
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "sql-stream-store"
RENAMED: Final = {"correlationId": "correlation_id", "causationId": "causation_id"}
QUERY: Final = """
SELECT e.*, s.id_original FROM events e LEFT JOIN streams s ON s.id_internal = e.stream_id_internal
ORDER BY CAST(e.position AS INTEGER)
"""


def stated(_: RawRecord, row: Row) -> StatedEvent:
    """What a row says."""
    version = cells.number(row, "stream_version")
    return StatedEvent(
        stream=cells.required(row, "id_original"),
        type=cells.required(row, "type"),
        id=cells.required(row, "message_id"),
        data=cells.json_of(row, "json_data") or "null",
        metadata=renamed(cells.members_of(row, "json_metadata"), RENAMED),
        recorded=cells.moment(row, "created_utc", is_utc=True),
        version=None if version is None else version + 1,
        cursor=cells.number(row, "position"),
    )


LAYOUT: Final = Layout(
    name=NAME,
    title=said("SqlStreamStore"),
    events=Part(
        name="messages",
        columns=(
            *("stream_id_internal", "stream_version", "position", "message_id", "created_utc"),
            *("type", "json_data"),
        ),
        others=("json_metadata",),
        spellings={"id": "message_id", "created": "created_utc"},  # as SQL Server has them
    ),
    joined={"streams": Part(name="streams", columns=("id_original", "id_internal"))},
    query=QUERY,
    order="position",
    states=lambda _source: stated,
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(NAME, said("SqlStreamStore, table messages"), LAYOUTS)
