"""An Arrow file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic
from store.words import said

FORMAT: Final = UnreadFormat(
    name="arrow",
    title=said("an Arrow file"),
    signs=(Magic(starts=(b"ARROW1",)),),
)
