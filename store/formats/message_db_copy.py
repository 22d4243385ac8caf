"""Message DB, as a SQLite copy: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="message-db-copy",
    title="a Message DB copy",
    signs=(Tables(tables={"messages": ()}, confidence=0.85),),
)
