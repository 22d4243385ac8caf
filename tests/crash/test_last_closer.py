"""Whoever closes a log last leaves one whole file: a copy of it alone has every event.

Each test ends real processes in one way, and then copies the *.foldline by itself.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from replay.children.child import Child, Deadline
from replay.children.command import COMMAND_WORKER, PROJECTOR, worker_command
from store.events import ANY_VERSION, NewEvent
from store.opening import open_reader, open_store, reading
from store.place import Place
from tests.test_main import run, start

ROOT = Path(__file__).parents[2]
LINE = (
    '{"stream":"order-%d","type":"Placed","id":"e%d","recorded_at":"2026-03-01T10:00:00Z",'
    '"data":{"n":%d},"metadata":{}}\n'
)
EVENTS = 50
ENDS_ITSELF = '''
"""Orders whose model ends the process it runs in."""
import os
from replay.typed_model import Event, State, TypedModel

class Order(State, frozen=True):
    """Nothing."""

class Placed(Event, frozen=True):
    n: int

def evolve(order, event):
    os._exit(3)

MODEL = TypedModel(name="order", title="Order", version=1, category="order", state=Order,
                   events=(Placed,), commands=(), evolve=evolve, decide=lambda *_: [],
                   stream_of=str)
'''
WRITER = """
import sys
from pathlib import Path
from replay.children.child import Child, Deadline
from replay.children.command import COMMAND_WORKER, PROJECTOR, worker_command
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
store = open_store(Path(sys.argv[1]))
for n in range(5):
    store.append("late-1", [NewEvent.of("Came", {"n": n})], expected=ANY_VERSION)
print("written", flush=True)
sys.stdin.readline()
store.close()
"""
WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from gui import app, main_window
whole = main_window.MainWindow.open_store
def open_and_tell(window, path):
    whole(window, path)
    window._opening.reported.connect(lambda report: tell(report))
def tell(report):
    if report.checkpoint >= int(sys.argv[2]):
        print("shown", flush=True)
main_window.MainWindow.open_store = open_and_tell
sys.exit(app.run([sys.argv[1]]))
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    source, path = tmp_path / "orders.jsonl", tmp_path / "orders.foldline"
    source.write_text("".join(LINE % (n % 7, n, n) for n in range(1, EVENTS + 1)), "utf-8")
    assert run("import", source, "--into", path)[0] == 0
    return path


def assert_whole(store: Path, *, events: int) -> None:
    """Nothing lies beside the log or its views, and a copy of the log alone is the log."""
    left = [it.name for it in store.parent.iterdir() if it.name.endswith(("-wal", "-shm"))]
    assert left == []
    copy = store.with_name("copy") / store.name
    copy.parent.mkdir()
    shutil.copyfile(store, copy)
    code, out, err = run("verify", copy, "--json")
    assert (code, json.loads(out)["events"], err) == (0, events, "")


def python(source: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", source, *(str(it) for it in arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


@contextmanager
def saying(source: str, word: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """A process that has said a word."""
    with python(source, *arguments) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{word}\n"
        yield process


@pytest.mark.parametrize(
    "words",
    [
        ["info"],
        ["log"],
        ["log", "--where", "data.n = 3"],
        ["state", "order-1"],
        ["view", "streams"],
        ["search", "Placed"],
        ["sql", "SELECT count(*) FROM event_log"],
        ["rebuild"],
        ["verify"],
        ["lint"],
        ["dispatch", "--once"],
        ["snapshots", "list"],
    ],
    ids=" ".join,
)
def test_a_verb_leaves_one_file(store: Path, words: list[str]) -> None:
    verb, *rest = words
    assert run(*(["snapshots", "list", store] if verb == "snapshots" else [verb, store, *rest]))

    assert_whole(store, events=EVENTS)


def test_a_command_leaves_one_file(tmp_path: Path) -> None:
    store = tmp_path / "bank.foldline"
    open_store(store, create=True).close()
    data = json.dumps({"id": "7", "owner": "Ada"})

    code, _out, err = run("issue", store, "OpenAccount", "--data", data)

    assert (code, err) == (0, "")
    assert_whole(store, events=1)


def test_a_verb_whose_model_ends_its_process_leaves_one_file(store: Path) -> None:
    model = store.with_name("ends.py")
    model.write_text(ENDS_ITSELF, "utf-8")

    code, _out, err = run("state", store, "order-1", "--model", model, "--trust")

    assert code == 1
    assert "own code ended its process" in err
    assert_whole(store, events=EVENTS)


def test_readers_that_outlive_the_writer_leave_one_file(store: Path) -> None:
    first, second = open_reader(store), open_reader(store)
    assert first.head() == second.head() == EVENTS
    with saying(WRITER, "written", store) as writer:
        assert first.head() == EVENTS + 5
        writer.communicate("\n")

    assert Path(f"{store}-wal").exists()
    first.close()
    second.close()

    assert_whole(store, events=EVENTS + 5)


def test_a_follower_that_is_told_to_end_leaves_one_file(store: Path) -> None:
    with start("log", store, "--follow", "--json") as follower:
        assert follower.stdout is not None
        assert [follower.stdout.readline() for _ in range(EVENTS)]
        with saying(WRITER, "written", store) as writer:
            writer.communicate("\n")
        assert [follower.stdout.readline() for _ in range(5)]
        follower.send_signal(signal.SIGTERM)
        _, said = follower.communicate(timeout=60)

    assert (follower.returncode, said) == (128 + signal.SIGTERM, "")
    assert_whole(store, events=EVENTS + 5)


def test_many_that_close_at_once_leave_one_file(store: Path) -> None:
    with closing(open_store(store)) as writer:
        writer.append("late-1", [NewEvent.of("Came", {})], expected=ANY_VERSION)
        readers = [open_reader(store) for _ in range(8)]
        assert {it.head() for it in readers} == {EVENTS + 1}
    together = threading.Barrier(len(readers))

    def close(reader: object) -> None:
        together.wait()
        reader.close()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=close, args=[it]) for it in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert_whole(store, events=EVENTS + 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_window_that_is_told_to_end_leaves_one_file(store: Path, number: signal.Signals) -> None:
    with saying(WINDOW, "shown", store, EVENTS) as window:
        with saying(WRITER, "written", store) as writer:
            writer.communicate("\n")
        window.send_signal(number)
        window.communicate(timeout=60)

    assert window.returncode == 0
    assert_whole(store, events=EVENTS + 5)


def test_what_a_kill_left_is_folded_in_by_the_next_opening(store: Path) -> None:
    with saying(WRITER, "written", store) as writer:
        writer.kill()
    assert Path(f"{store}-wal").stat().st_size

    with reading(store) as log:
        assert log.head() == EVENTS + 5

    assert_whole(store, events=EVENTS + 5)


def test_a_window_that_is_killed_leaves_it_to_its_processes(store: Path) -> None:
    with saying(WINDOW, "shown", store, EVENTS) as window:
        window.kill()

    with reading(store) as log:
        assert log.head() == EVENTS

    assert Place(store).views.exists()


def test_a_projector_that_is_told_to_end_leaves_one_file(store: Path) -> None:
    projector = Child(worker_command(PROJECTOR, str(store)))
    try:
        while not json.loads(projector.read_line(Deadline(60))).get("checkpoint"):
            continue
        with saying(WRITER, "written", store) as writer:
            writer.communicate("\n")
        os.kill(projector.pid, signal.SIGTERM)

        assert projector.wait(60) == 0
    finally:
        projector.close()
    assert_whole(store, events=EVENTS + 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_worker_that_is_told_to_end_leaves_one_file(
    store: Path, number: signal.Signals
) -> None:
    worker = Child(worker_command(COMMAND_WORKER, str(store)))
    try:
        assert worker.read_line(Deadline(60))  # it has opened the log
        with saying(WRITER, "written", store) as writer:
            writer.communicate("\n")
        os.kill(worker.pid, number)

        assert worker.wait(60) == 128 + number
    finally:
        worker.close()
    assert_whole(store, events=EVENTS + 5)
