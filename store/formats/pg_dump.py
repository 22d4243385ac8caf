"""A dump of PostgreSQL as text: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Text

FORMAT: Final = UnreadFormat(
    name="pg-dump",
    title="a PostgreSQL dump",
    signs=(Text(starts=(b"--",), holds=(b"PostgreSQL database dump",), within=4096),),
)
