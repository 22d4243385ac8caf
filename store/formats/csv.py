"""Comma-separated values: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import HeaderLine

FORMAT: Final = UnreadFormat(
    name="csv",
    title="a CSV file",
    signs=(HeaderLine(confidence=0.89),),
)
