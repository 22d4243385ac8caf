"""Which events an event or command caused, and which belong to one conversation, as a view.

The table `causation` holds, by position, 64-bit digests of the ids that an event's metadata names:
`causation_id` and `correlation_id`. Digests keep the table a third as large as the ids would; two
ids may share one, so whoever asks looks at the event itself before believing it.
"""

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import msgspec
from msgspec import Struct

from replay.view_version import ViewVersion
from replay.views import many_rows
from replay.views.checkpoints import FORK, Begun, Fork
from replay.views.flat_rows import FlatRows
from replay.views.index_writer import IndexWriter
from replay.views.sink import Flushed
from replay.views.view import Table, View
from replay.words import said
from store import json_text
from store.events import RecordedEvent

NAME: Final = "causation"
BEGIN: Final = f"""
INSERT INTO main."{NAME}" SELECT * FROM {FORK}."{NAME}" WHERE position <= ? ORDER BY position
"""


class _Ids(Struct):
    causation_id: str | None = None
    correlation_id: str | None = None


_NO_IDS: Final = (None, None)
_IDS: Final = msgspec.json.Decoder(_Ids)


def digest(id_: str) -> int:
    """A signed 64-bit number for an id, the same in every process."""
    raw = blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)


def ids_of(event: RecordedEvent) -> tuple[str | None, str | None]:
    """The causation id and the correlation id that the metadata names; numbers as their text."""
    text = event.metadata_json
    if "c" not in text and "\\" not in text:
        return _NO_IDS
    try:
        ids = _IDS.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError):  # an id that is no text
        metadata = json_text.decode(text)
        return _text(metadata, "causation_id"), _text(metadata, "correlation_id")
    return ids.causation_id, ids.correlation_id


def _text(metadata: dict[str, Any], key: str) -> str | None:
    value = metadata.get(key)
    return None if value is None else str(value)


class CausationWriter:
    """Adds events to the index. One thread; `flush` in a transaction."""

    def __init__(self, db: sqlite3.Connection, version: ViewVersion) -> None:
        self._db = db
        self._add = f'INSERT INTO "{version.name}" (position, cause, correlation)'
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._rows = FlatRows(3)

    def take(self, events: Sequence[RecordedEvent], _links: dict[int, tuple[str, ...]]) -> int:
        """Keep the digests for the flush. Events that name no id have no row."""
        flat, known = self._rows.values, _Digests({None: None})
        for it in events:
            cause, correlation = ids_of(it)
            if cause is not None or correlation is not None:
                flat += (it.position, known[cause], known[correlation])
        return events[-1].position

    def flush(self) -> Flushed:
        """Write them."""
        rows, self._rows = self._rows, FlatRows(3)
        many_rows.insert(self._db, self._add, rows)
        return Flushed(rows=len(rows), writes=len(rows))


class _Digests(dict[str | None, int | None]):
    """Those of a run, each worked out once."""

    def __missing__(self, id_: str | None) -> int | None:
        found = self[id_] = None if id_ is None else digest(id_)
        return found


def _create(db: sqlite3.Connection, version: ViewVersion) -> None:
    columns = "position INTEGER PRIMARY KEY, cause INTEGER, correlation INTEGER"
    db.execute(f'CREATE TABLE "{version.name}" ({columns}) STRICT')


def _index(db: sqlite3.Connection, version: ViewVersion, generation: int) -> None:
    """Made when the view is near the head: filling them row by row would touch a page a row."""
    for column in ("cause", "correlation"):
        name = f"{version.view}_by_{column}_{generation}"
        db.execute(
            f'CREATE INDEX "{name}" ON "{version.name}" ({column}) WHERE {column} IS NOT NULL'
        )


def _begin(db: sqlite3.Connection, fork: Fork) -> Begun:
    """A row never changes."""
    count = db.execute(BEGIN, [fork.until]).rowcount
    return Begun(rows=count, writes=count)


def _describe(_db: sqlite3.Connection) -> None:
    """Digests say nothing to a person."""


CAUSATION: Final = View(
    name=NAME,
    title=said("Causes and conversations"),
    version=1,
    definition="causation 1",
    columns=(),
    projection=None,
    tables=(Table(suffix="", key=("position",)),),
    create=_create,
    index=_index,
    writer=lambda db, version: IndexWriter(db, version, CausationWriter(db, version)),
    describe=_describe,
    from_fork=_begin,
)
