"""What kcat -J writes: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="kcat",
    title="kcat output",
    signs=(UsualKeys(names=("topic", "partition", "offset", "tstype", "payload")),),
)
