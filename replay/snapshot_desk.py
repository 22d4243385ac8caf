"""Snapshots of a store as a person manages them: listed, made, checked and thrown away.

A snapshot is disposable: the events say the same. One of an older model, or whose hash does not
fit, is never used; the list says which and why.
"""

import math
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Literal, TypeAlias

from replay import snapshots
from replay.diff import diff
from replay.fold import Folded, fold
from replay.generic_model import GENERIC
from replay.model import Model
from replay.snapshots import Snapshot, state_hash
from replay.stream_states import StreamStates
from store import json_text
from store.connect import write_transaction
from store.reader import LogReader

Standing: TypeAlias = Literal["usable", "older model", "wrong hash", "unknown model"]

LENGTHS: Final = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)  # of streams, upper ends
MEASURED: Final = 5_000  # events folded for the curve, at most
SAMPLED: Final = 500  # events folded to learn what one costs
GOAL_MS: Final = 10.0  # a state that is loaded in this time is not felt
LIST: Final = """
SELECT model, model_version, stream, position, version, event_count, state, state_hash, made_at_us
FROM snapshots ORDER BY stream, model, position
"""
DELETE: Final = "DELETE FROM snapshots WHERE model = ? AND stream = ? AND position = ?"
DELETE_ALL: Final = "DELETE FROM snapshots"
LENGTHS_SQL: Final = "SELECT stream, event_count + linked_count FROM streams ORDER BY 2 DESC"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """One snapshot. `skips` is how many events a load need not fold with it."""

    stream: str
    model: str
    model_version: int
    position: int
    version: int
    skips: int
    bytes: int  # of its state
    made_at_us: int
    standing: Standing
    saves_ms: float = 0.0  # of each load, by what folding was measured to cost here


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A snapshot beside a full fold up to its position."""

    info: SnapshotInfo
    difference: str  # empty when they agree


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What folding costs here, measured, and how many events to let lie between snapshots."""

    us_per_event: float  # of the longest stream
    curve: tuple[tuple[int, float], ...]  # (events, milliseconds)
    histogram: tuple[tuple[int, int], ...]  # (upper end of the length, streams)
    longest: tuple[tuple[str, int], ...]
    every: int | None  # None: no stream is long enough to be felt


class SnapshotDesk:
    """For one log and its views. One thread; `db` must be writable for what changes anything."""

    def __init__(self, db: sqlite3.Connection, log: LogReader) -> None:
        self._db = db
        self._log = log
        self._states = StreamStates()
        self._us_per_event: dict[str, float] = {}
        self._models: dict[str, Model[Any]] = {GENERIC.name: GENERIC} | {
            it.name: self._states.models.fold(it) for it in self._states.models.models
        }

    def all(self) -> list[SnapshotInfo]:
        """Every snapshot there is, by stream and position."""
        return [self._info(row) for row in self._db.execute(LIST)]

    def all_with_savings(self) -> list[SnapshotInfo]:
        """As `all`, with what each saves: one stream of each model is folded for it."""
        return [replace(it, saves_ms=self._saved_ms(it)) for it in self.all()]

    def _saved_ms(self, info: SnapshotInfo) -> float:
        if info.standing != "usable":
            return 0.0
        if info.model not in self._us_per_event:
            events = list(self._log.read_stream(info.stream, limit=SAMPLED))
            started = time.perf_counter()
            done = fold(self._models[info.model], events).events
            seconds = time.perf_counter() - started
            self._us_per_event[info.model] = seconds * 1e6 / max(done, 1)
        return info.skips * self._us_per_event[info.model] / 1e3

    def create(
        self, streams: Iterable[str], *, on_progress: Callable[[int], None] = lambda _done: None
    ) -> int:
        """Save the newest state of each stream, by the model that gives it its meaning. Returns
        how many are new. Raises MissingUpcast."""
        before = self._count()
        for done, chunk in enumerate(_chunks(streams), 1):
            made = [it for name in chunk if (it := self._snapshot(name)) is not None]
            with write_transaction(self._db):
                snapshots.save(self._db, made)
            on_progress(done * CHUNK)
        return self._count() - before

    def longer_than(self, events: int) -> list[str]:
        """Streams with more than so many events, the longest first."""
        return [name for name, length in self._db.execute(LENGTHS_SQL) if length > events]

    def delete(self, infos: Iterable[SnapshotInfo]) -> int:
        """Throw these away. Returns how many there were."""
        before = self._count()
        with write_transaction(self._db):
            keys = ((it.model, it.stream, it.position) for it in infos)
            self._db.executemany(DELETE, keys)
        return before - self._count()

    def delete_all(self) -> int:
        """Throw all of them away."""
        before = self._count()
        with write_transaction(self._db):
            self._db.execute(DELETE_ALL)
        return before

    def verify(self) -> Iterator[Checked]:
        """Each snapshot beside a fold from the first event. Raises MissingUpcast."""
        for row in self._db.execute(LIST).fetchall():
            info = self._info(row)
            yield Checked(info=info, difference=self._difference(info, row[6]))

    def advise(self) -> Advice:
        """Measure the fold of the longest stream, and propose how often to save."""
        lengths = self._db.execute(LENGTHS_SQL).fetchall()
        histogram = [
            (end, sum(low < length <= end for _, length in lengths))
            for low, end in zip((0, *LENGTHS), LENGTHS, strict=False)
        ]
        curve = self._curve(lengths[0][0]) if lengths else []
        per_event = curve[-1][1] * 1_000 / curve[-1][0] if curve else 0.0
        every = max(round(GOAL_MS * 1_000 / per_event, -2), 100) if per_event else None
        is_felt = bool(lengths) and every is not None and lengths[0][1] > every
        return Advice(
            us_per_event=per_event,
            curve=tuple(curve),
            histogram=tuple((end, count) for end, count in histogram if count),
            longest=tuple(lengths[:5]),
            every=int(every) if is_felt and every else None,
        )

    def _curve(self, stream: str) -> list[tuple[int, float]]:
        """Milliseconds to load so many events and fold them."""
        model = self._states.fold_of(self._log, stream)
        curve = []
        for power in range(int(math.log10(MEASURED)) + 1):
            wanted = 10**power
            started = time.perf_counter()
            done = fold(model, self._log.read_stream(stream, limit=wanted)).events
            curve.append((done, (time.perf_counter() - started) * 1_000))
            if done < wanted:
                break
        return [it for it in curve if it[0]]

    def _snapshot(self, stream: str) -> Snapshot | None:
        model = self._states.fold_of(self._log, stream)
        found: Folded[Any] = fold(model, self._log.read_stream(stream))
        if found.last is None:
            return None
        return Snapshot(
            model=model.name,
            model_version=model.version,
            stream=stream,
            position=found.position,
            version=self._log.stream_version(stream, until=found.position),
            event_count=found.events,
            state_json=json_text.encode(model.to_json(found.state)),
        )

    def _difference(self, info: SnapshotInfo, state_json: str) -> str:
        if info.standing != "usable":
            return f"it is never used: {info.standing}"
        model = self._models[info.model]
        events = self._log.read_stream(info.stream, until=info.position)
        folded = json_text.decode(json_text.encode(model.to_json(fold(model, events).state)))
        stored = json_text.decode(state_json)
        found = next(iter(diff(stored, folded)), None)
        if found is None:
            return ""
        path = ".".join(map(str, found.path))
        return f"{path}: it says {found.before!r}, the events say {found.after!r}"

    def _info(self, row: tuple[Any, ...]) -> SnapshotInfo:
        model, model_version, stream, position, version, count, state, stored_hash, made = row
        snapshot = Snapshot(
            model=model, model_version=model_version, stream=stream, position=position,
            version=version, event_count=count, state_json=state,
        )  # fmt: skip
        return SnapshotInfo(
            stream=stream, model=model, model_version=model_version, position=position,
            version=version, skips=count, bytes=len(state.encode("utf-8", "surrogatepass")),
            made_at_us=made, standing=self._standing(snapshot, stored_hash),
        )  # fmt: skip

    def _standing(self, snapshot: Snapshot, stored_hash: str) -> Standing:
        model = self._models.get(snapshot.model)
        if model is None:
            return "unknown model"
        if model.version != snapshot.model_version:
            return "older model"
        return "usable" if state_hash(snapshot) == stored_hash else "wrong hash"

    def _count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM snapshots").fetchone()[0])


CHUNK: Final = 200  # streams a transaction


def _chunks(streams: Iterable[str]) -> Iterator[list[str]]:
    source = iter(streams)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
