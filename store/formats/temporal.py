"""The history of a Temporal workflow: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys, Words

FORMAT: Final = UnreadFormat(
    name="temporal",
    title="a Temporal history",
    signs=(
        UsualKeys(names=("eventId", "eventTime", "eventType")),
        UsualKeys(names=("history",), confidence=0.88),
        Words(names=("events", "eventId", "eventTime")),
    ),
)
