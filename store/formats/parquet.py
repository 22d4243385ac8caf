"""A Parquet file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic

FORMAT: Final = UnreadFormat(
    name="parquet",
    title="a Parquet file",
    signs=(Magic(starts=(b"PAR1",)),),
)
