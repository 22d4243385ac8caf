"""A CloudTrail log: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Words

FORMAT: Final = UnreadFormat(
    name="cloudtrail",
    title="a CloudTrail log",
    signs=(Words(names=("Records", "eventSource", "eventName")),),
)
