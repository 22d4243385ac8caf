"""A view that is added while the projector runs is what a plain loop over the log gives."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.projector import projector
from replay.projector.projector_report import Report
from replay.questions.view_query import page
from replay.views import built_views
from replay.views.built_view import BuiltColumn, BuiltView
from replay.views.read_store import open_views_to_read
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, make_log
from tests.replay.projector.test_projector import projecting

EVENTS = 600
ADDED = BuiltView(
    name="notes",
    group_by="stream",
    types=("Placed", "Paid"),
    columns=(
        BuiltColumn(name="events", fold="count"),
        BuiltColumn(name="with_n", fold="count", field="n"),
        BuiltColumn(name="total", fold="sum", field="n"),
        BuiltColumn(name="highest", fold="max", field="n"),
        BuiltColumn(name="last_n", fold="last", field="n"),
    ),
)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventReader]:
    for name in ("FIRST_BATCH", "EVENTS_PER_BATCH"):
        monkeypatch.setattr(f"replay.views.runner.{name}", 50)
    monkeypatch.setattr(projector, "REPORT_S", 0.0)
    monkeypatch.setattr(projector, "WATCH_S", 0.01)
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


def by_a_plain_loop(log: EventReader) -> dict[str, tuple[object, ...]]:
    """The same by nothing but the events: no projection, no fold, no table."""
    events: Counter[str] = Counter()
    numbers: dict[str, list[int]] = {}
    for event in log.read():
        if event.type in ("Placed", "Paid"):
            events[event.stream] += 1
            data = json.loads(event.data_json)
            if isinstance(data, dict) and data.get("n") is not None:
                numbers.setdefault(event.stream, []).append(data["n"])
    nothing = (0, None, None, None)
    told = {it: (len(ns), sum(ns), max(ns), ns[-1]) for it, ns in numbers.items()}
    return {stream: (count, *told.get(stream, nothing)) for stream, count in events.items()}


def as_kept(log: EventReader) -> dict[str, tuple[object, ...]]:
    db = open_views_to_read(log)
    assert db is not None
    found = page(db, log, "notes", limit=10_000)
    names = ("events", "with_n", "total", "highest", "last_n")
    facts = ((it.values[0], found.facts(it)) for it in found.rows)
    rows = {key: tuple(it[name] for name in names) for key, it in facts}
    db.close()
    return rows


def test_added_while_it_runs_it_is_folded_from_the_first_event_on_and_told_of(
    log: EventReader,
) -> None:
    with projecting(log.place.path) as parent:
        parent.wait(lambda it: it.checkpoint == EVENTS)

        taken = frozenset(it.name for it in all_views())
        built_views.save(log.place, ADDED, taken=taken)
        parent.wait(lambda it: shown(it) == EVENTS)
        backfilled = as_kept(log)
        told = [shown(it) for it in parent.said if "notes" in it.views]
        append(log.place.path, 30)
        parent.say("wake")
        parent.wait(lambda it: shown(it) == EVENTS + 30)

    expected = by_a_plain_loop(log)
    assert len(backfilled) > 20
    assert as_kept(log) == expected != backfilled
    assert told == sorted(told)
    assert len({it for it in told if 0 < it < EVENTS}) >= 5


def shown(report: Report) -> int:
    return report.views["notes"].checkpoint if "notes" in report.views else 0
