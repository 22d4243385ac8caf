"""Rows of Emmett as JSON: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="emmett-rows",
    title="Emmett rows",
    signs=(UsualKeys(names=("stream_position", "global_position", "message_type")),),
)
