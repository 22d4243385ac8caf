"""Views: one row write an event with its history, all of them together, and what they answer."""

import random
import sqlite3
import statistics
import tempfile
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.event_source import new_events
from benchmarks.measure import Result, Size, cpu_seconds, in_turns, seconds
from replay.catalog.all_views import all_views
from replay.questions import view_query
from replay.timeline.timeline_index import TimelineIndex
from replay.views.read_store import discard, open_views, open_views_to_read
from replay.views.runner import Runner
from replay.views.view import View
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import connect, create_log, open_log, remove_files
from store.sqlite.reader_sql import BY_POSITION
from store.sqlite.writer import Writer

BATCH: Final = 50_000
GENERIC: Final = ("streams", "event_types", "timeline", "latest_states", "search", "causation")
TABLES: Final = """
CREATE TABLE t (type TEXT UNIQUE, count INTEGER, first INTEGER, first_us INTEGER, last INTEGER,
    last_us INTEGER, number INTEGER PRIMARY KEY) STRICT;
CREATE TABLE w (version INTEGER PRIMARY KEY, number INTEGER, count INTEGER, first INTEGER,
    first_us INTEGER, last INTEGER, last_us INTEGER) STRICT;
CREATE INDEX w_by_row ON w (number);
"""


def run(size: Size) -> list[Result]:
    """The writes against a hand-written loop; the answers as they are."""
    events, pages = size.of(300_000, quick=30_000, tiny=600), size.of(400, quick=400, tiny=16)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "views.foldline")
        fill(path, events)
        with reading(path) as log:
            costs = _costs(log, events)
            return [*_writes(log, events, size.rounds()), *costs, *_answers(log, events, pages)]


def _writes(log: EventReader, size: int, rounds: int) -> list[Result]:
    one = tuple(view for view in all_views() if view.name == "event_types")
    ratio, our_s, hand_s = in_turns(
        lambda: seconds(partial(_project, log, one)),
        lambda: seconds(partial(_by_hand, log)),
        rounds=rounds,
    )
    all_s = seconds(partial(_project, log, all_views()))
    return [
        Result(
            name=f"one row write an event, history kept, {size:,} events",
            figure=ratio,
            unit="× by hand",
            target=0.5,
            better="higher",
            detail=f"{size / our_s:,.0f}/s against {size / hand_s:,.0f}/s",
        ),
        Result(
            name=f"all {len(all_views())} views together",
            figure=size / all_s,
            unit="events/s",
            target=None,
            better="higher",
            detail=f"{all_s:.1f} s for {size:,}",
        ),
    ]


def _costs(log: EventReader, size: int) -> list[Result]:
    """What a first fold of each generic view takes of a core, and of all of them together. The
    reading of the events is in each figure, and told alone."""
    views = {it.name: it for it in all_views()}
    read_s = cpu_seconds(partial(_read, log, size))
    together_s = cpu_seconds(partial(_project, log, tuple(views[it] for it in GENERIC)))
    return [
        _cost("events read, no view", read_s, size),
        *(
            _cost(f"view {name} alone", cpu_seconds(partial(_project, log, (views[name],))), size)
            for name in GENERIC
        ),
        Result(
            name=f"the {len(GENERIC)} generic views together, first fold",
            figure=size / together_s,
            unit="events/s CPU",
            target=60_000,
            better="higher",
            detail=f"{1e6 * together_s / size:.1f} µs an event",
        ),
    ]


def _cost(name: str, cpu_s: float, size: int) -> Result:
    return Result(
        name=name,
        figure=1e6 * cpu_s / size,
        unit="µs CPU/event",
        target=None,
        better="lower",
        detail=f"{size / cpu_s:,.0f}/s on one core",
    )


def _read(log: EventReader, size: int) -> None:
    for first in range(1, size + 1, BATCH):
        log.page(first, first + BATCH - 1)
        log.links_between(first, first + BATCH - 1)


def _answers(log: EventReader, size: int, pages: int) -> list[Result]:
    db = open_views_to_read(log)
    if db is None:
        raise AssertionError("the views were made just now")
    dice = random.Random(5)
    streams = [row.key for row in view_query.page(db, log, "streams", limit=10_000).rows]
    page_ms = [
        1e3 * seconds(partial(_page, db, log, dice.randrange(1, size), dice.choice(streams)))
        for _ in range(pages)
    ]
    load_ms = 1e3 * seconds(partial(TimelineIndex.load, db))
    index = TimelineIndex.load(db)
    edges = np.linspace(*index.extent("recorded"), 1_601)
    counts_ms = [1e3 * seconds(partial(index.counts, edges, "recorded")) for _ in range(pages // 8)]
    db.close()
    return [
        Result(
            name="a page of 50 rows as of a random position, p99",
            figure=statistics.quantiles(page_ms, n=100)[98],
            unit="ms",
            target=5.0,
            better="lower",
            detail=f"median {statistics.median(page_ms):.2f} ms",
        ),
        Result(
            name="timeline index, load",
            figure=load_ms,
            unit="ms",
            target=None,
            better="lower",
            detail=f"{len(index.types)} types, {size:,} events",
        ),
        Result(
            name="timeline index, counts for 1,600 pixels",
            figure=statistics.median(counts_ms),
            unit="ms",
            target=None,
            better="lower",
            detail="",
        ),
    ]


def fill(path: Path, size: int) -> None:
    """A log of orders: so many events on a twentieth as many streams."""
    create_log(path)
    db = open_log(path, writable=True)
    db.execute("PRAGMA synchronous = OFF")
    writer, dice = Writer(db), random.Random(2)
    events, versions = iter(new_events(size)), dict[str, "count[int]"]()
    while batch := list(islice(events, 10_000)):
        streams = [f"order-{dice.randrange(size // 20):07}" for _ in batch]
        with writer.transaction():
            writer.record(
                (stream, next(versions.setdefault(stream, count(1))), event)
                for stream, event in zip(streams, batch, strict=True)
            )
    db.close()


def _project(log: EventReader, views: tuple[View, ...]) -> None:
    discard(log)
    store = open_views(log)
    runner = Runner(store.db, log, views)
    while runner.advance():
        continue
    store.close()


def _page(db: sqlite3.Connection, log: EventReader, at: int, after: tuple[str | int, ...]) -> None:
    view_query.page(db, log, "streams", at=at, after=after, limit=50)


def _by_hand(log: EventReader) -> None:
    """The same rows and the same writes, by someone who wants nothing but these."""
    path = log.place.path.with_suffix(".by-hand")
    remove_files(path)
    source, db = connect(log.place.path, read_only=True), connect(path)
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(TABLES)
    rows: dict[str, list[int]] = {}
    for first in range(1, log.head() + 1, BATCH):
        written, touched = [], set[str]()
        for event in source.execute(BY_POSITION, [first, first + BATCH - 1]):
            position, type_, at_us = event[0], event[3], event[5]
            row = rows.setdefault(type_, [len(rows) + 1, 0, position, at_us, 0, 0])
            row[1] += 1
            row[4], row[5] = position, at_us
            written.append((position << 16, *row))
            touched.add(type_)
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO w VALUES (?, ?, ?, ?, ?, ?, ?)", written)
        db.executemany(
            "INSERT OR REPLACE INTO t VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(name, *rows[name][1:], rows[name][0]) for name in touched],
        )
        db.execute("COMMIT")
    source.close()
    db.close()
