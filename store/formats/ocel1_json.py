"""OCEL 1.0 as JSON: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="ocel1-json",
    title="an OCEL 1.0 log",
    signs=(
        UsualKeys(names=("ocel:events",), confidence=0.89),
        UsualKeys(names=("ocel:global-log",), confidence=0.89),
    ),
)
