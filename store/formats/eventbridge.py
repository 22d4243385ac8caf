"""Events of EventBridge: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="eventbridge",
    title="EventBridge events",
    signs=(UsualKeys(names=("detail-type", "source", "detail")),),
)
