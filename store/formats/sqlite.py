"""Any other SQLite file: a mapping has to say which of its tables holds events, and how."""

from typing import Final

from store.reading.format import UNMAPPED, UnreadFormat
from store.reading.signs import Tables
from store.words import said

FORMAT: Final = UnreadFormat(
    name="sqlite",
    title=said("a SQLite file of another program"),
    advice=UNMAPPED,
    signs=(Tables(tables={}, confidence=0.01),),
)
