"""What would differ without one event of a log, against one reading of the whole log.

Figures are what one core spends, whoever else is at work. The event is one of the first, in the
middle and one of the last, with no view stored, and the first one again with all views stored.
"""

import sqlite3
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import Result, Size, cpu_seconds, median_ratio
from benchmarks.projections import fill
from replay.catalog.all_views import all_views
from replay.history.causation_index import CausationIndex
from replay.history.without_event import without_event
from replay.states.stream_states import StreamStates
from replay.views.read_store import open_views, open_views_to_read
from replay.views.runner import Runner
from store.interface import EventReader
from store.opening import reading

PAGE = 5_000


def run(size: Size) -> list[Result]:
    """Every moment, without stored views and with them."""
    count = size.of(1_000_000, quick=100_000, tiny=600)
    moments = (("an early", count // 1_000 + 1), ("a middle", count // 2), ("a late", count - 9))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "without.foldline")
        fill(path, count)
        with reading(path) as log:
            plain = [_result(log, None, it, count, size.rounds(3)) for it in moments]
            _store_views(log)
            views = open_views_to_read(log)
            assert views is not None, "they were folded"
            stored = [_result(log, views, it, count, size.rounds(3)) for it in moments[1:]]
            views.close()
    return [*plain, *stored]


def _result(
    log: EventReader,
    views: sqlite3.Connection | None,
    moment: tuple[str, int],
    count: int,
    rounds: int,
) -> Result:
    words, position = moment
    pairs = [
        (cpu_seconds(partial(_ask, log, views, position)), cpu_seconds(partial(_read, log)))
        for _ in range(rounds)
    ]
    ratio, our_s, read_s = median_ratio(pairs)
    rows = "rows stored" if views else "no rows stored"
    return Result(
        name=f"without {words} event of {count:,}, {rows}",
        figure=ratio,
        unit="× reading all",
        target=0.5,
        better="higher",
        detail=f"{our_s:.2f} s against {read_s:.2f} s",
    )


def _ask(log: EventReader, views: sqlite3.Connection | None, position: int) -> None:
    found = without_event(log, StreamStates(), CausationIndex(views, log), position, views=views)
    assert found.views, "the event is counted"


def _read(log: EventReader) -> None:
    head = log.head()
    for first in range(1, head + 1, PAGE):
        log.page(first, min(first + PAGE - 1, head))


def _store_views(log: EventReader) -> None:
    store = open_views(log)
    runner = Runner(store.db, log, all_views())
    while runner.advance():
        continue
    store.close()
