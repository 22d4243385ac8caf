"""Server-sent events of anybody but Wikimedia: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Text
from store.words import said

FORMAT: Final = UnreadFormat(
    name="server-sent-events",
    title=said("a stream of server-sent events"),
    signs=(Text(starts=(b"event:", b"id:", b"data:", b":")),),
)
