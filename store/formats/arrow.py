"""An Arrow file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic

FORMAT: Final = UnreadFormat(
    name="arrow",
    title="an Arrow file",
    signs=(Magic(starts=(b"ARROW1",)),),
)
