"""A page of a view as of a random position, with many row versions and with few."""

import random
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final
from unittest.mock import patch

from msgspec import Struct

from benchmarks.event_source import new_events
from benchmarks.measure import Result, Size, seconds
from replay.projection import Projection, Rows
from replay.questions import known_view, view_query
from replay.views.read_store import open_views, open_views_to_read
from replay.views.runner import Runner
from replay.views.view import view_of
from store.events import NewEvent, RecordedEvent
from store.opening import open_reader
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

ROWS_AN_EVENT: Final = 20
ROWS: Final = 10_000  # with 10,000,000 versions each has 1,000 of them
PAGE: Final = 50


class Cell(Struct, frozen=True):
    """One row."""

    number: int
    total: int
    last_type: str


def apply(rows: Rows[Cell], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Many rows an event, spread over all of them."""
    first = event.position * 7_919
    for n in range(ROWS_AN_EVENT):
        number = (first + n * 2_503) % ROWS
        row = rows.get(number)
        rows.put(Cell(number, (row.total if row else 0) + n, event.type))


CELLS: Final = view_of(
    Projection(name="cells", version=1, title="", row=Cell, key=("number",), apply=apply)
)


def run(size: Size) -> list[Result]:
    """p99 with all versions, and how that stands to a hundredth of them."""
    versions = size.of(10_000_000, quick=1_000_000, tiny=4_000)
    few = size.of(100_000, quick=100_000, tiny=2_000)
    pages = size.of(1_000, quick=1_000, tiny=20)
    known = patch.object(known_view, "views_without_code", lambda _log: (CELLS,))
    with tempfile.TemporaryDirectory() as folder, known:
        few_ms = _p99_ms(Path(folder, "few.foldline"), few, pages)
        many_ms = _p99_ms(Path(folder, "many.foldline"), versions, pages)
    return [
        Result(
            name=f"page as of the past, {versions:,} row versions, p99",
            figure=many_ms,
            unit="ms",
            target=5.0,
            better="lower",
            detail=f"{PAGE} rows a page, {pages:,} pages",
        ),
        Result(
            name=f"against {few:,} row versions",
            figure=many_ms / few_ms,
            unit="× the time",
            target=2.0,
            better="lower",
            detail=f"{few_ms:.2f} ms",
        ),
    ]


def _p99_ms(path: Path, versions: int, count: int) -> float:
    _fill(path, versions // ROWS_AN_EVENT)
    log = open_reader(path)
    store = open_views(log)
    runner = Runner(store.db, log, (CELLS,))
    while runner.advance():
        continue
    store.close()
    db = open_views_to_read(log)
    dice, head = random.Random(7), log.head()
    pages = [
        1e3
        * seconds(
            partial(
                view_query.page,
                db,
                log,
                "cells",
                at=dice.randrange(1, head),
                after=(dice.randrange(ROWS - PAGE),),
                limit=PAGE,
            )
        )
        for _ in range(count)
    ]
    if db is not None:
        db.close()
    log.close()
    return statistics.quantiles(pages, n=100)[98]


def _fill(path: Path, size: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    db.execute("PRAGMA synchronous = OFF")
    writer = Writer(db)
    with writer.transaction():
        writer.record(_recorded(new_events(size)))
    db.close()


def _recorded(events: Iterable[NewEvent]) -> Iterator[tuple[str, int, NewEvent]]:
    for number, event in enumerate(events, 1):
        yield "cells-1", number, event
