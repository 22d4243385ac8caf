"""The Atom feed of KurrentDB: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="kurrentdb-atom",
    title="a KurrentDB Atom feed",
    signs=(
        UsualKeys(names=("streamId", "headOfStream")),
        UsualKeys(names=("entries",), confidence=0.88),
    ),
)
