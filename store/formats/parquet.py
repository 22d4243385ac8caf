"""A Parquet file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic
from store.words import said

FORMAT: Final = UnreadFormat(
    name="parquet",
    title=said("a Parquet file"),
    signs=(Magic(starts=(b"PAR1",)),),
)
