"""Marten, as a SQLite copy: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="marten",
    title="a Marten database",
    signs=(Tables(tables={"mt_events": ()}, confidence=0.9),),
)
