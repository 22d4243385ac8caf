"""From an append to the moment its word is found: a projector of its own keeps the index."""

import statistics
import tempfile
import threading
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.measure import Result, Size
from benchmarks.window import filled_store
from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report
from replay.views.read_store import open_views_to_read
from replay.views.search_view import SEARCH, search
from store.events import NewEvent
from store.interface import EventReader
from store.opening import open_reader
from store.place import Place
from store.sqlite.store import SqliteStore, open_store

TARGET_MS: Final = 1_000.0
PATIENCE_S: Final = 60.0


def run(size: Size) -> list[Result]:
    """Words that nothing held before, one after another."""
    count, rounds = size.of(200_000, quick=20_000, tiny=200), size.of(100, quick=100, tiny=2)
    with tempfile.TemporaryDirectory() as folder:
        path = filled_store(Path(folder), count)
        taken_ms = _measured(path, rounds)
    return [
        Result(
            name=f"append → found by its word, at {count:,}, longest",
            figure=max(taken_ms),
            unit="ms",
            target=TARGET_MS,
            better="lower",
            detail=f"median {statistics.median(taken_ms):.0f} ms of {rounds}",
        )
    ]


def _measured(path: Path, rounds: int) -> list[float]:
    store, log, heard = open_store(path), open_reader(path), _Heard()
    projector = Projector(Place(path), on_report=heard.take)
    projector.start()
    try:
        heard.wait(store.head())
        return [_milliseconds(store, log, heard, f"wanted{n:06}") for n in range(rounds)]
    finally:
        projector.close()
        log.close()
        store.close()


def _milliseconds(store: SqliteStore, log: EventReader, heard: "_Heard", word: str) -> float:
    started = perf_counter()
    done = store.append("order-000001", [NewEvent.of("Noted", {"note": word})], expected=None)
    heard.wait(done.position)
    db = open_views_to_read(log)
    assert db is not None
    found = search(db, log, word)
    taken_ms = 1e3 * (perf_counter() - started)
    db.close()
    assert found.positions == (done.position,)
    return taken_ms


class _Heard:
    """How far the index was when the projector last told."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._checkpoint = 0

    def take(self, report: Report) -> None:
        with self._changed:
            self._checkpoint = report.views[SEARCH.name].checkpoint if report.views else 0
            self._changed.notify_all()

    def wait(self, position: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._checkpoint >= position, PATIENCE_S):
                raise TimeoutError(f"the index did not come to {position:,}")
