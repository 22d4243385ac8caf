"""Akka persistence, as a SQLite copy: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="akka",
    title="an Akka persistence database",
    signs=(
        Tables(tables={"event_journal": ()}, confidence=0.9),
        Tables(tables={"journal": ()}, confidence=0.9),
    ),
)
