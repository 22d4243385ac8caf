"""Snapshots that were altered are found by their hash and made again from the events.

Nobody uses one in the meantime: whoever reads it sees the same. Those by other code of a model are
left to the keeper, which makes its own anew.
"""

import sqlite3
from typing import Any, Final

from replay.snapshots import snapshots
from replay.snapshots.snapshots import COLUMNS, Snapshot, snapshot_in, snapshot_of, state_hash
from replay.states.fold import fold
from replay.states.stream_states import StreamStates
from store.interface import EventReader
from store.sqlite.connect import write_transaction

ROWS: Final = 200  # looked at, at a time
PAGE: Final = f"""
SELECT {COLUMNS}, state_hash, rowid FROM snapshots WHERE rowid > ? ORDER BY rowid LIMIT ?
"""
DELETE: Final = "DELETE FROM snapshots WHERE rowid = ?"


class SnapshotMender:
    """For one log and its views. One thread; `db` is writable.

    Goes through all of them once, and again when another process has written to the file.
    """

    def __init__(self, db: sqlite3.Connection, log: EventReader, states: StreamStates) -> None:
        self._db, self._log, self._states = db, log, states
        self._seen = -1  # SQLite's count of what other connections have written
        self._after: int | None = 0  # rowid; None: through

    def advance(self) -> bool:
        """Look at some. Returns whether there are more to look at."""
        seen = self._db.execute("PRAGMA data_version").fetchone()[0]
        if seen != self._seen:
            self._seen, self._after = seen, 0
        if self._after is None:
            return False
        rows = self._db.execute(PAGE, [self._after, ROWS]).fetchall()
        if altered := [it for it in rows if state_hash(snapshot_in(it)) != it[-2]]:
            self._mend(altered)
        self._after = rows[-1][-1] if len(rows) == ROWS else None
        return self._after is not None

    def _mend(self, altered: list[tuple[Any, ...]]) -> None:
        made = [it for row in altered if (it := self._again(snapshot_in(row))) is not None]
        with write_transaction(self._db):
            self._db.executemany(DELETE, ((row[-1],) for row in altered))
            snapshots.save(self._db, made)

    def _again(self, altered: Snapshot) -> Snapshot | None:
        """As the events say; None where they say that there cannot be one, or cannot be read."""
        stream, position = altered.stream, altered.position
        model = self._states.fold_of(self._log, stream)
        try:
            base = snapshots.folded(self._db, model, stream, position - 1)
            events = self._log.read_stream(
                stream, after=base.position if base else 0, until=position
            )
            found = fold(model, events, start=base)
            if found.position != position or altered.model != model.name:
                return None
            version = self._log.stream_version(stream, until=position)
            return snapshot_of(model, stream, found, version=version)
        except Exception:  # the edge: what a model cannot read has no state to save
            return None
