"""Whether events with these ids are recorded already, by what was noted before each attempt.

A claim says that an event with an id may lie at a version of a stream. It is written before the
attempt and never removed, so what is not claimed was never recorded; what is claimed is looked at.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from store.errors import DuplicateEventId
from store.events import NewEvent
from store.remote.cassandra.asking import Asker, Row
from store.remote.cassandra.rows import event_of
from store.remote.cassandra.streams import Streams

_CLAIM: Final = "INSERT INTO {}.claims (event_id, stream, version) VALUES (?, ?, ?)"
_CLAIMED: Final = "SELECT stream, version FROM {}.claims WHERE event_id = ?"
AT_ONCE: Final = 200  # questions
KNOWN: Final = 10_000  # refused attempts that are remembered


class Claims:
    """One thread, that of its asker."""

    def __init__(self, asker: Asker, streams: Streams) -> None:
        self._asker, self._streams = asker, streams
        self._refused = OrderedDict[tuple[str, str, int], None]()  # id, stream, version

    def note(self, stream: str, events: Sequence[NewEvent], first: int) -> None:
        """They are about to be appended, from this version on."""
        wanted = [(_CLAIM, (it.id, stream, first + at)) for at, it in enumerate(events)]
        for at in range(0, len(wanted), AT_ONCE):
            self._asker.ask_all(wanted[at : at + AT_ONCE])

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
        found = [self._place(it.id, claims) for it, claims in self._claimed(events)]
        taken = [(at, row) for at, row in enumerate(found) if row is not None]
        if not taken:
            return None
        first: int = taken[0][1][2] - taken[0][0]
        for at, (it, row) in enumerate(zip(events, found, strict=True)):
            if row is None or (row[1], row[2]) != (stream, first + at) or not _is_same(it, row):
                raise DuplicateEventId(events[taken[0][0]].id)
        return first + len(events) - 1

    def _claimed(self, events: Sequence[NewEvent]) -> list[tuple[NewEvent, list[Row]]]:
        claims = list[list[Row]]()
        for at in range(0, len(events), AT_ONCE):
            part = events[at : at + AT_ONCE]
            claims += self._asker.ask_all([(_CLAIMED, (it.id,)) for it in part])
        return list(zip(events, claims, strict=True))

    def _place(self, event_id: str, claims: Sequence[Row]) -> Row | None:
        """The recorded event with this id."""
        open_ = (it for it in claims if (event_id, *it) not in self._refused)
        rows = (self._streams.at(stream, version) for stream, version in open_)
        return next((it for it in rows if it is not None and it[3] == event_id), None)


def _is_same(sent: NewEvent, row: Row) -> bool:
    kept = event_of(row)
    return (sent.type, sent.data_json, sent.metadata_json) == (
        kept.type,
        kept.data_json,
        kept.metadata_json,
    )
