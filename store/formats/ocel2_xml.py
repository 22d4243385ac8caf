"""OCEL 2.0 as XML: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Text

FORMAT: Final = UnreadFormat(
    name="ocel2-xml",
    title="an OCEL 2.0 log as XML",
    signs=(
        Text(
            starts=(b"<?xml", b"<log", b"<!DOCTYPE"),
            holds_any=(b"<object-types", b"<event-types"),
            confidence=0.93,
        ),
    ),
)
