"""A store whose opening is killed, or under way, is as good as any: it is written to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
from tests.replay.logs import make_log
from tests.small_disk import small_disk

ROOT = Path(__file__).parents[2]
EVENTS = 20
MB = 1 << 20
LEAVE_WAL = """
import os, signal, sys
from pathlib import Path
from store.events import NewEvent
from store.opening import open_store
store = open_store(Path(sys.argv[1]))
store.append("late-1", [NewEvent.of("Came", {})], expected=0)
os.kill(os.getpid(), signal.SIGKILL)
"""
# Ends, or waits, when it is about to name a file for the nth time; the last one is behind them.
OPEN = """
import os, signal, sys
from pathlib import Path
from store.opening import open_store
left, link = int(sys.argv[2]), os.link
def linked(*arguments):
    global left
    left -= 1
    if not left:
        stop()
    link(*arguments)
def stop():
    if sys.argv[3] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    print("looking", flush=True)
    sys.stdin.read()
os.link = linked
open_store(Path(sys.argv[1])).close()
if left > 0:
    stop()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """One whose writer was killed."""
    return left_by_a_killed_writer(tmp_path)


def left_by_a_killed_writer(folder: Path) -> Path:
    path = make_log(folder / "store.foldline", EVENTS)
    killed = subprocess.run([sys.executable, "-c", LEAVE_WAL, str(path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.with_name(f"{path.name}-wal").stat().st_size
    return path


def opening(log: Path, nth: int, what: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, str(log), str(nth), what],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def looking(log: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that is about to name the -wal, too."""
    with opening(log, 2, "wait") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "looking\n"
        yield process


def is_written_to(log: Path) -> None:
    with closing(open_store(log)) as store:
        assert store.head() == EVENTS + 1
        done = store.append("next-1", [NewEvent.of("Came", {})], expected=ANY_VERSION)
    assert done.position == EVENTS + 2


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_log_whose_opening_was_killed_is_opened_and_nothing_is_left(log: Path, nth: int) -> None:
    with opening(log, nth, "kill") as killed:
        killed.communicate()
    assert killed.returncode == -signal.SIGKILL

    is_written_to(log)

    assert [it.name for it in log.parent.iterdir()] == [log.name]


def test_a_log_that_another_process_looks_at_is_written_to(
    log: Path, looking: "subprocess.Popen[str]"
) -> None:
    is_written_to(log)

    looking.communicate()
    assert [it.name for it in log.parent.iterdir()] == [log.name]


def test_a_full_disk_is_not_taken_for_another_logs_wal(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4 * MB) as disk:
        log = left_by_a_killed_writer(disk.folder)
        disk.fill()

        done = disk.run("log", log)

        if disk.is_disk:
            assert (done.returncode, done.stdout) == (1, "")
            assert "disk is full" in done.stderr
        disk.make_room()
        is_written_to(log)


def test_a_log_with_a_second_name_of_a_persons_own_is_only_read(log: Path) -> None:
    os.link(log, log.with_name(f".{log.name}.unfinished"))

    with closing(open_store(log)) as store:
        assert store.place.only_read == "the file has a second name (a hard link)"


def test_a_log_that_may_only_be_read_is_read_though_its_writer_was_killed_before_a_first_write(
    log: Path,
) -> None:
    with log.with_name(f"{log.name}-wal").open("r+b") as wal:
        wal.truncate(32)  # its header
    with log.with_name(f"{log.name}-shm").open("r+b") as index:
        index.write(bytes(os.fstat(index.fileno()).st_size))
    os.link(log, log.with_name("second.foldline"))

    with closing(open_store(log)) as store:
        assert store.head() == EVENTS
