"""Read your own write: a view shows it in time, or says that it does not. No old value is shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.errors import ViewBehind
from replay.projector.catch_up import wait_for
from replay.projector.patience import Patience
from store.interface import EventReader
from store.locks import ProcessLock
from store.opening import open_reader
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 50


@dataclass
class SlowProjector:
    """Another process, which shows what was appended only so many seconds later."""

    log: EventReader
    takes_s: float
    now_s: float = 100.0
    slept_s: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds
        if self.now_s >= 100.0 + self.takes_s:
            store, runner = open_runner(self.log, all_views())
            catch_up(runner)
            store.close()

    def patience(self, **limits: float) -> Patience:
        return Patience(now_s=lambda: self.now_s, sleep=self.sleep, **limits)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    """Its views are kept by another process, and lack the last event."""
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    store.close()
    lock = ProcessLock(log.place.views_lock)
    assert lock.acquire()
    append(log.place.path, 1)
    yield log
    lock.release()
    log.close()


def test_a_projector_that_needs_six_seconds_gets_five_and_a_message(log: EventReader) -> None:
    slow = SlowProjector(log, takes_s=6)

    with pytest.raises(ViewBehind, match="is at position 50 and cannot show 51 yet"):
        wait_for(log, "streams", EVENTS + 1, patience=slow.patience())

    assert slow.slept_s == [0.75] * 6 + [0.5]


def test_one_that_needs_two_seconds_is_waited_for(log: EventReader) -> None:
    slow = SlowProjector(log, takes_s=2)

    wait_for(log, "streams", EVENTS + 1, patience=slow.patience())

    assert slow.slept_s == [0.75] * 3


def test_a_longer_patience_and_a_shorter_poll_are_kept_to(log: EventReader) -> None:
    slow = SlowProjector(log, takes_s=6)

    wait_for(log, "streams", EVENTS + 1, patience=slow.patience(poll_s=2, limit_s=7))

    assert slow.slept_s == [2, 2, 2]


def test_what_is_there_already_is_not_waited_for(log: EventReader) -> None:
    slow = SlowProjector(log, takes_s=6)

    wait_for(log, "streams", EVENTS, patience=slow.patience())

    assert slow.slept_s == []
