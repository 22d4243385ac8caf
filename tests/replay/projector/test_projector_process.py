"""The projector process and the parent's side of it."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report
from replay.views.read_store import open_views_to_read
from store.opening import open_reader
from store.place import Place
from tests.contracts.projection import whole
from tests.replay.logs import append, make_log, names_of_made_log, views_of_any_log

PATIENCE_S = 60.0
EVENTS = 300
NAMES = names_of_made_log()
OPEN_FILES = Path("/dev/fd")


class Heard:
    """The reports of a projector; waits for one that is wanted."""

    def __init__(self) -> None:
        self.all: list[Report] = []
        self._news = threading.Condition()

    def __call__(self, report: Report) -> None:
        with self._news:
            self.all.append(report)
            self._news.notify_all()

    def wait(self, wanted: Callable[[Report], bool], *, after: int = 0) -> Report:
        """The first report that is wanted, of those behind the first `after`."""
        with self._news:
            assert self._news.wait_for(
                lambda: any(wanted(it) for it in self.all[after:]), PATIENCE_S
            ), self.all[-3:]
            return next(it for it in self.all[after:] if wanted(it))


def is_current(head: int) -> Callable[[Report], bool]:
    return lambda it: it.head == head == it.checkpoint and set(it.views) == NAMES


@contextmanager
def running(path: Path, **options: tuple[str, ...]) -> Iterator[tuple[Projector, Heard]]:
    heard = Heard()
    projector = Projector(Place(path), on_report=heard, **options)
    projector.start()
    try:
        yield projector, heard
    finally:
        projector.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


def test_it_brings_every_view_to_the_head_and_says_so(path: Path) -> None:
    with running(path) as (_, heard):
        report = heard.wait(is_current(EVENTS))

    assert report.phase == "working"
    assert {it.lag for it in report.views.values()} == {0}
    assert report.error is None


def test_it_follows_what_another_process_appends(path: Path) -> None:
    with running(path) as (_, heard):
        heard.wait(is_current(EVENTS))

        append(path, 5)

        report = heard.wait(is_current(EVENTS + 5))
        assert {it.lag for it in report.views.values()} == {0}


def test_paused_it_lags_by_exactly_what_is_appended(path: Path) -> None:
    with running(path) as (projector, heard):
        heard.wait(is_current(EVENTS))
        projector.pause()
        heard.wait(lambda it: it.phase == "paused")

        append(path, 7)
        projector.wake()

        report = heard.wait(lambda it: it.head == EVENTS + 7)
        assert {it.lag for it in report.views.values()} == {7}
        projector.resume()
        heard.wait(is_current(EVENTS + 7))


def test_killed_it_is_started_again_and_goes_on(path: Path) -> None:
    with running(path) as (projector, heard):
        heard.wait(is_current(EVENTS))
        first = projector.pid
        assert first is not None

        os.kill(first, signal.SIGKILL)
        append(path, 9)

        heard.wait(is_current(EVENTS + 9))
        assert projector.pid != first


def test_a_pause_outlives_a_crash(path: Path) -> None:
    with running(path) as (projector, heard):
        heard.wait(is_current(EVENTS))
        projector.pause()
        heard.wait(lambda it: it.phase == "paused")
        said = len(heard.all)
        assert projector.pid is not None

        os.kill(projector.pid, signal.SIGKILL)

        heard.wait(lambda it: it.phase == "paused", after=said)


def test_deleting_the_views_at_any_time_is_safe(path: Path) -> None:
    with running(path) as (_, heard):
        heard.wait(is_current(EVENTS))
        said = len(heard.all)
        gone = Place(path).views
        before = gone.stat().st_ino

        gone.unlink()
        append(path, 3)

        heard.wait(is_current(EVENTS + 3), after=said)
        assert gone.stat().st_ino != before or gone.exists()

    log = open_reader(path)
    views = open_views_to_read(log)
    assert views is not None
    assert views.execute("SELECT sum(count) FROM event_types").fetchone() == (EVENTS + 3,)
    views.close()
    log.close()


def test_views_that_are_overwritten_with_rubbish_are_made_again(path: Path) -> None:
    with running(path) as (_, heard):
        heard.wait(is_current(EVENTS))
    Place(path).views.write_bytes(b"rubbish" * 1000)

    with running(path) as (_, heard):
        report = heard.wait(is_current(EVENTS))

    assert report.error is None
    assert Place(path).views.read_bytes().startswith(b"SQLite format 3")


def test_a_second_projector_only_watches_until_the_first_has_ended(path: Path) -> None:
    with running(path) as (first, heard):
        heard.wait(is_current(EVENTS))
        with running(path) as (_, other):
            report = other.wait(lambda it: it.phase == "watching" and it.checkpoint == EVENTS)
            assert set(report.views) == NAMES

            first.close()
            append(path, 4)

            other.wait(lambda it: it.phase == "working" and it.checkpoint == EVENTS + 4)


def test_it_works_from_any_working_directory(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "replay").mkdir()
    (tmp_path / "replay" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    monkeypatch.chdir(tmp_path)

    with running(path) as (_, heard):
        report = heard.wait(is_current(EVENTS))

    assert set(report.views) == NAMES


def test_one_that_always_dies_is_given_up_with_its_last_words(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.projector.projector_process.FIRST_DELAY_S", 0.001)

    with running(
        path, command=(sys.executable, "-c", "print('no such luck'); raise SystemExit(3)")
    ) as (_, heard):
        report = heard.wait(lambda it: it.phase == "ended")

    assert report.error == "the projector ended with code 3\nno such luck"


def test_a_log_that_is_missing_ends_it_with_a_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "missing.foldline"

    with running(missing) as (_, heard):
        report = heard.wait(lambda it: it.phase == "ended")

    assert report.error == f"the file does not exist: {missing}"
    assert len(heard.all) == 1


def test_closing_twice_or_before_it_started_is_nothing(path: Path) -> None:
    projector = Projector(Place(path), on_report=Heard())

    projector.close()
    projector.close()
    projector.wake()

    assert projector.pid is None


def test_a_process_that_does_not_end_is_killed(path: Path) -> None:
    script = "import sys, threading; print('here', flush=True); threading.Event().wait()"
    heard = Heard()
    projector = Projector(Place(path), on_report=heard, command=(sys.executable, "-c", script))
    projector.start()

    projector.close()

    assert projector.pid is None
    assert heard.all == []


def test_without_a_parent_it_ends(path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "replay.projector.projector", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    process.stdin.close()

    assert process.wait(PATIENCE_S) == 0
    process.stdout.close()


def test_what_it_makes_is_what_a_runner_makes(path: Path) -> None:
    with running(path) as (_, heard):
        heard.wait(is_current(EVENTS))
    log = open_reader(path)
    by_process = [whole(view, log) for view in views_of_any_log()]
    Place(path).views.unlink()

    assert [whole(view, log) for view in views_of_any_log()] == by_process
    log.close()


def test_views_can_be_read_while_it_writes(path: Path) -> None:
    with running(path) as (_, heard):
        heard.wait(lambda it: bool(it.views))
        log = open_reader(path)
        views = open_views_to_read(log)
        assert views is not None
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            views.execute("DELETE FROM projections")
        views.close()
        log.close()


def test_a_process_that_hangs_does_not_hang_its_parent(path: Path) -> None:
    with running(path) as (projector, heard):
        heard.wait(is_current(EVENTS))
        assert projector.pid is not None
        os.kill(projector.pid, signal.SIGSTOP)

        for _ in range(30_000):
            projector.wake()

    assert projector.pid is None


def test_telling_a_process_that_has_just_ended_is_nothing(path: Path) -> None:
    with running(path) as (projector, heard):
        heard.wait(is_current(EVENTS))
        assert projector.pid is not None
        os.kill(projector.pid, signal.SIGKILL)

        for _ in range(1_000):
            projector.wake()

        heard.wait(is_current(EVENTS), after=len(heard.all))


def test_opening_and_closing_leaves_no_thread_process_or_handle(path: Path) -> None:
    with running(path) as (_, heard):
        heard.wait(is_current(EVENTS))
    files, threads = len(list(OPEN_FILES.iterdir())), threading.active_count()

    for n in range(8):
        with running(path) as (projector, heard):
            if n % 2:
                heard.wait(is_current(EVENTS))
        assert projector.pid is None

    assert len(list(OPEN_FILES.iterdir())) <= files  # others may let go of theirs meanwhile
    assert threading.active_count() == threads
