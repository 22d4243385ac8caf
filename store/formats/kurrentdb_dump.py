"""What a client of KurrentDB reads: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Words

FORMAT: Final = UnreadFormat(
    name="kurrentdb-dump",
    title="a KurrentDB client dump",
    signs=(Words(names=("revision", "streamId")),),
)
