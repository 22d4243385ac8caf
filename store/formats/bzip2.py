"""A file compressed with bzip2: known, not read yet."""

from typing import Final

from store.reading.format import PLAIN_FIRST, UnreadFormat
from store.reading.signs import Magic
from store.words import said

FORMAT: Final = UnreadFormat(
    name="bzip2",
    title=said("a bzip2 file"),
    signs=(Magic(starts=(b"BZh",)),),
    advice=PLAIN_FIRST,
)
