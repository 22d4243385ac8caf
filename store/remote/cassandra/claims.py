"""Whether events with these ids are in a stream already, by what was noted before each attempt.

A claim says that an event with an id may lie at a version of the stream. It is written before the
attempt and never removed, so what is not claimed was never recorded; what is claimed is looked at.
Claims of a stream share a partition, so those of an append are one write.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from store.errors import DuplicateEventId
from store.events import NewEvent
from store.remote.cassandra.asking import Asker, Question, Row
from store.remote.cassandra.rows import event_of
from store.remote.cassandra.streams import Streams

_CLAIM: Final = "INSERT INTO {}.claims (stream, event_id, version) VALUES (?, ?, ?)"
_CLAIMED: Final = "SELECT event_id, version FROM {}.claims WHERE stream = ? AND event_id IN ?"
AT_ONCE: Final = 100  # ids of a question
KNOWN: Final = 10_000  # refused attempts that are remembered


class Claims:
    """One thread, that of its asker."""

    def __init__(self, asker: Asker, streams: Streams) -> None:
        self._asker, self._streams = asker, streams
        self._refused = OrderedDict[tuple[str, str, int], None]()  # id, stream, version

    def notes(self, stream: str, events: Sequence[NewEvent], first: int) -> list[Question]:
        """What is to be written before they are appended, from this version on."""
        return [(_CLAIM, (stream, it.id, first + at)) for at, it in enumerate(events)]

    def refused(self, stream: str, events: Sequence[NewEvent], first: int) -> None:
        """The transaction after that note was not applied, so it never will be."""
        for at, it in enumerate(events):
            self._refused[it.id, stream, first + at] = None
        while len(self._refused) > KNOWN:
            self._refused.popitem(last=False)

    def recorded(self, stream: str, events: Sequence[NewEvent]) -> int | None:
        """The version of the last event where all of them were recorded before, one after the
        other in this stream; None where none was. Raises DuplicateEventId for anything else.

        To be asked after the version was read that the append will be decided on: an append by
        somebody else that comes later makes that decision fail.
        """
        claims = self._claimed(stream, events)
        found = [self._place(stream, it.id, claims.get(it.id, ())) for it in events]
        taken = [(at, row) for at, row in enumerate(found) if row is not None]
        if not taken:
            return None
        first: int = taken[0][1][2] - taken[0][0]
        for at, (it, row) in enumerate(zip(events, found, strict=True)):
            if row is None or row[2] != first + at or not _is_same(it, row):
                raise DuplicateEventId(events[taken[0][0]].id)
        return first + len(events) - 1

    def _claimed(self, stream: str, events: Sequence[NewEvent]) -> dict[str, list[int]]:
        """Versions by id; nothing of one that was never tried."""
        ids = [it.id for it in events]
        parts = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
        found: dict[str, list[int]] = {}
        for rows in self._asker.ask_all([(_CLAIMED, (stream, it)) for it in parts]):
            for event_id, version in rows:
                found.setdefault(event_id, []).append(version)
        return found

    def _place(self, stream: str, event_id: str, versions: Sequence[int]) -> Row | None:
        """The recorded event with this id."""
        tried = (it for it in versions if (event_id, stream, it) not in self._refused)
        rows = (self._streams.at(stream, it) for it in tried)
        return next((it for it in rows if it is not None and it[3] == event_id), None)


def _is_same(sent: NewEvent, row: Row) -> bool:
    kept = event_of(row)
    return (sent.type, sent.data_json, sent.metadata_json) == (
        kept.type,
        kept.data_json,
        kept.metadata_json,
    )
