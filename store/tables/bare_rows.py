"""Rows of a table that no layout is known of: each is the data of an event, a column a member."""

from collections.abc import Sequence
from typing import Final

from store.events import NewEvent
from store.reading.format import Incoming, Options
from store.reading.identity import minted_id
from store.reading.json_members import json_object
from store.reading.json_records import RawRecord
from store.reading.rows import json_of
from store.reading.source import Source
from store.tables.cells import Cell, payload_of
from store.tables.stores import Table, row_count, tables_in
from store.words import said

WITHOUT_ROWS: Final = said("the file has no table with rows in it")


def row_event(
    namespace: str, place: RawRecord, names: Sequence[str], cells: Sequence[Cell]
) -> Incoming:
    """An event without stream and type. Bytes are the JSON that they are; others are kept as
    base64, and the payload counts as opaque. Raises Unusable."""
    told = [payload_of(it) if isinstance(it, bytes) else (json_of(it), False) for it in cells]
    text = json_object({name: it for name, (it, _) in zip(names, told, strict=True)})
    return Incoming(
        stream="",
        event=NewEvent(type="", data_json=text, id=minted_id(namespace, place.number, text)),
        line=place.number,
        offset=place.offset,
        has_minted_id=True,
        is_opaque=any(is_opaque for _, is_opaque in told),
    )


def table_options(source: Source) -> Options:
    """Every table with rows in it; the usual one has the most."""
    counts = {it.name: count for it in tables_in(source) if (count := row_count(source, it))}
    usual = max(counts, key=lambda it: counts[it], default="")
    return Options(values=tuple(counts), default=usual)


def chosen_table(source: Source, name: str) -> Table | None:
    """The table of that name, of an empty one the usual; None where there is none."""
    wanted = name or table_options(source).default
    return next((it for it in tables_in(source) if it.name == wanted), None)
