"""Work off the GUI thread, and its answers."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.errors import StoreMissing
from store.opening import open_reader


@pytest.fixture
def gate() -> threading.Event:
    """Held work waits for this."""
    return threading.Event()


def refuse(error: Exception) -> None:
    raise error


def held(gate: threading.Event, answer: str) -> Callable[[Reads], str]:
    def work(_reads: Reads) -> str:
        assert gate.wait(60)
        return answer

    return work


def ask(tasks: Tasks, key: str, work: Callable[[Reads], Any], into: list[Any], **how: bool) -> None:
    tasks.latest(key, work, done=into.append, failed=refuse, **how)


def test_the_answer_comes_back_on_the_gui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    threads: list[threading.Thread] = []
    answers: list[int] = []

    def done(head: int) -> None:
        threads.append(threading.current_thread())
        answers.append(head)

    tasks.latest("head", lambda reads: reads.log.head(), done=done, failed=refuse)
    qtbot.waitUntil(lambda: bool(answers))

    assert (answers, threads) == ([300], [threading.main_thread()])


def test_only_the_newest_of_the_waiting_requests_is_run(
    qtbot: QtBot, tasks: Tasks, gate: threading.Event
) -> None:
    answers: list[str] = []

    for name in ("first", "second", "third", "fourth"):
        ask(tasks, "state", held(gate, name), answers)
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)

    assert answers == ["first", "fourth"]


def test_a_restart_silences_what_runs(qtbot: QtBot, tasks: Tasks, gate: threading.Event) -> None:
    answers: list[str] = []

    ask(tasks, "filter", held(gate, "old"), answers, restart=True)
    ask(tasks, "filter", held(gate, "new"), answers, restart=True)
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)

    assert answers == ["new"]


def test_keys_do_not_disturb_each_other(qtbot: QtBot, tasks: Tasks, gate: threading.Event) -> None:
    answers: list[str] = []

    ask(tasks, "slow", held(gate, "slow"), answers)
    ask(tasks, "quick", lambda _reads: "quick", answers)
    qtbot.waitUntil(lambda: answers == ["quick"])
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)

    assert answers == ["quick", "slow"]


def test_a_running_query_is_interrupted_by_a_restart(qtbot: QtBot, tasks: Tasks) -> None:
    answers: list[str] = []
    started = threading.Event()

    def endless(reads: Reads) -> str:
        started.set()
        while True:
            reads.log.type_counts()

    ask(tasks, "search", endless, answers, restart=True)
    assert started.wait(60)
    ask(tasks, "search", lambda _reads: "found", answers, restart=True)
    qtbot.waitUntil(lambda: answers == ["found"])

    assert tasks.is_idle


def test_an_error_is_delivered_as_it_is(qtbot: QtBot, tasks: Tasks) -> None:
    errors: list[Exception] = []

    def fail(_reads: Reads) -> str:
        raise StoreMissing(Path("gone.foldline"))

    opened: list[str] = []

    tasks.latest("open", fail, done=opened.append, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))

    assert str(errors[0]) == "the file does not exist: gone.foldline"


def test_nothing_is_delivered_after_closing(
    qtbot: QtBot, store: Path, gate: threading.Event
) -> None:
    tasks = Tasks(lambda: Reads(lambda: open_reader(store)))
    answers: list[str] = []
    ask(tasks, "state", held(gate, "too late"), answers)

    gate.set()
    tasks.close()
    ask(tasks, "state", lambda _reads: "much too late", answers)
    qtbot.wait(0)

    assert answers == []


def test_busy_is_told_when_work_begins_and_when_the_last_ends(
    qtbot: QtBot, tasks: Tasks, gate: threading.Event
) -> None:
    told: list[bool] = []
    tasks.busy_changed.connect(told.append)

    ask(tasks, "one", held(gate, "one"), [])
    ask(tasks, "two", held(gate, "two"), [])
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)

    assert told == [True, False]
