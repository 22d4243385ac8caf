"""Separated values with columns that no layout has: a mapping has to say what they mean."""

from typing import Final

from store.reading.format import UNMAPPED, UnreadFormat
from store.reading.signs import HeaderLine
from store.words import said

FORMAT: Final = UnreadFormat(
    name="csv",
    title=said("a CSV file"),
    advice=UNMAPPED,
    signs=(HeaderLine(confidence=0.89),),
)
