"""Where two views part, from their histories, against folding one of them again."""

import tempfile
from functools import partial
from pathlib import Path
from unittest.mock import patch

from benchmarks.measure import Result, Size, median_ratio, seconds
from benchmarks.projections import fill
from replay.projection import Projection, Rows
from replay.projections.streams import PROJECTION, Stream, apply
from replay.questions import known_view
from replay.questions.first_divergence import first_divergence
from replay.questions.pane_compare import Pane
from replay.views.read_store import discard, open_views, open_views_to_read
from replay.views.runner import Runner
from replay.views.view import View, view_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader

ROUNDS = 3


def run(size: Size) -> list[Result]:
    """One planted difference, at the very last event: everything before must be looked at."""
    count = size.of(1_000_000, quick=100_000, tiny=1_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "views.foldline")
        fill(path, count)
        log = open_reader(path)
        one, other = _twin("streams_a", 0), _twin("streams_b", count)
        try:
            with patch.object(known_view, "views_without_code", lambda _log: (one, other)):
                return _measure(log, count, one, other, size.rounds(ROUNDS))
        finally:
            log.close()


def _measure(log: EventReader, count: int, one: View, other: View, rounds: int) -> list[Result]:
    pairs = []
    for _ in range(rounds):
        discard(log)
        fold_s = seconds(partial(_project, log, one))
        _project(log, other)
        pairs.append((seconds(partial(_find, log, count)), fold_s))
    _, find_s, fold_s = median_ratio(pairs)
    return [
        Result(
            name=f"first divergence, at the last of {count:,} events",
            figure=find_s / fold_s,
            unit="× a rebuild",
            target=0.2,
            better="lower",
            detail=f"{find_s:.2f} s against {fold_s:.2f} s",
        )
    ]


def _twin(name: str, skipped: int) -> View:
    def folded(rows: Rows[Stream], event: RecordedEvent, links: tuple[str, ...]) -> None:
        if event.position != skipped:
            apply(rows, event, links)

    return view_of(
        Projection(name=name, version=1, title=name, row=Stream, key=PROJECTION.key, apply=folded)
    )


def _project(log: EventReader, view: View) -> None:
    store = open_views(log)
    runner = Runner(store.db, log, (view,))
    while runner.advance():
        continue
    store.close()


def _find(log: EventReader, count: int) -> None:
    db = open_views_to_read(log)
    assert db is not None
    found = first_divergence(db, log, Pane(view="streams_a"), Pane(view="streams_b"))
    db.close()
    if found is None or found.position != count:
        raise AssertionError(f"the planted difference was not found: {found}")
