"""Single durable appends, of one caller and of 32, against a loop of one transaction an event.

The loop writes ready rows into a table with the same columns, checks and indexes, one transaction
each; both sync the disk at every commit. The loop does less than ours: it has no triggers, asks for
no version, makes no row and no hash. What waits together is committed together, so 32 callers need
far fewer syncs than the loop: the dearer a sync, the greater the ratio. What a sync costs here is
told beside it, since where it costs no more than the rows there is little to be shared.
"""

import os
import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import RawIOBase
from pathlib import Path
from typing import Any, Final

from benchmarks.append import rows_of, without_triggers
from benchmarks.event_source import new_events
from benchmarks.measure import Result, Size, in_turns, seconds
from store.events import NewEvent
from store.sqlite.connect import create_log, open_log, remove_files
from store.sqlite.store import open_store
from store.sqlite.writer import INSERT

CALLERS: Final = 32
SYNCS: Final = 30  # that are timed


def run(size: Size) -> list[Result]:
    """The same events on each side, every caller to a stream of its own."""
    events = new_events(size.of(6_400, quick=1_600, tiny=64))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [
            _result("one caller", folder, events, size, callers=1, target=0.8),
            _result(f"{CALLERS} callers", folder, events, size, callers=CALLERS, target=8.0),
        ]


def _result(
    name: str, folder: Path, events: list[NewEvent], size: Size, *, callers: int, target: float
) -> Result:
    ours, plain = folder / "ours.foldline", folder / "plain.foldline"
    _append(ours, events, callers=callers)
    rows = rows_of(ours)
    ratio, our_s, plain_s = in_turns(
        partial(_append, ours, events, callers=callers),
        partial(_insert, plain, rows),
        rounds=size.rounds(),
    )
    return Result(
        name=f"durable appends, one event each, {name}",
        figure=ratio,
        unit="× a loop",
        target=target,
        better="higher",
        detail=f"{len(events) / our_s:,.0f}/s against {len(events) / plain_s:,.0f}/s;"
        f" a sync takes {_sync_s(folder) * 1e6:,.0f} µs",
    )


def _append(path: Path, events: list[NewEvent], *, callers: int) -> float:
    """Seconds until every caller has an answer to each of its appends."""
    remove_files(path)
    create_log(path)
    store = open_store(path)
    store.append("warm-up", [NewEvent(type="Begun")], expected=0)

    def call(caller: int) -> None:
        for event in events[caller::callers]:
            store.append(f"order-{caller}", [event], expected=None)

    with ThreadPoolExecutor(callers) as pool:
        took = seconds(lambda: list(pool.map(call, range(callers))))
    store.close()
    return took


def _insert(path: Path, rows: Sequence[tuple[Any, ...]]) -> float:
    """Seconds to write ready rows, one transaction each."""
    remove_files(path)
    create_log(path)
    db = open_log(path, writable=True)
    without_triggers(db)

    def work() -> None:
        for row in rows:
            db.execute("BEGIN IMMEDIATE")
            db.execute(INSERT, row)
            db.execute("COMMIT")

    took = seconds(work)
    db.close()
    return took


def _sync_s(folder: Path) -> float:
    """Seconds that the disk takes to keep one page: the median of many."""
    page = bytes(4_096)
    with (folder / "page").open("wb", buffering=0) as file:
        return statistics.median(seconds(lambda: _keep(file, page)) for _ in range(SYNCS))


def _keep(file: RawIOBase, page: bytes) -> None:
    file.write(page)
    os.fsync(file.fileno())
