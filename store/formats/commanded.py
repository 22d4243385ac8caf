"""Commanded, as a SQLite copy: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="commanded",
    title="a Commanded database",
    signs=(Tables(tables={"stream_events": ()}, confidence=0.9),),
)
