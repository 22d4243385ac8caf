"""What verbs say and do when the views, the files or the reader are in the way."""

import errno
import json
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay import command_line
from replay.catalog.all_views import all_views
from replay.catalog.rebuild import RebuildReport
from replay.progress_lines import ProgressLines
from replay.projector.catch_up import catch_up
from replay.questions.view_query import page
from replay.questions.view_status import list_views
from replay.verbs import log as log_verb
from replay.verbs import rebuild as rebuild_verb
from replay.verbs import verify as verify_verb
from replay.verbs import view as view_verb
from replay.views.read_store import open_views, open_views_to_read
from replay.views.runner import Runner
from store.interface import EventReader
from store.locks import ProcessLock
from store.opening import open_reader
from store.place import Place
from store.sqlite.integrity import VerifyReport
from tests.replay.logs import append
from tests.replay.logs import catch_up as run_to_the_head
from tests.replay.verbs.conftest import Run


@pytest.fixture
def lock(store: Path) -> Iterator[ProcessLock]:
    """The lock that the projector of another process would hold."""
    lock = ProcessLock(Place(store).views_lock)
    assert lock.acquire()
    yield lock
    lock.release()


@pytest.fixture
def log(store: Path) -> Iterator[EventReader]:
    log = open_reader(store)
    yield log
    log.close()


def lags(log: EventReader) -> set[int]:
    db = open_views_to_read(log)
    assert db is not None
    try:
        return {it.lag for it in list_views(db, log)}
    finally:
        db.close()


def test_views_kept_by_another_process_are_waited_for(
    store: Path, log: EventReader, lock: ProcessLock
) -> None:
    def keep() -> None:
        own = open_reader(store)
        views = open_views(own)
        run_to_the_head(Runner(views.db, own, all_views()))
        views.close()
        own.close()

    other = threading.Thread(target=keep)
    other.start()
    catch_up(log)
    other.join()

    assert lags(log) == {0}


def test_views_whose_keeper_goes_away_are_folded_here(
    store: Path, log: EventReader, lock: ProcessLock
) -> None:
    threading.Timer(0.1, lock.release).start()

    catch_up(log)

    assert lags(log) == {0}


def test_a_keeper_that_gets_nowhere_is_not_waited_for_for_ever(
    store: Path, log: EventReader, lock: ProcessLock
) -> None:
    catch_up(log, patience_s=0.1)

    assert open_views_to_read(log) is None


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_view_that_stays_behind_says_so_and_exits_with_one(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    run("view", store, "event_types")
    append(store, 5)
    monkeypatch.setattr(view_verb, "catch_up", lambda _log, **_options: None)

    code, out, err = run("view", store, "event_types", *form)

    assert code == 1
    assert "Placed" in out
    told = err.splitlines()[0]
    assert told.startswith("main.py: this view is 5 events behind the position asked for. It shows")
    assert told.endswith(" old.")


def test_a_view_whose_past_is_not_ready_says_so_and_exits_with_one(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_verb, "catch_up", lambda _log, **_options: None)

    code, out, err = run("view", store, "streams", "--at", "2", "--json")

    assert (code, out) == (1, "")
    assert err.startswith("main.py: the past of this view cannot be read, it is still being built")


def test_a_limit_ends_where_a_page_ends(run: Run, store: Path, log: EventReader) -> None:
    append(store, 3_000)
    names = [it.split('"')[3] for it in run("view", store, "streams", "--json")[1].splitlines()]

    few = run("view", store, "streams", "--limit", "502", "--json")[1].splitlines()
    db = open_views_to_read(log)
    assert db is not None
    first = page(db, log, "streams", limit=10_000)
    db.close()

    assert len(few) == min(502, len(names))
    assert names == [it.key[0] for it in first.rows]


def test_a_rebuild_that_fails_says_why_and_exits_with_one(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = RebuildReport(
        view="streams",
        events=2,
        seconds=0.1,
        row_count=1,
        digest="ab",
        resumed_at=0,
        compared_at=0,
        comparison=None,
        is_switched=False,
        error="it failed at position 3: no such thing",
    )
    monkeypatch.setattr(rebuild_verb, "rebuild", lambda *_, **__: (failed,))

    code, out, _ = run("rebuild", store)

    assert code == 1
    assert "it failed at position 3" in out


def test_a_first_build_has_nothing_to_compare_with(run: Run, store: Path) -> None:
    out = run("rebuild", store, "streams")[1]

    assert "had nothing to compare with" in out


def test_verify_tells_how_far_it_is(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(ProgressLines, "tell", lambda _self, **facts: told.append(facts))

    def verify(_path: Path, *, on_progress: Any, on_phase: Any, is_cancelled: Any) -> VerifyReport:
        on_phase("the events")
        on_progress(10_000)
        assert not is_cancelled()
        return VerifyReport(events=3, problem_count=0, problems=())

    monkeypatch.setattr(verify_verb, "verify", verify)

    assert run("verify", store)[0] == 0
    assert [(it["fraction"], it["events"]) for it in told] == [(None, 10_000)]
    assert told[0]["rate"] > 0


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "/d/x"),
            1,
            "the disk is full: /d\n"
            "Free some space there and try again. What was recorded before is safe.",
        ),
        (
            sqlite3.OperationalError("disk I/O error"),
            1,
            "the store's files cannot be used: disk I/O error",
        ),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_trouble_of_the_world_is_a_sentence(
    run: Run,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    sentence: str,
) -> None:
    def fail(_arguments: object) -> int:
        raise error

    monkeypatch.setattr(log_verb, "run", fail)

    ended, out, err = run("log", store)

    assert (ended, out) == (code, "")
    assert err == (f"main.py: {sentence}\n" if sentence else "")


def test_an_argument_that_is_no_text_is_wrong_usage(run: Run, store: Path) -> None:
    code, _, err = run("state", store, "order-\udcff")

    assert code == 2
    assert err.startswith("main.py: an argument is not valid UTF-8\n")


def test_a_count_that_is_none_is_wrong_usage(run: Run, store: Path) -> None:
    code, _, err = run("log", store, "--limit", "-1")

    assert code == 2
    assert "this is not a whole number: '-1'" in err


@pytest.mark.parametrize(("said", "is_cancelled"), [(b"cancel\n", True), (b"", True)])
def test_progress_listens_for_a_word_and_for_the_end(
    monkeypatch: pytest.MonkeyPatch, said: bytes, is_cancelled: bool
) -> None:
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as source:
        monkeypatch.setattr(sys, "stdin", source)
        lines = ProgressLines(is_on=True)
        assert not lines.is_cancelled()

        os.write(writing, b"hello\n" + said) if said else None
        listening = [it for it in threading.enumerate() if it.name == "cancel"]
        if not said:
            os.close(writing)
        for thread in listening:
            thread.join(60)

        assert lines.is_cancelled() == is_cancelled
        if said:
            os.close(writing)


def test_progress_tells_one_who_has_gone_away_from_one_who_cancels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for said, is_left in ((b"cancel\n", False), (b"hello\n", True)):
        reading, writing = os.pipe()
        os.write(writing, said)
        os.close(writing)
        with open(reading, encoding="utf-8") as source:
            monkeypatch.setattr(sys, "stdin", source)
            lines = ProgressLines(is_on=True)
            for thread in [it for it in threading.enumerate() if it.name == "cancel"]:
                thread.join(60)
        assert (lines.is_cancelled(), lines.is_left()) == (True, is_left)


@pytest.fixture
def silent_input(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A standard input on which nothing is said until the test has ended."""
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as source:
        monkeypatch.setattr(sys, "stdin", source)
        yield
        os.close(writing)
        for thread in [it for it in threading.enumerate() if it.name == "cancel"]:
            thread.join(60)


def test_a_pause_is_answered_and_holds_until_it_is_taken_back(
    silent_input: None, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ProgressLines(is_on=True)
    passed = threading.Event()

    def go_through() -> None:
        lines.wait_while_paused()
        passed.set()

    lines.hear(b"pause")
    waiting = threading.Thread(target=go_through)
    waiting.start()
    assert not passed.is_set()
    lines.hear(b"resume")
    waiting.join(60)

    assert passed.is_set()
    assert capsys.readouterr().out.splitlines() == [
        '{"job":"held","is_held":true}',
        '{"job":"held","is_held":false}',
    ]


def test_a_rebuild_tells_events_rate_and_time_left(
    run: Run, store: Path, silent_input: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(store, 997)
    monkeypatch.setattr("replay.progress_lines.PAUSE_S", 0.0)
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 250)

    code, out, _ = run("rebuild", store, "streams", "event_types", "--json", "--progress")

    *facts, report = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [it["events"] for it in facts] == [250, 500, 750, 1_000] * 2
    assert [it["fraction"] for it in facts] == [n / 8 for n in range(1, 9)]
    assert all(it["rate"] > 0 and it["seconds_left"] >= 0 for it in facts)
    assert facts[-1]["seconds_left"] == 0
    assert [it["view"] for it in report["views"]] == ["streams", "event_types"]


@pytest.mark.parametrize("what", ["--back", "--reset", "--forget"])
def test_a_rebuild_that_needs_a_name_is_wrongly_used_without_one(
    run: Run, store: Path, what: str
) -> None:
    code, out, err = run("rebuild", store, what)

    assert (code, out) == (2, "")
    assert err.startswith("main.py: no view is named")


def test_progress_is_told_now_and_then_and_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, silent_input: None, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = [100.0, 100.01, 100.2]
    monkeypatch.setattr(time, "monotonic", lambda: now_s.pop(0))
    on, off = ProgressLines(is_on=True), ProgressLines(is_on=False)

    for events in (1, 2, 3):
        on.tell(fraction=0.5, events=events, rate=2.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    off.tell(fraction=0.5, events=4)

    first = '{"job":"progress","fraction":0.5,"events":1,"rate":2.0,"seconds_left":null}'
    assert capsys.readouterr().out.splitlines() == [first, first.replace(":1,", ":3,")]


def test_a_reader_that_went_away_is_no_error_of_ours(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_arguments: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(log_verb, "run", fail)
    with (tmp_path / "pipe").open("w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        code = command_line.run(["log", str(store)])
        pipe.write("what is still to be flushed goes nowhere")
        monkeypatch.undo()

    assert code == 141
    assert (tmp_path / "pipe").read_text() == ""


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("log", "a.foldline", "--bogus"), "log"),
        (("sample", "ships", "ships.foldline"), "sample"),
        (("branch", "new", "a.foldline", "fix", "--fork", "6"), "branch new"),
    ],
)
def test_words_that_a_verb_does_not_take_are_refused_with_its_own_usage(
    run: Run, words: tuple[str, ...], verb: str
) -> None:
    code, _, err = run(*words)

    assert code == 2
    assert f"main.py {verb} [-h]" in err
    assert f"main.py {verb}: error: unrecognized arguments: " in err
