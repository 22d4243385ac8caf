"""The file under an open log is another one: it is noticed, nothing is mixed, and all goes on when
the right one is back."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.children.environment import environment
from store.errors import ForeignWal, LogReplaced
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store, reading, set_former_aside
from store.sqlite import same_file
from store.sqlite.connect import create_log, open_log
from store.sqlite.integrity import verify
from store.sqlite.store import SqliteStore
from store.sqlite.writer import Writer

ADDING = """
import sys
from pathlib import Path
from store.errors import StoreError
from store.events import NewEvent
from store.opening import open_store
store = open_store(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    try:
        done = store.append("order-1", [NewEvent.of(line.strip(), {})], expected=None)
    except StoreError as error:
        print(type(error).__name__, flush=True)
    else:
        print(done.position, flush=True)
store.close()
"""


class Adding:
    """A process that holds a log open and appends when told to."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-P", "-c", ADDING, str(path)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
        )
        assert self._line() == "ready"

    def add(self, type_: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{type_}\n")
        self.process.stdin.flush()
        return self._line()

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def make(path: Path, *types: str) -> Path:
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        Writer(db).append("order-1", [NewEvent.of(it, {}) for it in types], expected=0)
    return path


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "shelf").mkdir()
    return make(tmp_path / "shelf" / "log.foldline", "One", "Two")


@pytest.fixture
def store(log: Path) -> Iterator[SqliteStore]:
    store = open_store(log)
    assert isinstance(store, SqliteStore)
    yield store
    store.close()


def by_another(log: Path) -> None:
    make(log.with_name("other.foldline"), "Strange").rename(log)


def by_a_copy(log: Path) -> None:
    shutil.copyfile(log, log.with_name("copy.foldline"))
    log.with_name("copy.foldline").rename(log)


def by_nothing(log: Path) -> None:
    log.rename(log.parent.parent / "aside.foldline")


def by_no_folder(log: Path) -> None:
    log.parent.rename(log.parent.with_name("elsewhere"))


WAYS = [by_another, by_a_copy, by_nothing, by_no_folder]


@pytest.mark.parametrize("replace", WAYS)
def test_nothing_is_appended_to_another_file(
    store: SqliteStore, log: Path, replace: Callable[[Path], None]
) -> None:
    store.append("order-1", [NewEvent.of("Three", {})], expected=2)
    replace(log)
    before = log.read_bytes() if log.exists() else b""

    with pytest.raises(LogReplaced) as told:
        store.append("order-1", [NewEvent.of("Lost", {})], expected=ANY_VERSION)

    assert str(log) in str(told.value)
    assert told.value.is_gone == (not log.exists())
    assert told.value.hint
    assert (log.read_bytes() if log.exists() else b"") == before


@pytest.mark.parametrize("replace", WAYS)
def test_a_reader_says_so_and_shows_nothing_of_the_other_file(
    log: Path, replace: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(same_file, "LOOK_S", 0.0)
    with reading(log) as reader:
        assert reader.head() == 2
        replace(log)

        with pytest.raises(LogReplaced):
            reader.head()
        with pytest.raises(LogReplaced):
            reader.commits().has_changed()


def test_all_goes_on_when_the_file_is_back(
    store: SqliteStore, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(same_file, "LOOK_S", 0.0)
    aside = log.parent.parent / "aside.foldline"
    for path in (log, log.with_name("log.foldline-wal"), log.with_name("log.foldline-shm")):
        if path.exists():
            path.rename(aside.with_name(path.name.replace("log.", "aside.")))
    with pytest.raises(LogReplaced):
        store.append("order-1", [NewEvent.of("Lost", {})], expected=ANY_VERSION)
    with pytest.raises(LogReplaced):
        store.head()
    aside.rename(log)

    assert store.append("order-1", [NewEvent.of("Three", {})], expected=2).position == 3
    assert [it.type for it in store.read()] == ["One", "Two", "Three"]


def test_a_wal_in_use_by_the_former_file_is_not_mixed_into_its_successor(log: Path) -> None:
    former = Adding(log)
    assert former.add("Three") == "3"
    by_another(log)
    before = hashlib.sha256(log.read_bytes()).hexdigest()

    for writable in (False, True):
        with pytest.raises(ForeignWal) as told:
            open_log(log, writable=writable)
        assert str(told.value).endswith("log.foldline-wal")
    assert former.add("Four") == "LogReplaced"
    former.process.communicate()

    with pytest.raises(ForeignWal):
        open_log(log)
    aside = set_former_aside(log)
    assert aside is not None
    assert aside.stat().st_size
    assert {it.name for it in log.parent.iterdir()} == {log.name, aside.name}
    assert set_former_aside(log) is None
    assert verify(log).is_sound
    with reading(log) as reader:
        assert [it.type for it in reader.read()] == ["Strange"]
    assert hashlib.sha256(log.read_bytes()).hexdigest() == before


def test_what_the_former_file_has_not_in_itself_can_be_put_back_to_it(log: Path) -> None:
    former = Adding(log)
    assert former.add("Three") == "3"
    kept = log.parent.parent / "kept.foldline"
    os.link(log, kept)
    by_another(log)
    former.process.communicate()

    aside = set_former_aside(log)

    assert aside is not None
    aside.rename(kept.with_name(f"{kept.name}-wal"))
    with reading(kept) as reader:
        assert [it.type for it in reader.read()] == ["One", "Two", "Three"]


def test_a_wal_that_holds_only_pages_behind_the_end_of_the_successor_is_missed(log: Path) -> None:
    """Read together they say what the successor says alone: the size alone tells."""
    backup = log.with_name("backup.foldline")
    shutil.copyfile(log, backup)
    with closing(sqlite3.connect(log, isolation_level=None)) as db:
        db.execute("CREATE TABLE grown (page BLOB)")
        db.execute("INSERT INTO grown VALUES (zeroblob(400000)), (zeroblob(100))")
    with closing(sqlite3.connect(log, isolation_level=None)) as db:
        db.execute("UPDATE grown SET page = zeroblob(101) WHERE rowid = 2")
        shutil.copyfile(log.with_name(f"{log.name}-wal"), log.with_name("left"))
    log.with_name("left").rename(log.with_name(f"{log.name}-wal"))
    backup.rename(log)

    with pytest.raises(ForeignWal):
        open_log(log)
    aside = set_former_aside(log)

    assert aside is not None
    with reading(log) as reader:
        assert [it.type for it in reader.read()] == ["One", "Two"]


def an_older_copy(log: Path) -> None:
    shutil.copyfile(log.with_name("backup.foldline"), log.with_name("new.foldline"))
    log.with_name("new.foldline").rename(log)


@pytest.mark.parametrize("replace", [by_another, an_older_copy])
def test_a_wal_that_a_crash_has_left_is_not_mixed_into_what_is_put_in_its_place(
    log: Path, replace: Callable[[Path], None]
) -> None:
    shutil.copyfile(log, log.with_name("backup.foldline"))
    with closing(open_log(log, writable=True)) as db:
        events = [NewEvent.of("More", {"text": "x" * 500}) for _ in range(200)]
        Writer(db).append("order-2", events, expected=0)
    former = Adding(log)
    assert former.add("Last") == "203"
    former.kill()
    replace(log)
    before = hashlib.sha256(log.read_bytes()).hexdigest()

    with pytest.raises(ForeignWal):
        open_log(log, writable=True)

    assert hashlib.sha256(log.read_bytes()).hexdigest() == before
    for suffix in ("-wal", "-shm"):
        log.with_name(log.name + suffix).unlink(missing_ok=True)
    assert verify(log).is_sound


def test_a_wal_that_a_crash_has_left_of_the_file_itself_is_folded_in(log: Path) -> None:
    former = Adding(log)
    assert [former.add("More") for _ in range(20)] == [str(it) for it in range(3, 23)]
    former.kill()

    with closing(open_log(log, writable=True)) as db:
        assert db.execute("SELECT max(position) FROM events").fetchone() == (22,)


def test_many_processes_open_a_log_while_one_writes(log: Path) -> None:
    """What tells whose a -wal is errs on nobody who comes and goes."""
    writer = Adding(log)
    for at in range(3, 60):
        assert writer.add("More") == str(at)
        with reading(log) as reader:
            assert reader.head() == at
    writer.process.communicate()


def test_where_nothing_tells_who_holds_a_file_its_own_wal_is_believed_in(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sqlite.left_wal.LOCKS", log.with_name("no such file"))
    writer = Adding(log)
    for at in range(3, 23):
        assert writer.add("More") == str(at)
        with reading(log) as reader:
            assert reader.head() == at
    by_another(log)
    with pytest.raises(ForeignWal):
        open_log(log)
    writer.process.communicate()


def test_a_wal_that_is_folded_in_while_it_is_looked_at_was_the_files_own(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last who had the log open closes it between two looks."""
    writer, link = Adding(log), os.link
    assert writer.add("More") == "3"

    def closed_before(origin: Path, name: Path) -> None:
        if origin.name.endswith("-wal"):
            writer.process.communicate()
        link(origin, name)

    monkeypatch.setattr("store.sqlite.left_wal.LOCKS", log.with_name("no such file"))
    monkeypatch.setattr(os, "link", closed_before)
    with reading(log) as reader:
        assert reader.head() == 3
    assert not log.with_name("log.foldline-wal").exists()
