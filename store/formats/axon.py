"""Axon's table `domain_event_entry`, in any spelling: as CSV, in a dump, or copied into SQLite.

Sequence numbers count from 0 in their aggregate; `global_index` is the order over all. A row
without a type is of no aggregate: its stream is its own id. `time_stamp` is ISO 8601 text. Payload
and metadata are XStream's XML, of which the elements become members, or Jackson's JSON; what is
neither is opaque. Where Hibernate wrote a large object, the column is only its number: the bytes
are not in the file, and the payload is opaque. `correlationId` is the message that was handled, so
it is the cause, and `traceId` the first one, so it is the correlation. Layout from the source of
Axon 4; Axon 5 has other names for the columns.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format
from store.reading.json_members import json_object, members
from store.reading.json_records import RawRecord
from store.reading.rows import opaque_json
from store.reading.stated_event import StatedEvent, renamed
from store.reading.xstream import as_json, pairs_of
from store.tables import cells
from store.tables.cells import Row, payload_of
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "axon"
RENAMED: Final = {"traceId": "correlation_id", "correlationId": "causation_id"}
_KNOWN: Final = (
    *("global_index", "aggregate_identifier", "sequence_number", "event_identifier", "meta_data"),
    *("payload", "payload_revision", "payload_type", "time_stamp"),
)


def stated(_: RawRecord, row: Row) -> StatedEvent:
    """What a row says."""
    id_ = cells.required(row, "event_identifier")
    sequence = cells.number(row, "sequence_number")
    has_aggregate = cells.text(row, "type") is not None
    data, is_opaque, raw = _payload(row)
    stated, raw_metadata = _metadata(row)
    revision = cells.texts(row, schema_version="payload_revision")
    return StatedEvent(
        stream=cells.required(row, "aggregate_identifier") if has_aggregate else id_,
        type=cells.required(row, "payload_type"),
        id=id_,
        data=data,
        metadata={**renamed(stated, RENAMED), **revision},
        recorded=cells.text(row, "time_stamp"),
        version=sequence + 1 if has_aggregate and sequence is not None else None,
        cursor=cells.number(row, "global_index"),
        beyond={**raw, **raw_metadata, **cells.extras(row, *_KNOWN)},
        is_opaque=is_opaque,
    )


def _payload(row: Row) -> tuple[str, bool, dict[str, str]]:
    """The payload as JSON, whether it is opaque, and its own text where that is another."""
    cell = cells.content(row, "payload")
    if cell is None:
        return "null", False, {}
    if isinstance(cell, str) and cell.isdecimal():  # JSON, but no payload is a bare number
        stated = json_object({"data_encoding": '"oid"', "oid": quoted(cell)})
        return stated, True, {}
    content = fields.storable(cell, "payload").encode() if isinstance(cell, str) else cell
    if not content.lstrip().startswith(b"<"):
        data, is_opaque = payload_of(content)
        return data, is_opaque, {}
    try:
        return as_json(content), False, {"payload": quoted(content.decode())}
    except (Unusable, UnicodeDecodeError):
        return opaque_json(content), True, {}


def _metadata(row: Row) -> tuple[Mapping[str, str], dict[str, str]]:
    """The metadata by its names, and its own text where that is another."""
    cell = cells.content(row, "meta_data")
    content = cell.encode("utf-8", "replace") if isinstance(cell, str) else cell or b""
    with suppress(ValueError):  # Unusable and broken encodings are such errors
        if content.lstrip().startswith(b"<"):
            pairs = {name: quoted(it) for name, it in pairs_of(content).items()}
            return pairs, {"meta_data": quoted(content.decode())}
        if content.lstrip().startswith(b"{"):
            return dict(members(content.decode())), {}
    return {}, {"meta_data": opaque_json(content)} if content else {}


LAYOUT: Final = Layout(
    name=NAME,
    title=said("Axon"),
    events=Part(
        name="domain_?event_?entry",
        columns=(
            *("aggregate_identifier", "sequence_number", "event_identifier", "payload"),
            *("payload_type", "time_stamp"),
        ),
        others=("global_index", "type", "meta_data", "payload_revision"),
    ),
    order="global_index",
    states=lambda _source: stated,
    telling="domain_?event_?entry",
    snapshots="snapshot_?event_?entry",
)
AXON_5: Final = Layout(
    name=NAME,
    title=said("Axon 5"),
    events=Part(
        name="aggregate_?event_?entry",
        columns=(
            *("aggregate_identifier", "sequence_number", "event_identifier", "payload"),
            *("payload_type", "time_stamp"),
        ),
        others=("global_index", "type", "meta_data", "payload_revision"),
        spellings={
            "aggregatesequencenumber": "sequence_number",
            "aggregatetype": "type",
            "identifier": "event_identifier",
            "type": "payload_type",
            "version": "payload_revision",
        },
    ),
    order="global_index",
    states=lambda _source: stated,
    snapshots="snapshot_?event_?entry",
)
LAYOUTS: Final = (LAYOUT, AXON_5)
FORMAT: Final[Format] = table_format(NAME, said("Axon, table domain_event_entry"), LAYOUTS)
