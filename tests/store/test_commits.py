"""Waiting for a commit: each one is noticed, and a file at rest is hardly asked."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.commits import CommitWatcher, wait_for_commit
from store.events import ANY_VERSION, NewEvent
from store.file_notices import notices_in
from store.sqlite.connect import connect, open_log
from store.sqlite.reader import LogReader
from store.sqlite.store import SqliteStore, open_store
from store.wake_event import WakeEvent

HOUR_S = 3_600
APPEND = """
import sys
from pathlib import Path
from store.events import ANY_VERSION, NewEvent
from store.sqlite.store import open_store
store = open_store(Path(sys.argv[1]))
store.append("a-1", [NewEvent(type="Counted")], expected=ANY_VERSION)
store.close()
"""


class Asked:
    """A reader's data_version, with how often it was asked."""

    def __init__(self, log: LogReader) -> None:
        self.count = 0
        self._log = log

    def __call__(self) -> int:
        self.count += 1
        return self._log.data_version()


@pytest.fixture(autouse=True)
def what_others_left_is_closed() -> None:
    """The system gives an account 128 sets of notices; garbage may still hold some."""
    gc.collect()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path / "a.foldline", create=True)
    yield opened
    opened.close()


@pytest.fixture
def log(store: SqliteStore) -> Iterator[LogReader]:
    reader = LogReader(open_log(store.place.path))
    yield reader
    reader.close()


def append(store: SqliteStore) -> None:
    store.append("a-1", [NewEvent(type="Counted")], expected=ANY_VERSION)


def grow_old(path: Path) -> None:
    """As if the last commit had been an hour ago."""
    wal = f"{path}-wal"
    then = os.stat(wal).st_mtime - HOUR_S
    os.utime(wal, (then, then))


def test_what_was_there_before_is_news_at_first(log: LogReader) -> None:
    commits = CommitWatcher(log.data_version, log.place.path)

    assert commits.has_changed()
    assert not commits.has_changed()


def test_each_commit_is_noticed_once(store: SqliteStore, log: LogReader) -> None:
    commits = CommitWatcher(log.data_version, log.place.path)
    commits.has_changed()

    for _ in range(50):
        append(store)
        assert commits.has_changed()
        assert not commits.has_changed()


def test_a_commit_of_another_process_is_noticed(store: SqliteStore, log: LogReader) -> None:
    commits = CommitWatcher(log.data_version, log.place.path)
    commits.has_changed()

    subprocess.run([sys.executable, "-c", APPEND, str(store.place.path)], check=True)

    assert commits.has_changed()


def test_at_rest_sqlite_is_not_asked(store: SqliteStore, log: LogReader) -> None:
    append(store)
    grow_old(store.place.path)
    asked = Asked(log)
    commits = CommitWatcher(asked, log.place.path)
    commits.has_changed()
    before = asked.count

    for _ in range(50):
        assert not commits.has_changed()

    assert asked.count == before


def test_a_commit_that_leaves_size_and_time_as_they_were_is_noticed(
    store: SqliteStore, log: LogReader
) -> None:
    """So it is when the -wal is begun anew and two commits fall into one tick of the clock."""
    append(store)
    commits = CommitWatcher(log.data_version, log.place.path)
    commits.has_changed()
    wal = f"{store.place.path}-wal"
    before = os.stat(wal)
    with closing(connect(store.place.path)) as other:
        other.execute("PRAGMA wal_checkpoint(RESTART)")
    append(store)
    after = os.stat(wal)
    os.utime(wal, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert after.st_size == before.st_size
    assert commits.has_changed()


def test_without_a_file_the_reader_is_asked_each_time(store: SqliteStore, log: LogReader) -> None:
    asked = Asked(log)
    commits = CommitWatcher(asked)
    commits.has_changed()
    append(store)

    assert commits.has_changed()
    assert asked.count == 2


def test_waiting_ends_with_a_commit(store: SqliteStore, log: LogReader) -> None:
    commits = CommitWatcher(log.data_version, log.place.path)
    commits.has_changed()
    writing = threading.Thread(target=append, args=[store])
    writing.start()

    assert commits.wait(60)

    writing.join()
    assert log.head() == 1


def test_waiting_ends_when_somebody_wakes_it(log: LogReader) -> None:
    commits = CommitWatcher(log.data_version, log.place.path)
    commits.has_changed()
    woken = WakeEvent()
    woken.set()

    assert not commits.wait(60, woken=woken)
    woken.close()


def test_waiting_ends_when_it_is_over_or_too_late(log: LogReader) -> None:
    commits = CommitWatcher(log.data_version, log.place.path)
    commits.has_changed()

    assert not commits.wait(60, is_over=lambda: True)
    assert not commits.wait(0)


def test_a_file_that_comes_beside_the_log_ends_a_wait_in_which_nobody_looks(
    store: SqliteStore, log: LogReader
) -> None:
    append(store)
    grow_old(store.place.path)
    commits = CommitWatcher(log.data_version, log.place.path)
    commits.has_changed()
    told, looks = log.place.beside("-told.json"), 0
    beside = notices_in(str(told.parent))
    writing = threading.Timer(0.2, told.write_text, args=["{}"])
    writing.start()

    def is_over() -> bool:
        nonlocal looks
        looks += 1
        return told.exists()

    assert not wait_for_commit([commits], 60, is_over=is_over, look_s=60, beside=beside)

    writing.join()
    if beside is not None:
        assert looks <= 5
        beside.close()
    commits.close()


def test_a_commit_that_becomes_visible_after_the_last_notice_of_it_is_not_lost(
    tmp_path: Path,
) -> None:
    """A writer syncs its frames after it has written them, and only then are they visible."""
    path, wal, versions = tmp_path / "log", tmp_path / "log-wal", [1]
    wal.write_bytes(b"frames")
    grow_old(path)
    commits = CommitWatcher(lambda: versions[-1], path)
    commits.has_changed()
    writing = threading.Timer(0.1, wal.write_bytes, args=[b"more frames"])
    synced = threading.Timer(0.4, versions.append, args=[2])
    writing.start()
    synced.start()

    assert wait_for_commit([commits], HOUR_S, look_s=HOUR_S)

    writing.join()
    synced.join()
    commits.close()
