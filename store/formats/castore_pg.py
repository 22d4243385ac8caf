"""Castore's table `event` of PostgreSQL: in a dump, as CSV, or copied into SQLite. `id` is the
order over all, and streams are named as in DynamoDB (`store#id`). A payload that is NULL was
absent. Layout from the documentation of version 2.4."""

from typing import Final

from store.formats.castore import castore_event
from store.reading.format import Format
from store.reading.json_records import RawRecord
from store.reading.stated_event import StatedEvent
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "castore-pg"
_RENAMED: Final = {"data": "payload"}
_NAMES: Final = ("aggregate_name", "aggregate_id")


def stated(_: RawRecord, row: Row) -> StatedEvent:
    """What a row says."""
    store, aggregate = (cells.required(row, it) for it in _NAMES)
    row = {**row, "timestamp": cells.moment(row, "timestamp")}
    stated = cells.as_members(row, json=("data", "metadata"), numbers=("id", "version"))
    place = stated.pop("id")
    event = {
        _RENAMED.get(name, name): text
        for name, text in stated.items()
        if name not in _NAMES and text != "null"
    }
    return castore_event(f"{store}#{aggregate}", event, cursor=None if place == "null" else place)


LAYOUT: Final = Layout(
    name=NAME,
    title=said("Castore"),
    events=Part(
        name="event",
        columns=("id", "aggregate_name", "aggregate_id", "version", "type", "timestamp"),
        others=("data", "metadata"),
    ),
    order="id",
    states=lambda _source: stated,
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(NAME, said("Castore on PostgreSQL, table event"), LAYOUTS)
