"""Rows of Message DB as JSON: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="message-db-rows",
    title="Message DB rows",
    signs=(UsualKeys(names=("global_position", "position", "stream_name")),),
)
