"""The projector's loop, run in this process: its commands, its reports, its recoveries."""

import gc
import io
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from replay.projector import projector
from replay.projector.projector import Commands, Reporter, run
from replay.projector.projector_report import Report, ViewProgress, from_line, held_up
from replay.views.read_store import discard
from replay.views.runner import Runner
from store.errors import StoreBusy
from store.locks import ProcessLock
from store.opening import open_reader
from store.place import Place
from store.sqlite.connect import connect
from tests.replay.logs import append, make_log, names_of_made_log

EVENTS = 150
PATIENCE_S = 60.0
NAMES = names_of_made_log()


class Parent:
    """What the projector talks to."""

    def __init__(self, source: IO[str], sink: IO[str]) -> None:
        self.said: list[Report] = []
        self.commands = Commands(source)
        self._sink = sink
        self._news = threading.Condition()

    def hear(self, line: bytes) -> None:
        report = from_line(line)
        assert report is not None
        with self._news:
            self.said.append(report)
            self._news.notify_all()

    def say(self, word: str) -> None:
        self._sink.write(word + "\n")
        self._sink.flush()

    def wait(self, wanted: Callable[[Report], bool]) -> Report:
        with self._news:
            assert self._news.wait_for(lambda: any(map(wanted, self.said)), PATIENCE_S), self.said
            return next(filter(wanted, self.said))


@contextmanager
def projecting(path: Path) -> Iterator[Parent]:
    output, input_ = os.pipe()
    with os.fdopen(output) as source, os.fdopen(input_, "w") as sink:
        parent = Parent(source, sink)
        codes: list[int] = []
        thread = threading.Thread(
            target=lambda: codes.append(run(Place(path), parent.commands, Reporter(parent.hear)))
        )
        thread.start()
        try:
            yield parent
        finally:
            parent.say("stop")
            thread.join(PATIENCE_S)
            assert codes == [0]
            assert not thread.is_alive()
            parent.commands.join()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "RETRY_S", 0.01)
    monkeypatch.setattr(projector, "WATCH_S", 0.01)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


def is_current(head: int) -> Callable[[Report], bool]:
    return lambda it: it.checkpoint == it.head == head and set(it.views) == NAMES


def test_it_catches_up_and_follows(path: Path) -> None:
    with projecting(path) as parent:
        parent.wait(is_current(EVENTS))
        append(path, 4)
        parent.say("wake")
        report = parent.wait(is_current(EVENTS + 4))
        assert {it.lag for it in report.views.values()} == {0}


def test_it_pauses_and_resumes(path: Path) -> None:
    with projecting(path) as parent:
        parent.wait(is_current(EVENTS))
        parent.say("pause")
        parent.wait(lambda it: it.phase == "paused")
        append(path, 4)
        report = parent.wait(lambda it: it.head == EVENTS + 4)
        assert {it.lag for it in report.views.values()} == {4}
        parent.say("resume")
        parent.wait(is_current(EVENTS + 4))


def test_a_view_whose_projection_is_gone_is_not_waited_for(path: Path) -> None:
    with projecting(path) as parent:
        parent.wait(is_current(EVENTS))
    db = connect(Place(path).views)
    db.execute(
        "INSERT INTO projections SELECT 'gone', title, version, definition, columns, generation,"
        " 3, '', row_count, write_count, is_indexed FROM projections LIMIT 1"
    )
    log = open_reader(path)
    event = log.event(3)
    assert event is not None
    db.execute("UPDATE projections SET checkpoint_id = ? WHERE name = 'gone'", [event.id])
    db.close()
    log.close()

    with projecting(path) as parent:
        parent.wait(is_current(EVENTS))


def test_it_makes_a_file_again_that_was_deleted(path: Path) -> None:
    log = open_reader(path)
    with projecting(path) as parent:
        parent.wait(is_current(EVENTS))
        parent.said.clear()
        discard(log)
        append(path, 1)
        parent.wait(is_current(EVENTS + 1))
        assert Place(path).views.exists()
    log.close()


def test_it_watches_while_another_one_works(path: Path) -> None:
    lock = ProcessLock(Place(path).views_lock)
    assert lock.acquire()
    assert lock.acquire()

    with projecting(path) as parent:
        report = parent.wait(lambda it: it.phase == "watching")
        assert (report.views, report.head) == ({}, EVENTS)
        with projecting(path) as other:
            other.wait(lambda it: it.phase == "watching")
            lock.release()
            lock.release()
            for one in (parent, other):
                one.wait(lambda it: it.checkpoint == EVENTS)
        phases = {parent.said[-1].phase, other.said[-1].phase}
        assert "working" in phases


def test_a_damaged_file_is_made_again_while_it_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage = sqlite3.DatabaseError("database disk image is malformed")
    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    _fail_once(monkeypatch, damage)

    with projecting(path) as parent:
        report = parent.wait(lambda it: it.phase == "blocked")
        assert report.error is not None
        assert "database disk image is malformed" in report.error
        assert "being rebuilt" in report.error
        parent.wait(is_current(EVENTS))


def test_a_busy_file_is_tried_again_and_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with projecting(path) as parent:
        parent.wait(is_current(EVENTS))
    before = Place(path).views.stat().st_ino
    _fail_once(monkeypatch, StoreBusy(Place(path).views))

    with projecting(path) as parent:
        report = parent.wait(lambda it: it.phase == "blocked")
        assert "another process holds the write lock" in (report.error or "")
        parent.wait(is_current(EVENTS))

    assert Place(path).views.stat().st_ino == before


def _fail_once(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    advance = Runner.advance
    errors = [error]

    def fail_first(runner: Runner) -> bool:
        if errors:
            raise errors.pop()
        return advance(runner)

    monkeypatch.setattr(Runner, "advance", fail_first)


def test_a_missing_log_is_said_and_ends_it(tmp_path: Path) -> None:
    lines: list[bytes] = []
    commands = Commands(io.StringIO())

    code = run(Place(tmp_path / "none.foldline"), commands, Reporter(lines.append))

    report = from_line(lines[0])
    assert report is not None
    assert (code, report.phase) == (1, "ended")
    assert "the file does not exist" in (report.error or "")
    commands.join()


def test_reports_are_few_and_only_of_something_new() -> None:
    now_s = [100.0]
    lines: list[bytes] = []
    reporter = Reporter(lines.append, clock_s=lambda: now_s[0])

    def tell(checkpoint: int) -> None:
        view = ViewProgress(checkpoint=checkpoint, lag=100 - checkpoint)
        stuck = ViewProgress(checkpoint=1, lag=99, error="it failed")
        reporter.tell("working", head=100, views={"a": view, "stuck": stuck})

    for n in range(101):
        now_s[0] += 0.01
        tell(n)
    for _ in range(100):
        now_s[0] += 0.01
        tell(100)

    said = [report for line in lines if (report := from_line(line))]
    assert 15 <= len(said) <= 25
    assert (said[0].rate, said[-1].rate) == (0.0, 0.0)
    assert 90 <= said[len(said) // 2].rate <= 110
    assert [said[0].checkpoint, said[-1].checkpoint] == [0, 100]


def test_the_process_ends_when_its_parent_no_longer_listens(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, input_ = os.pipe()
    read, write = os.pipe()
    os.close(read)
    before = gc.get_threshold(), signal.getsignal(signal.SIGINT)
    deaf = os.fdopen(write, "w")
    with os.fdopen(output) as source, os.fdopen(input_, "w") as sink:
        monkeypatch.setattr("sys.stdin", source)
        monkeypatch.setattr("sys.stdout", deaf)
        monkeypatch.setattr("sys.argv", ["projector", str(path)])

        code = projector.main()

        signal.signal(signal.SIGINT, before[1])
        sink.close()
    with pytest.raises(BrokenPipeError):
        deaf.close()
    assert code == 0
    assert gc.get_threshold() == before[0]


def test_a_line_that_is_no_report_is_none() -> None:
    assert from_line(b"Traceback (most recent call last):\n") is None
    assert from_line(b'{"phase": "unheard of"}\n') is None


def test_who_loses_the_lock_with_the_views_lets_go_and_only_one_goes_on(path: Path) -> None:
    """The views' files are deleted with their lock: always safe, so it happens."""
    with projecting(path) as parent, projecting(path) as other:
        parent.wait(is_current(EVENTS))
        other.wait(is_current(EVENTS))
        place = Place(path)
        for it in path.parent.glob(f"{place.views.name}*"):
            it.unlink(missing_ok=True)
        append(path, 1)
        for one in (parent, other):
            one.wait(is_current(EVENTS + 1))
        parent.said.clear()
        other.said.clear()
        append(path, 1)
        for one in (parent, other):
            one.wait(is_current(EVENTS + 2))
        phases = sorted((parent.said[-1].phase, other.said[-1].phase))
        assert phases == ["watching", "working"]
        assert not ProcessLock(place.views_lock).acquire()


def test_what_keeps_it_from_its_work_is_said_with_what_to_do(path: Path) -> None:
    Place(path).views_lock.mkdir()

    with projecting(path) as parent:
        report = parent.wait(lambda it: it.phase == "blocked")

    held = held_up(report)
    assert held is not None
    assert "updating the views fails" in held.sentence
    assert held.hint
