"""What the log already holds of a batch of incoming events: ids, and where streams stand.

One query a batch and question.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from store.reading.format import Outgoing
from store.sqlite.reader import LogReader
from store.transfer.known import Known, rows_of
from store.transfer.manifest import other_versions_since

STREAMS_KEPT: Final = 20_000  # in memory, so that a long import stays flat
STATED_KEPT: Final = 200_000  # rows of the temporary tables, between transactions

_LINKS: Final = """
SELECT l.position, s.name FROM links l JOIN streams s ON s.id = l.stream_id
WHERE l.position IN ({marks})
"""
_ORIGIN_VERSION: Final = """CASE json_type(e.source, '$.origin_version')
    WHEN 'integer' THEN json_extract(e.source, '$.origin_version') END"""
_RENUMBERED: Final = f"""
SELECT s.name FROM streams s JOIN events e ON e.stream_id = s.id
WHERE s.name IN ({{marks}}) AND e.source IS NOT NULL AND {_ORIGIN_VERSION} IS NOT NULL
GROUP BY s.id
"""
# Streams in which events came with another version than they have, and those versions. Up to
# agrees_until every event came with the version it has; those need no row in `stated`.
_TABLES: Final = (
    """CREATE TEMP TABLE IF NOT EXISTS renumbered (
        stream TEXT PRIMARY KEY, agrees_until INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TEMP TABLE IF NOT EXISTS stated (
        stream TEXT, version INTEGER, PRIMARY KEY (stream, version)) WITHOUT ROWID""",
)
_EMPTY: Final = ("DELETE FROM temp.renumbered", "DELETE FROM temp.stated")
_COPY_STATED: Final = f"""
INSERT OR IGNORE INTO temp.stated SELECT s.name, coalesce({_ORIGIN_VERSION}, e.version)
FROM streams s JOIN events e ON e.stream_id = s.id WHERE s.name = ?
"""
_STATED: Final = """
SELECT r.stream, r.agrees_until, max(s.version) FROM temp.renumbered r
JOIN temp.stated s ON s.stream = r.stream WHERE r.stream IN ({marks}) GROUP BY r.stream
"""
_IS_STATED: Final = "SELECT 1 FROM temp.stated WHERE stream = ? AND version = ?"
_ADD_RENUMBERED: Final = "INSERT OR IGNORE INTO temp.renumbered VALUES (?, ?)"
_ADD_STATED: Final = "INSERT OR IGNORE INTO temp.stated VALUES (?, ?)"


@dataclass(slots=True)
class StreamState:
    """Where a stream stands, its planned events included."""

    version: int = 0
    stated: int = 0  # the highest version that any of its events came with
    agrees_until: int = 0  # up to here every event came with the version it has

    @property
    def agrees(self) -> bool:
        """Whether every event came with the version it has."""
        return self.agrees_until == self.version


class Lookup:
    """Answers about one log, through the connection that writes to it, inside a transaction."""

    def __init__(self, db: sqlite3.Connection, known: Known) -> None:
        self._db = db
        self._known = known
        self._reader = LogReader(db)
        self._streams: OrderedDict[str, StreamState] = OrderedDict()
        self._imports_seen = 0
        self._has_other_versions = False  # somewhere in the log
        self._is_renumbered = False  # among the streams of the temporary tables
        self._stated_rows = 0
        for sql in _TABLES:
            db.execute(sql)

    def forget(self) -> None:
        """Start afresh: others have written since, or what was planned was not recorded."""
        since, self._imports_seen = other_versions_since(self._db, self._imports_seen)
        self._has_other_versions |= since or self._is_renumbered
        self._streams.clear()
        self._is_renumbered, self._stated_rows = False, 0
        for sql in _EMPTY:
            self._db.execute(sql)

    def make_room(self) -> None:
        """Between transactions: nothing that is remembered may grow without end."""
        if self._stated_rows > STATED_KEPT:
            self.forget()

    def head(self) -> int:
        """The highest position."""
        return self._reader.head()

    def recorded_at_us(self, position: int) -> int | None:
        """When the event at a position says that it was recorded; None when there is none."""
        event = self._reader.event(position)
        return None if event is None else event.recorded_at_us

    def by_id(self, ids: Iterable[str]) -> dict[str, Outgoing]:
        """The recorded events among these ids, with their links."""
        positions = self._known.positions(list(ids))
        if not positions:
            return {}
        links: dict[int, list[str]] = {}
        for position, name in rows_of(self._db, _LINKS, positions):
            links.setdefault(position, []).append(name)
        events = self._reader.at_positions(positions)
        return {it.id: Outgoing(it, tuple(links.get(it.position, ()))) for it in events}

    def load(self, names: Iterable[str]) -> None:
        """Get ready to answer about these streams, and drop those not asked for of late."""
        while len(self._streams) > STREAMS_KEPT:
            self._streams.popitem(last=False)
        fresh = list[str]()
        for name in names:
            if name in self._streams:
                self._streams.move_to_end(name)
            else:
                fresh.append(name)
        for name, version in self._known.versions(fresh):
            self._streams[name] = StreamState(version, version, version)
        if self._has_other_versions:
            self._recall(fresh)
        if self._is_renumbered:
            for name, agrees_until, stated in rows_of(self._db, _STATED, fresh):
                state = self._streams[name]
                state.agrees_until, state.stated = agrees_until, max(state.stated, stated)

    def stream(self, name: str) -> StreamState:
        """Where a stream stands; one that was loaded, or is new."""
        state = self._streams.get(name)
        if state is None:
            state = self._streams[name] = StreamState()
        return state

    def is_stated(self, name: str, state: StreamState, version: int) -> bool:
        """Whether an event of the stream came with this version."""
        if 0 < version <= state.agrees_until:
            return True
        if state.agrees:
            return False
        return self._db.execute(_IS_STATED, [name, version]).fetchone() is not None

    def advance(self, name: str, state: StreamState, stated: int) -> None:
        """Count one more event of the stream, which came with the version `stated`."""
        version = state.version + 1
        if stated == version and state.agrees_until == state.version:
            state.agrees_until = version
        else:
            self._is_renumbered = True
            self._db.execute(_ADD_RENUMBERED, [name, state.agrees_until])
            self._db.execute(_ADD_STATED, [name, stated])
            self._stated_rows += 1
        state.version = version
        if stated > state.stated:
            state.stated = stated

    def _recall(self, names: Sequence[str]) -> None:
        """Find the streams that earlier imports renumbered."""
        for (name,) in list(rows_of(self._db, _RENUMBERED, names)):
            self._is_renumbered = True
            self._db.execute(_ADD_RENUMBERED, [name, 0])
            self._stated_rows += self._db.execute(_COPY_STATED, [name]).rowcount
