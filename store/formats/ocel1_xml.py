"""OCEL 1.0 as XML: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Text

FORMAT: Final = UnreadFormat(
    name="ocel1-xml",
    title="an OCEL 1.0 log as XML",
    signs=(
        Text(
            starts=(b"<?xml", b"<log", b"<!DOCTYPE"),
            holds=(b"<log", b'<global scope="', b"<events"),
            confidence=0.92,
        ),
    ),
)
