"""What a column that was added shows of each event: read on a reader thread, with the rows."""

from collections.abc import Sequence
from typing import Protocol

from gui.work.reads import Reads
from store.events import RecordedEvent


class ColumnSource(Protocol):
    """Where a column's texts come from. Unchanging and hashable: any thread may hold it."""

    @property
    def id(self) -> str:
        """Of the column; also after a restart."""

    def texts(self, reads: Reads, events: Sequence[RecordedEvent]) -> Sequence[str]:
        """A text for each event, in their order; empty where there is nothing to show. Called on a
        reader thread, for a page of the list at a time."""
