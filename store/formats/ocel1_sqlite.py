"""OCEL 1.0 as a SQLite file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="ocel1-sqlite",
    title="an OCEL 1.0 database",
    signs=(Tables(tables={"EVENTS": ()}, confidence=0.9),),
)
