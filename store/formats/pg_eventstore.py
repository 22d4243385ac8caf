"""pg_eventstore's table `events`: in a dump, by its partitions, as CSV, or copied into SQLite.

Revisions count from 0; `global_position` is the order over all. The stream is context, stream name
and stream id. A row with `link_global_position` is a link to an event: it becomes a link of that
event, and where that is not in the file it is told. Layout from the library's source.
"""

from typing import Final

from store import json_text
from store.reading.format import Format
from store.reading.json_records import RawRecord
from store.reading.remarks import Skipped
from store.reading.stated_event import StatedEvent
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "pg-eventstore"
QUERY: Final = """
SELECT e.*, k.linked FROM events e
LEFT JOIN events o ON o.global_position = e.link_global_position
                  AND o.link_global_position IS NULL
LEFT JOIN (SELECT link_global_position AS target,
                  json_group_array(context || '/' || stream_name || '/' || stream_id) AS linked
           FROM events WHERE link_global_position IS NOT NULL
           GROUP BY link_global_position) k ON k.target = e.global_position
WHERE e.link_global_position IS NULL OR o.global_position IS NULL
ORDER BY CAST(e.global_position AS INTEGER)
"""
_STREAM: Final = ("context", "stream_name", "stream_id")


def stated(place: RawRecord, row: Row) -> StatedEvent | Skipped:
    """What a row says."""
    if (target := cells.text(row, "link_global_position")) is not None:
        text = said("a link to the event at {target}, which is another row", target=target)
        return Skipped(kind="other_rows", text=text[:200], line=place.number, offset=place.offset)
    revision = cells.number(row, "stream_revision")
    links = cells.text(row, "linked")
    return StatedEvent(
        stream="/".join(cells.required(row, it) for it in _STREAM),
        type=cells.required(row, "type"),
        id=cells.required(row, "id"),
        data=cells.json_of(row, "data") or "null",
        metadata=cells.members_of(row, "metadata"),
        recorded=cells.moment(row, "created_at", is_utc=True),
        version=None if revision is None else revision + 1,
        cursor=cells.number(row, "global_position"),
        links=tuple(dict.fromkeys(json_text.decode(links))) if links else (),
    )


_COLUMNS: Final = (
    *("id", "context", "stream_name", "stream_id", "global_position", "stream_revision", "data"),
    *("created_at", "type"),
)
LAYOUT: Final = Layout(
    name=NAME,
    title=said("pg_eventstore"),
    events=Part(
        name=r"events|(contexts|stream_names|event_types)_\w+",
        columns=_COLUMNS,
        others=("metadata", "link_partition_id", "link_global_position"),
    ),
    query=QUERY,
    header=_COLUMNS,
    order="global_position",
    states=lambda _source: stated,
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(NAME, said("pg_eventstore, table events"), LAYOUTS)
