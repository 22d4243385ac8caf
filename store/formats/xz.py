"""A file compressed with xz: known, not read yet."""

from typing import Final

from store.reading.format import PLAIN_FIRST, UnreadFormat
from store.reading.signs import Magic
from store.words import said

FORMAT: Final = UnreadFormat(
    name="xz",
    title=said("an xz file"),
    signs=(Magic(starts=(b"\xfd7zXZ\x00",)),),
    advice=PLAIN_FIRST,
)
