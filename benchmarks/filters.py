"""Filters over the log: against a scan by hand, and until the first rows are there."""

import sqlite3
import tempfile
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.measure import Result, Size, cpu_seconds, in_turns, seconds
from benchmarks.window import filled_store
from replay.questions.first_hits import first_hits
from replay.views.read_store import open_views_to_read
from store.filter.parse import parse
from store.filter.tree import Tree
from store.interface import EventReader
from store.opening import open_reader
from store.query import EventQuery

ROWS: Final = 32  # what a window shows at first
PREDICATES: Final = (
    ("qty > 7", "json_extract(data, '$.qty') > 7"),
    ("price.amount = '99.99'", "json_extract(data, '$.price.amount') = '99.99'"),
    ("field_3 = true", "json_type(data, '$.field_3') = 'true'"),
)
SCAN: Final = "SELECT position FROM events WHERE {where} ORDER BY position"
TYPE: Final = "type = Closed"
COMMON: Final = "anything contains 'the neighbour'"


def run(size: Size) -> list[Result]:
    """Ratios of CPU time within one run; milliseconds until the first rows."""
    count = size.of(1_000_000, quick=200_000, tiny=400)
    with tempfile.TemporaryDirectory() as folder:
        path = filled_store(Path(folder), count)
        log, db = open_reader(path), sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return [
                *(_against_a_scan(log, db, *it, size) for it in PREDICATES),
                _first_rows(log, TYPE, f"an indexed term, at {count:,}", 100.0),
                _first_rows(log, COMMON, f"a text, at {count:,}", 300.0),
                _first_by_words(log, count),
            ]
        finally:
            log.close()
            db.close()


def _against_a_scan(
    log: EventReader, db: sqlite3.Connection, text: str, sql: str, size: Size
) -> Result:
    ours = partial(_found, log, tree_of(text))
    theirs = partial(_scanned, db, SCAN.format(where=sql))
    assert ours() == theirs(), text
    ratio, our_s, their_s = in_turns(
        partial(cpu_seconds, ours), partial(cpu_seconds, theirs), rounds=size.rounds()
    )
    return Result(
        name=f"filter {text}, against SQL by hand",
        figure=ratio,
        unit="× by hand",
        target=0.7,
        better="higher",
        detail=f"{our_s:.2f} s against {their_s:.2f} s",
    )


def _first_rows(log: EventReader, text: str, name: str, target_ms: float) -> Result:
    tree = tree_of(text)

    def first() -> None:
        positions = list(islice(log.positions(EventQuery(where=tree)), ROWS))
        assert len(log.at_positions(positions)) == len(positions)

    return _milliseconds(name, 1e3 * seconds(first), target_ms)


def _first_by_words(log: EventReader, head: int) -> Result:
    """A text that the last event alone holds."""
    last = log.event(head)
    assert last is not None
    views, tree = open_views_to_read(log), tree_of(f"anything contains '{last.data['sku']}'")

    def first() -> None:
        assert first_hits(views, log, EventQuery(where=tree), after=0, until=head)

    taken_ms = 1e3 * seconds(first)
    if views is not None:
        views.close()
    return _milliseconds(f"a word by its index, at {head:,}", taken_ms, 300.0)


def _milliseconds(name: str, figure: float, target: float) -> Result:
    return Result(
        name=f"first rows of {name}",
        figure=figure,
        unit="ms",
        target=target,
        better="lower",
        detail=f"{ROWS} rows",
    )


def _found(log: EventReader, tree: Tree) -> list[int]:
    return list(log.positions(EventQuery(where=tree)))


def _scanned(db: sqlite3.Connection, sql: str) -> list[int]:
    return [position for (position,) in db.execute(sql)]


def tree_of(text: str) -> Tree:
    """The tree of a filter that is no empty text."""
    tree = parse(text)
    assert tree is not None
    return tree
