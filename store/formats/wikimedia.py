"""Wikimedia EventStreams as JSON: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="wikimedia",
    title="Wikimedia EventStreams",
    signs=(UsualKeys(names=("$schema", "meta")),),
)
