"""Snapshots beside what the events say: each stream is folded once, past all of its snapshots."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from replay.snapshots.snapshots import Snapshot
from replay.states.diff import Change, diff, path_text
from replay.states.fold import Folded, fold
from replay.states.model import Model
from replay.words import said
from store import json_text
from store.errors import Cancelled
from store.events import RecordedEvent
from store.interface import EventReader
from store.stopwatch import Stopwatch

LOOKED_AFTER: Final = 1_000  # events between two looks at whether to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A snapshot beside the fold. Both times are measured: of a load with it and without."""

    difference: str  # empty when they agree
    load_ms: float = 0.0
    fold_ms: float = 0.0


class StreamCheck:
    """One stream by one model. Compare its snapshots in the order of their positions: what was
    folded for one serves the next."""

    def __init__(
        self, log: EventReader, model: Model[Any], stream: str, *, is_cancelled: Callable[[], bool]
    ) -> None:
        self._log, self._model, self._stream = log, model, stream
        self._is_cancelled = is_cancelled
        self._folded: Folded[Any] = Folded(model.initial())
        self._fold_s = 0.0

    def compare(self, snapshot: Snapshot) -> Compared:
        """Raises Cancelled, MissingUpcast, and what the model raises."""
        watch, folded = Stopwatch(), self._folded.events
        before = self._on_to(snapshot.position - 1)
        self._on_to(snapshot.position)
        self._fold_s += watch.seconds(self._folded.events - folded)
        if difference := self._misplaced(snapshot):
            return Compared(difference=difference)
        watch = Stopwatch()
        state = self._model.from_json(json_text.decode(snapshot.state_json))
        load_s = watch.seconds()
        difference = self._differing(state, self._folded.state)
        if snapshot.before_json is not None and not difference:
            kept = self._model.from_json(json_text.decode(snapshot.before_json))
            difference = self._differing(kept, before)
        return Compared(difference=difference, load_ms=load_s * 1e3, fold_ms=self._fold_s * 1e3)

    def _on_to(self, position: int) -> Any:
        """Fold on to a position; returns the state there."""
        events = self._log.read_stream(self._stream, after=self._folded.position, until=position)
        self._folded = fold(self._model, self._watched(events), start=self._folded)
        return self._folded.state

    def _watched(self, events: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
        for number, event in enumerate(events):
            if number % LOOKED_AFTER == 0 and self._is_cancelled():
                raise Cancelled
            yield event

    def _misplaced(self, snapshot: Snapshot) -> str:
        """Why it cannot be of this stream at its position; empty when it can."""
        if self._folded.position != snapshot.position:
            return said("the stream has no event at {position}", position=snapshot.position)
        version = self._log.stream_version(self._stream, until=snapshot.position)
        for what, stated, true in (
            ("version", snapshot.version, version),
            ("events", snapshot.event_count, self._folded.events),
        ):
            if stated != true:
                return said(
                    "{what}: the snapshot has {said}, the events give {true}",
                    what=what,
                    said=stated,
                    true=true,
                )
        return ""

    def _differing(self, stored: Any, folded: Any) -> str:
        found = next(iter(diff(self._plain(stored), self._plain(folded))), None)
        return "" if found is None else _told(found)

    def _plain(self, state: Any) -> Any:
        return json_text.decode(json_text.encode(self._model.to_json(state)))


def row_by_row(db: sqlite3.Connection, select: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(how many come after it, row): one state in memory at a time, and no transaction between
    two. `select` gives rows by their rowid."""
    keys = db.execute("SELECT rowid FROM snapshots ORDER BY stream, model, position").fetchall()
    for number, key in enumerate(keys, 1):
        row = db.execute(select, key).fetchone()
        if row is not None:  # thrown away meanwhile
            yield len(keys) - number, row


def _told(change: Change) -> str:
    stated = "nothing" if change.kind == "added" else json_text.encode(change.before)
    true = "nothing" if change.kind == "removed" else json_text.encode(change.after)
    return said(
        "{path}: the snapshot has {said}, the events give {true}",
        path=path_text(change.path),
        said=stated,
        true=true,
    )
