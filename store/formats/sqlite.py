"""Any other SQLite file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="sqlite",
    title="a SQLite file of another program",
    signs=(Tables(tables={}, confidence=0.01),),
)
