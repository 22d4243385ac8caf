"""Gaps in the offsets of Kafka: records that compaction, or an end of what is kept, took away. What
is folded from the records that are left may be wrong, so each gap is told."""

from typing import Final

from msgspec import structs

from store.reading.format import Incoming
from store.reading.remarks import Remark
from store.words import said

PARTITIONS: Final = 10_000  # of which the last offset is remembered


class OffsetGaps:
    """`told` every event of a file in its order."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def told(self, event: Incoming) -> Incoming:
        """The event, with a remark where offsets are missing before it; its cursor ends with its
        own."""
        partition, _, text = (event.origin.cursor or "").rpartition("/")
        if not text.isdigit():
            return event
        offset, last = int(text), self._last.get(partition)
        if last is None and len(self._last) >= PARTITIONS:
            return event
        self._last[partition] = max(offset, last or 0)
        if last is None or offset <= last + 1:
            return event
        what = said(
            "partition {partition}: offset {offset} follows {last}",
            partition=partition,
            offset=offset,
            last=last,
        )
        gap = Remark(kind="gaps", text=what, line=event.line, offset=event.offset)
        return structs.replace(event, remarks=(*event.remarks, gap))
