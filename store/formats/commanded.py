"""Commanded's EventStore: its tables in a dump or in SQLite, or its events of `$all` as CSV.

An event stands once in `events` and once in `stream_events` for each stream that it is in: that of
stream 0, which is `$all`, gives the order over all, `original_stream_id` its home, and the others
are links. Versions count from 1. Data and metadata are JSON, as bytes or as such; Erlang's terms
(`\\x83…`) are opaque. Of a stream that was deleted softly the events are here, and told. Layout of
schema 1.3.2, from the source of EventStore 1.4.
"""

from typing import Final

from store.reading.format import Format
from store.reading.json_members import members
from store.reading.json_records import RawRecord
from store.reading.remarks import Remark
from store.reading.stated_event import StatedEvent, renamed
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "commanded"
LINKS: Final = "\x1f"  # between the names of streams that an event is linked into
DELETED: Final = Remark(kind="deleted", text=said("its stream was soft-deleted"))
TRIMMED: Final = "stream_origin"
QUERY: Final = f"""
SELECT e.*, s.stream_uuid, a.original_stream_version AS stream_version,
       a.stream_version AS event_number, s.deleted_at, s.{TRIMMED}, k.linked
FROM stream_events a
JOIN events e ON e.event_id = a.event_id
LEFT JOIN streams s ON s.stream_id = a.original_stream_id
LEFT JOIN (SELECT o.event_id, group_concat(l.stream_uuid, char(31)) AS linked
           FROM stream_events o JOIN streams l ON l.stream_id = o.stream_id
           WHERE CAST(o.stream_id AS INTEGER) <> 0 AND o.stream_id <> o.original_stream_id
           GROUP BY o.event_id) k ON k.event_id = e.event_id
WHERE CAST(a.stream_id AS INTEGER) = 0
ORDER BY CAST(a.stream_version AS INTEGER)
"""
_KNOWN: Final = (
    *("event_id", "event_type", "causation_id", "correlation_id", "data", "metadata", "created_at"),
    *("stream_uuid", "stream_version", "event_number", "linked"),
)


def stated(_: RawRecord, row: Row) -> StatedEvent:
    """What a row says."""
    data, is_opaque = cells.payload(row, "data")
    stated, raw = _metadata(row)
    links = cells.text(row, "linked")
    is_deleted = cells.text(row, "deleted_at") is not None
    return StatedEvent(
        stream=cells.required(row, "stream_uuid"),
        type=cells.required(row, "event_type"),
        id=cells.required(row, "event_id"),
        data=data,
        metadata={
            **renamed(stated, {"user_id": "user"}),
            **cells.texts(row, correlation_id="correlation_id", causation_id="causation_id"),
        },
        recorded=cells.moment(row, "created_at"),
        version=cells.number(row, "stream_version"),
        cursor=cells.number(row, "event_number"),
        links=tuple(links.split(LINKS)) if links else (),
        beyond={**raw, **cells.extras(row, *_KNOWN)},
        is_opaque=is_opaque,
        remarks=(DELETED,) if is_deleted else (),
    )


def _metadata(row: Row) -> tuple[dict[str, str], dict[str, str]]:
    """By its names; what is no JSON object is kept as it is."""
    text, is_opaque = cells.payload(row, "metadata")
    if text == "null":
        return {}, {}
    if not is_opaque and text.lstrip().startswith("{"):
        return dict(members(text)), {}
    return {}, {"metadata": text}


LAYOUT: Final = Layout(
    name=NAME,
    title=said("Commanded"),
    events=Part(
        name="events",
        columns=("event_id", "event_type", "data", "created_at"),
        others=("causation_id", "correlation_id", "metadata"),
    ),
    joined={
        "stream_events": Part(
            name="stream_events",
            columns=(
                *("event_id", "stream_id", "stream_version"),
                *("original_stream_id", "original_stream_version"),
            ),
        ),
        "streams": Part(
            name="streams",
            columns=("stream_id", "stream_uuid"),
            others=("deleted_at", TRIMMED),
        ),
    },
    query=QUERY,
    header=(
        *("event_id", "event_type", "data", "created_at"),
        *("stream_uuid", "stream_version", "event_number"),
    ),
    order="event_number",
    states=lambda _source: stated,
    telling="stream_events",
    snapshots="snapshots",
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(NAME, said("Commanded EventStore"), LAYOUTS)
