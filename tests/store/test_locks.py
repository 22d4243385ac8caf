"""A lock that ends with the process that holds it."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.children.environment import environment
from store.errors import LockClosed
from store.locks import ProcessLock
from store.place import Place
from tests.other_account import went_well_for_another

HOLDING = """
import sys
from pathlib import Path
from store.locks import ProcessLock
lock = ProcessLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_one_at_a_time_has_it_and_asking_again_is_no_second_time(tmp_path: Path) -> None:
    first, second = ProcessLock(tmp_path / "a-lock"), ProcessLock(tmp_path / "a-lock")

    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()

    assert second.acquire()
    second.release()


def test_its_file_stays_so_that_nobody_locks_another_one(tmp_path: Path) -> None:
    path = tmp_path / "a-lock"
    lock = ProcessLock(path)

    lock.acquire()
    lock.release()
    lock.release()

    assert path.exists()


def test_a_killed_process_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "a-lock"
    command = [sys.executable, "-P", "-c", HOLDING, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"
        lock = ProcessLock(path)
        assert not lock.acquire()

        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()

    assert lock.acquire()
    lock.release()


def test_one_thread_takes_it_and_another_gives_it_back(tmp_path: Path) -> None:
    lock, other = ProcessLock(tmp_path / "a-lock"), ProcessLock(tmp_path / "a-lock")
    lock.acquire()

    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()

    assert other.acquire()
    other.release()


def test_a_lock_of_an_earlier_version_is_seen(tmp_path: Path) -> None:
    lock = ProcessLock(tmp_path / "a-lock")
    with (tmp_path / "a-lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert not lock.acquire()

    assert lock.acquire()
    lock.release()


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ProcessLock(tmp_path / "gone" / "a-lock").acquire()

    assert not (tmp_path / "gone").exists()


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder in which every account may make files, and none may remove those of others."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o1777)
        yield Path(folder)


def test_a_lock_that_one_account_has_made_serves_another(shared: Path) -> None:
    umask = os.umask(0o077)
    try:
        lock = ProcessLock(shared / "a-lock")
        assert lock.acquire()
        assert not went_well_for_another(ProcessLock(shared / "a-lock").acquire)
        lock.release()
    finally:
        os.umask(umask)

    assert went_well_for_another(ProcessLock(shared / "a-lock").acquire)
    assert lock.acquire()
    lock.release()


def test_a_lock_file_that_cannot_be_opened_is_named(shared: Path) -> None:
    path = shared / "a-lock"
    path.touch()
    path.chmod(0)

    def is_named() -> bool:
        try:
            ProcessLock(path).acquire()
        except LockClosed as error:
            return str(error).endswith(str(path)) and "account" in error.hint
        return False

    assert went_well_for_another(is_named)


def test_who_holds_it_notices_that_its_file_was_taken_away(tmp_path: Path) -> None:
    lock, other = ProcessLock(tmp_path / "a-lock"), ProcessLock(tmp_path / "a-lock")
    assert lock.acquire()
    assert lock.is_held()

    (tmp_path / "a-lock").unlink()

    assert not lock.is_held()
    assert other.acquire()
    assert not lock.acquire()
    other.release()
    assert lock.acquire()
    lock.release()


def test_a_link_to_a_log_leads_to_the_same_lock(tmp_path: Path) -> None:
    (tmp_path / "log.foldline").touch()
    (tmp_path / "link.foldline").symlink_to("log.foldline")
    lock = ProcessLock(Place(tmp_path / "log.foldline").dispatch_lock)

    assert lock.acquire()
    assert not ProcessLock(Place(tmp_path / "link.foldline").dispatch_lock).acquire()
    lock.release()
