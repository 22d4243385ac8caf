"""Any other XML: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Text
from store.words import said

FORMAT: Final = UnreadFormat(
    name="xml",
    title=said("an XML file"),
    signs=(Text(starts=(b"<?xml", b"<log", b"<!DOCTYPE"), confidence=0.5),),
)
