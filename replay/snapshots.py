"""States kept in the views file, so that a long stream need not be folded from its beginning."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from replay.fold import Folded
from replay.model import Model
from store import json_text
from store.times import now_us

S = TypeVar("S")

EVERY: Final = 500  # versions of a stream between two snapshots that the projector saves
TABLE: Final = """
CREATE TABLE snapshots (
    model TEXT NOT NULL,
    model_version INTEGER NOT NULL,
    stream TEXT NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_hash TEXT NOT NULL,
    made_at_us INTEGER NOT NULL,
    PRIMARY KEY (model, stream, model_version, position)
) STRICT
"""
SAVE: Final = "INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
NEAREST: Final = """
SELECT model, model_version, stream, position, version, event_count, state, state_hash
FROM snapshots
WHERE model = ? AND stream = ? AND model_version = ? AND position <= ?
ORDER BY position DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of a stream as of a position. Disposable: the events say the same."""

    model: str
    model_version: int
    stream: str
    position: int  # of the last event folded in
    version: int  # of the stream there
    event_count: int  # folded in, linked ones included
    state_json: str


def state_hash(snapshot: Snapshot) -> str:
    """Over every fact of the snapshot, so that neither its state nor its place can be altered."""
    facts = [
        snapshot.model,
        str(snapshot.model_version),
        snapshot.stream,
        str(snapshot.position),
        str(snapshot.version),
        str(snapshot.event_count),
        snapshot.state_json,
    ]
    return hashlib.sha256("\x1f".join(facts).encode("utf-8", "surrogatepass")).hexdigest()


def save(
    db: sqlite3.Connection,
    snapshots: Iterable[Snapshot],
    *,
    clock_us: Callable[[], int] = now_us,
) -> None:
    """Write snapshots; one that is there already is left as it is. Inside a transaction."""
    made_at_us = clock_us()
    db.executemany(SAVE, ((*_facts(it), state_hash(it), made_at_us) for it in snapshots))


def nearest(
    db: sqlite3.Connection, model: Model[Any], stream: str, position: int
) -> Snapshot | None:
    """The latest snapshot of the stream at or before a position, or None.

    One of another model version, or whose hash does not fit, is passed over.
    """
    rows = db.execute(NEAREST, [model.name, stream, model.version, position])
    for *facts, stored_hash in rows:
        snapshot = Snapshot(**dict(zip(_FIELDS, facts, strict=True)))
        if state_hash(snapshot) == stored_hash:
            rows.close()
            return snapshot
    return None


def folded(db: sqlite3.Connection, model: Model[S], stream: str, position: int) -> Folded[S] | None:
    """The nearest snapshot as a state to fold on; what replay.state_at asks for."""
    snapshot = nearest(db, model, stream, position)
    if snapshot is None:
        return None
    state = model.from_json(json_text.decode(snapshot.state_json))
    return Folded(state, position=snapshot.position, events=snapshot.event_count)


_FIELDS: Final = (
    "model",
    "model_version",
    "stream",
    "position",
    "version",
    "event_count",
    "state_json",
)


def _facts(snapshot: Snapshot) -> tuple[Any, ...]:
    return tuple(getattr(snapshot, name) for name in _FIELDS)
