"""Whether events with these ids are in a stream already, by what was noted before each attempt.

A claim says that an event with an id may lie at a version of the stream. It is written before the
attempt and never removed, so what is not claimed was never recorded; what is claimed is looked at.
Claims of a stream share a partition, so those of an append are one write.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import chain
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

    def noted(
        self, stream: str, events: Sequence[NewEvent], version: int, *, more: Sequence[Question]
    ) -> int | None:
        """Note that they may be behind this version, and `more`; meanwhile ask what `recorded`
        does, and raise the same.

        `version` is the one that the append will be decided on: if anything is behind it, that
        fails. So claims of what is behind it say nothing, and those of a new stream need not be
        asked for.
        """
        notes = [(_CLAIM, (stream, it.id, version + at)) for at, it in enumerate(events, 1)]
        asked = _questions(stream, events) if version else []
        claims = _by_id(self._asker.ask_beside(asked, [*notes, *more]), most=version)
        return self._found(stream, events, claims)

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
        claims = _by_id(self._asker.ask_all(_questions(stream, events)))
        return self._found(stream, events, claims)

    def _found(
        self, stream: str, events: Sequence[NewEvent], claims: Mapping[str, Sequence[int]]
    ) -> int | None:
        found = [self._place(stream, it.id, claims.get(it.id, ())) for it in events]
        taken = [(at, row) for at, row in enumerate(found) if row is not None]
        if not taken:
            return None
        first: int = taken[0][1][2] - taken[0][0]
        for at, (it, row) in enumerate(zip(events, found, strict=True)):
            if row is None or row[2] != first + at or not _is_same(it, row):
                raise DuplicateEventId(events[taken[0][0]].id)
        return first + len(events) - 1

    def _place(self, stream: str, event_id: str, versions: Sequence[int]) -> Row | None:
        """The recorded event with this id."""
        tried = (it for it in versions if (event_id, stream, it) not in self._refused)
        rows = (self._streams.at(stream, it) for it in tried)
        return next((it for it in rows if it is not None and it[3] == event_id), None)


def _questions(stream: str, events: Sequence[NewEvent]) -> list[Question]:
    ids = [it.id for it in events]
    return [(_CLAIMED, (stream, ids[at : at + AT_ONCE])) for at in range(0, len(ids), AT_ONCE)]


def _by_id(answers: Sequence[Sequence[Row]], *, most: int | None = None) -> dict[str, list[int]]:
    """Versions by id, up to a version; nothing of one that was never tried."""
    found: dict[str, list[int]] = {}
    for event_id, version in chain.from_iterable(answers):
        if most is None or version <= most:
            found.setdefault(event_id, []).append(version)
    return found


def _is_same(sent: NewEvent, row: Row) -> bool:
    kept = event_of(row)
    return (sent.type, sent.data_json, sent.metadata_json) == (
        kept.type,
        kept.data_json,
        kept.metadata_json,
    )
