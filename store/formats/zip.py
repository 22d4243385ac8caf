"""A zip archive: known, not read yet."""

from typing import Final

from store.reading.format import PLAIN_FIRST, UnreadFormat
from store.reading.signs import Magic

FORMAT: Final = UnreadFormat(
    name="zip",
    title="a zip archive",
    signs=(Magic(starts=(b"PK\x03\x04",)),),
    advice=PLAIN_FIRST,
)
