"""Events as they are appended to KurrentDB: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="kurrentdb",
    title="KurrentDB events",
    signs=(UsualKeys(names=("eventId", "eventType", "data")),),
)
