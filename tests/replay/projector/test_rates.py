"""Whether views keep up: rate in, rate out, and the time that is left, on a clock of the test."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from replay import command_line
from replay.catalog.all_views import all_views
from replay.projector.projector import Reporter
from replay.projector.projector_report import Report, ViewProgress, from_line
from replay.projector.rates import RateGauge, duration
from replay.projector.recorded_rates import RateNotes, recorded_rates
from replay.views.view import View
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.connect import create_log
from tests.replay.logs import append, open_runner

VIEW = next(it for it in all_views() if it.name == "event_types")
CAPACITY = 200  # events a second, below


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


class Feed:
    """A second at a time: events come, the view folds what it can, and the projector reports."""

    def __init__(self, log: EventReader, view: View) -> None:
        self.clock = Clock()
        self.lines: list[bytes] = []
        self.log = log
        self.store, self.runner = open_runner(log, (view,))
        self.reporter = Reporter(self.lines.append, clock_s=self.clock)
        self.name = view.name

    def second(self, *, coming: int, folds: bool = True) -> ViewProgress:
        if coming:
            append(self.log.place.path, coming)
        if folds:
            self.runner.advance()
        self.clock.now_s += 1
        head, shown = self.log.head(), self.runner.checkpoints()[self.name].checkpoint
        progress = ViewProgress(checkpoint=shown, lag=head - shown)
        self.reporter.tell("working", head=head, views={self.name: progress})
        return self.told.views[self.name]

    @property
    def told(self) -> Report:
        report = from_line(self.lines[-1])
        assert report is not None
        return report


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Feed]:
    for name in ("FIRST_BATCH", "EVENTS_PER_BATCH"):
        monkeypatch.setattr(f"replay.views.runner.{name}", CAPACITY)
    path = tmp_path / "a.foldline"
    create_log(path)
    log = open_reader(path)
    feed = Feed(log, VIEW)
    yield feed
    feed.store.close()
    log.close()


def test_fed_above_its_capacity_a_view_will_never_catch_up(feed: Feed) -> None:
    told = [feed.second(coming=300) for _ in range(8)]

    rates = told[-1].rates
    assert rates is not None
    assert (rates.coming, rates.folded, rates.seconds_left) == (300, CAPACITY, None)
    assert rates.is_losing
    assert rates.words == "never at this rate"
    assert [it.lag for it in told] == [100 * n for n in range(1, 9)]


def test_fed_less_than_it_folds_it_tells_the_time_that_is_left(feed: Feed) -> None:
    append(feed.log.place.path, 2_000)

    told = [feed.second(coming=100) for _ in range(8)]

    rates, lag = told[-1].rates, told[-1].lag
    assert rates is not None
    assert (rates.coming, rates.folded, lag) == (100, CAPACITY, 1_200)
    assert rates.seconds_left == lag / (CAPACITY - 100)
    assert rates.words == "in 12.0 s"
    for _ in range(12):
        last = feed.second(coming=100)
    assert last.lag == 0


def test_when_the_feed_slows_down_the_gauge_turns_back(feed: Feed) -> None:
    for _ in range(6):
        feed.second(coming=300)
    turned = [feed.second(coming=0).rates for _ in range(6)]

    assert turned[0] is not None
    assert turned[-1] is not None
    assert turned[0].is_losing
    assert (turned[-1].is_losing, turned[-1].seconds_left) == (False, 0.0)


def test_one_that_keeps_up_is_never_said_to_lose(feed: Feed) -> None:
    told = [feed.second(coming=100).rates for _ in range(10)]
    late = feed.second(coming=100, folds=False)

    assert not any(it.is_losing for it in told if it)
    assert late.rates is not None
    assert (late.lag, late.rates.is_losing, late.rates.seconds_left) == (100, False, 1.2)


def test_of_less_than_a_second_nothing_is_said() -> None:
    clock = Clock()
    gauge = RateGauge(clock)

    assert gauge.look(10, {"a": 0}) == {}
    clock.now_s += 0.6
    assert gauge.look(20, {"a": 10}) == {}
    clock.now_s += 0.6
    assert gauge.look(30, {"a": 20, "new": 0}).keys() == {"a"}


def test_a_view_that_begins_anew_folds_no_fewer_than_nothing() -> None:
    clock = Clock()
    gauge = RateGauge(clock)
    for shown in (1_000, 1_000, 0, 100, 200):
        clock.now_s += 1
        rates = gauge.look(1_000, {"a": shown})

    assert (rates["a"].folded, rates["a"].seconds_left) == (50, 16)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.45, "450 ms"), (3.2, "3.2 s"), (720, "12 min"), (18_000, "5 h"), (259_200, "3 days")],
)
def test_a_duration_is_told_in_its_own_unit(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_what_a_projector_has_measured_is_told_to_whoever_asks_soon_after(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_us = [1_000_000_000]
    notes = RateNotes(feed.store.db, clock_us=lambda: at_us[0])
    for _ in range(4):
        feed.second(coming=300)
    notes.note(feed.reporter.rates)

    found = recorded_rates(feed.store.db, now=at_us[0] + 1_000_000)

    assert found == feed.reporter.rates
    assert found[VIEW.name].is_losing
    assert recorded_rates(feed.store.db, now=at_us[0] + 11_000_000) == {}
    feed.second(coming=0)
    notes.note(feed.reporter.rates)  # too soon after the last one
    assert recorded_rates(feed.store.db, now=at_us[0]) == found
    monkeypatch.setattr("replay.verbs.views.now_us", lambda: at_us[0] + 1_000_000)
    assert _rates_of(feed.log.place.path)[VIEW.name] == (300, CAPACITY, None, True)


def test_a_note_that_nobody_can_read_says_nothing(feed: Feed) -> None:
    feed.store.db.execute("INSERT INTO view_facts VALUES ('rates', 'rubbish')")

    assert recorded_rates(feed.store.db, now=0) == {}


def _rates_of(path: Path) -> dict[str, tuple[object, ...]]:
    """What `main.py views --json` says."""
    with redirect_stdout(io.StringIO()) as out:
        command_line.run(["views", str(path), "--json"])
    told = (json.loads(line) for line in out.getvalue().splitlines())
    names = ("rate_in", "rate_out", "seconds_left", "is_losing")
    return {it["view"]: tuple(it[name] for name in names) for it in told}
