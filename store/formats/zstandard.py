"""A file compressed with Zstandard: known, not read yet."""

from typing import Final

from store.reading.format import PLAIN_FIRST, UnreadFormat
from store.reading.signs import Magic

FORMAT: Final = UnreadFormat(
    name="zstandard",
    title="a Zstandard file",
    signs=(Magic(starts=(b"\x28\xb5\x2f\xfd",)),),
    advice=PLAIN_FIRST,
)
