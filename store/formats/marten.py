"""Marten's table `mt_events`: as CSV, in a dump, or copied into SQLite.

`version` counts from 1; `seq_id` is the order over all and has gaps. A tenant other than the usual
one is added to the stream's name (`trip-1@acme`), for streams are unique only within their tenant.
`data` NULL with bytes in `bdata` is a payload in a binary form. Layout from Marten's source.
"""

from typing import Final

from store.reading.format import Format
from store.reading.json_records import RawRecord
from store.reading.remarks import Remark
from store.reading.stated_event import StatedEvent
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "marten"
USUAL_TENANT: Final = "*DEFAULT*"
ARCHIVED: Final = Remark(kind="archived", text=said("archived in its store"))
_KNOWN: Final = (
    *("seq_id", "id", "stream_id", "version", "data", "bdata", "type", "timestamp"),
    *("correlation_id", "causation_id", "user_name", "headers", "is_archived"),
)


def stated(_: RawRecord, row: Row) -> StatedEvent:
    """What a row says."""
    stream, tenant = cells.required(row, "stream_id"), cells.text(row, "tenant_id")
    is_tenanted = tenant is not None and tenant != USUAL_TENANT
    data, is_opaque = cells.payload(row, "data")
    is_binary = data == "null" and row.get("bdata") is not None
    if is_binary:
        data, is_opaque = cells.payload(row, "bdata")
    is_archived = cells.flag(row, "is_archived")
    headers = cells.json_of(row, "headers")
    beyond = {"headers": headers} if headers is not None else {}
    return StatedEvent(
        stream=f"{stream}@{tenant}" if is_tenanted else stream,
        type=cells.required(row, "type"),
        id=cells.required(row, "id"),
        data=data,
        metadata=cells.texts(
            row, correlation_id="correlation_id", causation_id="causation_id", user="user_name"
        ),
        recorded=cells.moment(row, "timestamp"),
        version=cells.number(row, "version"),
        cursor=cells.number(row, "seq_id"),
        beyond={
            **beyond,
            **({"is_archived": "true"} if is_archived else {}),
            **cells.extras(row, *_KNOWN),
        },
        is_opaque=is_opaque,
        remarks=(ARCHIVED,) if is_archived else (),
    )


LAYOUT: Final = Layout(
    name=NAME,
    title=said("Marten"),
    events=Part(
        name=r"mt_events(_\w+)?",
        columns=("seq_id", "id", "stream_id", "version", "data", "type", "timestamp"),
        others=(
            *("bdata", "tenant_id", "mt_dotnet_type", "correlation_id", "causation_id"),
            *("headers", "user_name", "is_archived"),
        ),
    ),
    order="seq_id",
    telling="mt_events",
    states=lambda _source: stated,
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(NAME, said("Marten, table mt_events"), LAYOUTS)
