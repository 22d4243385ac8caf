"""The journal of Akka's and Pekko's persistence-jdbc: in a dump, as CSV, or copied into SQLite.

Sequence numbers count from 1 in their persistence id; `ordering` is the order over all. There are
no ids. The type is the serializer's manifest; a payload is JSON where it reads as such (serializer
31, and compressed with gzip beyond 32 KiB), else it is opaque: CBOR, protobuf, Java's
serialisation. Of the older `journal` every message is opaque and has no time. Rows that are marked
as deleted are here, and told. Layout from the source of version 5.
"""

import zlib
from typing import Final

from store.reading.epoch_times import of_milliseconds
from store.reading.fields import quoted
from store.reading.format import Format
from store.reading.json_records import RawRecord
from store.reading.remarks import Remark
from store.reading.rows import opaque_json
from store.reading.stated_event import StatedEvent
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "akka"
DELETED: Final = Remark(kind="deleted", text=said("marked as deleted in its journal"))
LARGEST: Final = 64 * 1024 * 1024  # bytes of an unpacked payload
OLD_TYPE: Final = "PersistentRepr"  # what the older journal wraps every message in
GZIP: Final = b"\x1f\x8b"
QUERY: Final = """
SELECT e.*, coalesce(a.tags, b.tags) AS tags FROM events e
LEFT JOIN (SELECT event_id, json_group_array(tag) AS tags FROM event_tag
           WHERE event_id IS NOT NULL GROUP BY event_id) a ON a.event_id = e.ordering
LEFT JOIN (SELECT persistence_id, sequence_number, json_group_array(tag) AS tags FROM event_tag
           WHERE event_id IS NULL GROUP BY persistence_id, sequence_number) b
  ON b.persistence_id = e.persistence_id AND b.sequence_number = e.sequence_number
ORDER BY CAST(e.ordering AS INTEGER)
"""
_KNOWN: Final = (
    *("ordering", "persistence_id", "sequence_number", "deleted", "write_timestamp", "tags"),
    *("event_payload", "message"),
)


def stated(_: RawRecord, row: Row) -> StatedEvent:
    """What a row says."""
    stream, number = cells.required(row, "persistence_id"), cells.number(row, "sequence_number")
    written = cells.number(row, "write_timestamp")
    data, is_opaque = _payload(row)
    is_deleted = cells.flag(row, "deleted")
    tags = cells.text(row, "tags")
    return StatedEvent(
        stream=stream,
        type=_type(row),
        key=(NAME, stream, number if number is not None else ""),
        data=data,
        recorded=None if written is None else of_milliseconds(written, "write_timestamp"),
        version=number,
        cursor=cells.number(row, "ordering"),
        beyond={
            **({"tags": tags if tags.startswith("[") else quoted(tags)} if tags else {}),
            **({"deleted": "true"} if is_deleted else {}),
            **cells.extras(row, *_KNOWN),
        },
        is_opaque=is_opaque,
        remarks=(DELETED,) if is_deleted else (),
    )


def _type(row: Row) -> str:
    """The manifest; without one the serializer is all that is known."""
    manifest = cells.text(row, "event_ser_manifest") or cells.text(row, "adapter_manifest")
    if manifest is not None:
        return manifest
    if "event_payload" not in row:
        return OLD_TYPE
    return f"serializer-{cells.required(row, 'event_ser_id')}"


def _payload(row: Row) -> tuple[str, bool]:
    """JSON objects and lists as such: what other serializers write may look like a number."""
    cell = cells.content(row, "event_payload" if "event_payload" in row else "message")
    if cell is None:
        return "null", False
    content = cell.encode() if isinstance(cell, str) else cell
    plain = _unpacked(content) if content.startswith(GZIP) else content
    if plain.lstrip()[:1] in (b"{", b"["):
        text, is_opaque = cells.payload_of(plain)
        if not is_opaque:
            return text, False
    return opaque_json(content), True


def _unpacked(content: bytes) -> bytes:
    """As it is when it only looks compressed, or would grow beyond LARGEST."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(content, LARGEST)
    except zlib.error:
        return content
    return plain if unpacking.eof else content


LAYOUT: Final = Layout(
    name=NAME,
    title=said("Akka persistence"),
    events=Part(
        name="event_journal",
        columns=("ordering", "persistence_id", "sequence_number", "event_payload"),
        others=(
            *("deleted", "writer", "write_timestamp", "adapter_manifest", "event_ser_id"),
            "event_ser_manifest",
        ),
    ),
    joined={
        "event_tag": Part(
            name="event_tag",
            columns=("tag",),
            others=("event_id", "persistence_id", "sequence_number"),
        )
    },
    optional=frozenset({"event_tag"}),
    query=QUERY,
    header=("ordering", "persistence_id", "sequence_number", "event_payload"),
    order="ordering",
    states=lambda _source: stated,
    telling="event_journal",
    snapshots="snapshot",
)
OLD: Final = Layout(
    name=NAME,
    title=said("Akka persistence, older journal"),
    events=Part(
        name="journal",
        columns=("ordering", "persistence_id", "sequence_number", "message"),
        others=("deleted", "tags"),
    ),
    order="ordering",
    states=lambda _source: stated,
    snapshots="snapshot",
)
LAYOUTS: Final = (LAYOUT, OLD)
FORMAT: Final[Format] = table_format(NAME, said("Akka or Pekko persistence, JDBC"), LAYOUTS)
