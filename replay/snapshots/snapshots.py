"""States kept in the views file, so that a long stream need not be folded from its beginning."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, TypeVar

import msgspec

from replay.states.fold import Folded
from replay.states.model import Model
from store import json_text
from store.times import now_us

S = TypeVar("S")

EVERY: Final = 500  # versions of a stream between two snapshots, where nothing else was said
TABLE: Final = """
CREATE TABLE snapshots (
    model TEXT NOT NULL,
    model_version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    stream TEXT NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    state_hash TEXT NOT NULL,
    made_at_us INTEGER NOT NULL,
    state TEXT NOT NULL,
    before TEXT,
    PRIMARY KEY (model, stream, position)
) STRICT
"""
COLUMNS: Final = (
    "model, model_version, definition, stream, position, version, event_count, state, before"
)
SAVE: Final = f"""
INSERT INTO snapshots ({COLUMNS}, state_hash, made_at_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (model, stream, position) DO UPDATE SET
    model_version = excluded.model_version, definition = excluded.definition,
    version = excluded.version, event_count = excluded.event_count, state = excluded.state,
    before = excluded.before, state_hash = excluded.state_hash, made_at_us = excluded.made_at_us
WHERE (definition, version, event_count, state, state_hash)
    IS NOT (excluded.definition, excluded.version, excluded.event_count, excluded.state,
            excluded.state_hash)
"""
NEAREST: Final = f"""
SELECT {COLUMNS}, state_hash FROM snapshots
WHERE model = ? AND stream = ? AND position <= ? AND definition = ? ORDER BY position DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of a stream as of a position. Disposable: the events say the same."""

    model: str
    model_version: int
    definition: str  # of the code that folded it: of no use to other code
    stream: str
    position: int  # of the last event folded in
    version: int  # of the stream there
    event_count: int  # folded in, linked ones included
    state_json: str
    before_json: str | None = None  # the state before its last event, where that was kept too


def snapshot_of(
    model: Model[S], stream: str, folded: Folded[S], *, version: int, keeps_before: bool = False
) -> Snapshot:
    """What is to be saved of a state. `keeps_before`: with the one before its last event, if
    `folded` knows that."""
    before = folded.before if keeps_before else None
    return Snapshot(
        model=model.name,
        model_version=model.version,
        definition=model.definition,
        stream=stream,
        position=folded.position,
        version=version,
        event_count=folded.events,
        state_json=json_text.encode(model.to_json(folded.state)),
        before_json=None if before is None else json_text.encode(model.to_json(before)),
    )


def snapshot_in(row: Sequence[Any]) -> Snapshot:
    """The snapshot in a row whose first columns are COLUMNS."""
    return Snapshot(**dict(zip(_FIELDS, row, strict=False)))


def state_hash(snapshot: Snapshot) -> str:
    """Over every fact of the snapshot, so that neither its state nor its place can be altered."""
    facts = ("" if it is None else str(it) for it in _facts(snapshot))
    return hashlib.sha256("\x1f".join(facts).encode("utf-8", "surrogatepass")).hexdigest()


def save(
    db: sqlite3.Connection,
    snapshots: Iterable[Snapshot],
    *,
    clock_us: Callable[[], int] = now_us,
) -> int:
    """Write snapshots; returns how many are new. Inside a transaction.

    One that says the same is left as it is; one of other code, or that was altered, is replaced.
    """
    made_at_us = clock_us()
    rows = ((*_facts(it), state_hash(it), made_at_us) for it in snapshots)
    return max(db.executemany(SAVE, rows).rowcount, 0)


def nearest(
    db: sqlite3.Connection, model: Model[Any], stream: str, position: int
) -> Snapshot | None:
    """The latest snapshot of the stream at or before a position, or None.

    One by other code of the model, or whose hash does not fit, is passed over.
    """
    rows = db.execute(NEAREST, [model.name, stream, position, model.definition])
    for row in rows:
        snapshot = snapshot_in(row)
        if state_hash(snapshot) == row[-1]:
            rows.close()
            return snapshot
    return None


def folded(db: sqlite3.Connection, model: Model[S], stream: str, position: int) -> Folded[S] | None:
    """The nearest snapshot as a state to fold on; what replay.states.state_at asks for."""
    snapshot = nearest(db, model, stream, position)
    if snapshot is None:
        return None
    try:
        state = model.from_json(json_text.decode(snapshot.state_json))
        kept = snapshot.before_json
        before = None if kept is None else model.from_json(json_text.decode(kept))
    except (ValueError, msgspec.MsgspecError):  # not as this model writes them: the events tell
        return None
    return Folded(state, position=snapshot.position, events=snapshot.event_count, before=before)


_FIELDS: Final = tuple(field.name for field in fields(Snapshot))
_facts: Final = attrgetter(*_FIELDS)
