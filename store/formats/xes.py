"""XES, the event log of process mining, as XML: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Text

FORMAT: Final = UnreadFormat(
    name="xes",
    title="an XES log",
    signs=(
        Text(
            starts=(b"<?xml", b"<log", b"<!DOCTYPE"),
            holds=(b"<log",),
            holds_any=(b"<trace", b"xes"),
            confidence=0.91,
        ),
    ),
)
