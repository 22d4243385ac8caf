"""Snapshots of a store as a person manages them: listed, made, checked and thrown away.

A snapshot is disposable: the events say the same. One by an older model or other code of it, or
whose hash does not fit, is never used; the list says which and why.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from replay.snapshots import snapshot_advice, snapshots
from replay.snapshots.snapshot_advice import Advice
from replay.snapshots.snapshot_check import Compared, StreamCheck, row_by_row
from replay.snapshots.snapshots import COLUMNS, Snapshot, snapshot_in, snapshot_of, state_hash
from replay.states.fold import Folded, fold
from replay.states.generic_model import GENERIC
from replay.states.model import Model
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.taught.teaching import teaching_of_log
from replay.words import said
from store.errors import Cancelled
from store.events import RecordedEvent
from store.interface import EventReader
from store.sqlite.connect import write_transaction
from store.stopwatch import Stopwatch

Standing: TypeAlias = Literal[
    "usable", "older model", "other code of the model", "wrong hash", "unknown model"
]
Code: TypeAlias = tuple[int, str]  # the version of a model, and its definition

CHUNK: Final = 200  # streams a transaction
SAMPLED: Final = 500  # events folded to learn what one costs
TRIES: Final = 3
ROW: Final = f"SELECT {COLUMNS}, state_hash, made_at_us FROM snapshots WHERE rowid = ?"
DELETE: Final = "DELETE FROM snapshots WHERE model = ? AND stream = ? AND position = ?"
DELETE_ALL: Final = "DELETE FROM snapshots"


class MakingStopped(Cancelled):
    hint = said("The snapshots created before that are saved.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """One snapshot. `skips` is how many events a load need not fold with it."""

    stream: str
    model: str
    model_version: int
    position: int
    version: int
    skips: int
    bytes: int  # of its states
    made_at_us: int
    standing: Standing
    saves_ms: float | None = None  # of each load: an estimate, by what folding a sample cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A snapshot beside a full fold up to its position. Both times are measured."""

    info: SnapshotInfo
    difference: str  # empty when they agree
    load_ms: float = 0.0
    fold_ms: float = 0.0


class SnapshotDesk:
    """For one log and its views. One thread; `db` must be writable for what changes anything.

    `elsewhere` tells the code of models that run in another process: their snapshots are listed
    for what they are, and neither made nor checked here.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        log: EventReader,
        *,
        models: ModelSet | None = None,
        elsewhere: Mapping[str, Code] | None = None,
    ) -> None:
        self._db = db
        self._log = log
        self._states = StreamStates(models=models)
        self._us_per_event: dict[str, float] = {}
        known = self._states.models
        plain = (GENERIC, *teaching_of_log(log).models)
        self._models: dict[str, Model[Any]] = {it.name: it for it in plain} | {
            it.name: known.fold(it) for it in known.models if it.name not in (elsewhere or {})
        }
        self._code = {it.name: (it.version, it.definition) for it in self._models.values()}
        self._code |= elsewhere or {}

    def all(self) -> list[SnapshotInfo]:
        """Every snapshot there is, by stream and position."""
        return [self._info(row) for _, row in row_by_row(self._db, ROW)]

    def all_with_savings(self) -> list[SnapshotInfo]:
        """As `all`, with what each saves: some events of each model are folded to estimate it."""
        return [replace(it, saves_ms=self._saved_ms(it)) for it in self.all()]

    def _saved_ms(self, info: SnapshotInfo) -> float | None:
        if info.standing != "usable" or info.model not in self._models:
            return None
        if info.model not in self._us_per_event:
            tries = (self._us_of(info) for _ in range(TRIES))
            self._us_per_event[info.model] = min(tries)
        return info.skips * self._us_per_event[info.model] / 1e3

    def _us_of(self, info: SnapshotInfo) -> float:
        """What an event costs now; the first time it costs what is done once, too."""
        watch = Stopwatch()
        events = self._log.read_stream(info.stream, limit=SAMPLED)
        done = fold(self._models[info.model], events).events
        return watch.seconds(done) * 1e6 / max(done, 1)

    def create(
        self,
        streams: Iterable[str],
        *,
        on_progress: Callable[[int], None] = lambda _done: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Save the newest state of each stream, by the model that gives it its meaning. Returns
        how many are new. Raises MissingUpcast, MakingStopped: what was made till then stays."""
        made, waiting = 0, list[Snapshot]()
        for done, name in enumerate(streams, 1):
            if is_cancelled():
                self._save(waiting)
                raise MakingStopped
            snapshot = self._snapshot(name)
            waiting += [snapshot] if snapshot else []
            if len(waiting) == CHUNK:
                made += self._save(waiting)
                waiting = []
            on_progress(done)
        return made + self._save(waiting)

    def longer_than(self, events: int) -> list[str]:
        """Streams in which more than so many events live, the longest first."""
        return [name for name, length in self._log.stream_lengths() if length > events]

    def delete(self, infos: Iterable[SnapshotInfo]) -> int:
        """Throw these away. Returns how many there were."""
        keys = [(it.model, it.stream, it.position) for it in infos]
        with write_transaction(self._db):
            return max(self._db.executemany(DELETE, keys).rowcount, 0)

    def delete_all(self) -> int:
        """Throw all of them away."""
        with write_transaction(self._db):
            return self._db.execute(DELETE_ALL).rowcount

    def verify(
        self,
        *,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Checked]:
        """Each snapshot beside a fold from the first event, one pass a stream. `on_progress`
        hears how many are done and of how many. Raises MissingUpcast, Cancelled."""
        place, check, done = ("", ""), None, 0
        for left, row in row_by_row(self._db, ROW):
            info, snapshot = self._info(row), snapshot_in(row)
            done += 1
            if info.standing != "usable" or info.model not in self._models:
                why = (
                    info.standing
                    if info.standing != "usable"
                    else said("its model runs in another process")
                )
                yield Checked(info=info, difference=said("it is never used: {why}", why=why))
                continue
            if check is None or place != (info.stream, info.model):
                place, model = (info.stream, info.model), self._models[info.model]
                check = StreamCheck(self._log, model, info.stream, is_cancelled=is_cancelled)
            yield _checked(info, check.compare(snapshot))
            on_progress(done, done + left)

    def advise(self) -> Advice:
        """Measure the fold of the longest stream, and propose how often to save. Raises
        MissingUpcast."""
        found = self._log.stream_lengths()
        model = self._states.fold_of(self._log, found[0][0]) if found else GENERIC
        return snapshot_advice.advise(self._log, model, found)

    def _snapshot(self, stream: str) -> Snapshot | None:
        """Of its newest state, folded on from the snapshot before; None when it is there."""
        last = next(self._log.read_stream(stream, limit=1, reverse=True), None)
        if last is None:
            return None
        model = self._states.fold_of(self._log, stream)
        base = snapshots.folded(self._db, model, stream, last.position)
        if base is not None and base.position == last.position:
            return None
        events = self._log.read_stream(
            stream, after=base.position if base else 0, until=last.position - 1
        )
        before: Folded[Any] = fold(model, events, start=base)
        state = model.evolve(before.state, last)
        found = Folded(state, last.position, before.events + 1, last, before.state)
        version = self._log.stream_version(stream, until=last.position)
        keeps_before = not _can_step_back(model, found)
        return snapshot_of(model, stream, found, version=version, keeps_before=keeps_before)

    def _save(self, made: list[Snapshot]) -> int:
        with write_transaction(self._db):
            return snapshots.save(self._db, made)

    def _info(self, row: tuple[Any, ...]) -> SnapshotInfo:
        it, (stored_hash, made_at_us) = snapshot_in(row), row[-2:]
        texts = (it.state_json, it.before_json or "")
        return SnapshotInfo(
            stream=it.stream,
            model=it.model,
            model_version=it.model_version,
            position=it.position,
            version=it.version,
            skips=it.event_count,
            bytes=sum(len(text.encode("utf-8", "surrogatepass")) for text in texts),
            made_at_us=made_at_us,
            standing=self._standing(it, stored_hash),
        )

    def _standing(self, snapshot: Snapshot, stored_hash: str) -> Standing:
        code = self._code.get(snapshot.model)
        if code is None:
            return "unknown model"
        if code[0] != snapshot.model_version:
            return "older model"
        if code[1] != snapshot.definition:
            return "other code of the model"
        return "usable" if state_hash(snapshot) == stored_hash else "wrong hash"


def _checked(info: SnapshotInfo, found: Compared) -> Checked:
    return Checked(
        info=info, difference=found.difference, load_ms=found.load_ms, fold_ms=found.fold_ms
    )


def _can_step_back(model: Model[Any], folded: Folded[Any]) -> bool:
    """Whether the state before the last event follows from the one after it."""
    last: RecordedEvent | None = folded.last
    if model.reverse is None or last is None:
        return False
    try:
        return bool(model.reverse(folded.state, last) == folded.before)
    except LookupError:
        return False
