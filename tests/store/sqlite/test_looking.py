"""A file that is only looked at: nothing beside it is made or changed, and what it says is true."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from replay.children.environment import environment
from store.errors import NotAStore, StoreReadOnly
from store.events import ANY_VERSION, NewEvent
from store.opening import open_reader, open_store, reading
from store.place import Place
from store.sqlite.connect import create_log, open_log
from store.sqlite.looking import looking_at
from store.sqlite.writer import Writer

WRITING = """
import sys
from pathlib import Path
from store.events import NewEvent
from store.opening import open_store
store = open_store(Path(sys.argv[1]))
for line in sys.stdin:
    done = store.append("order-1", [NewEvent.of(line.strip(), {})], expected=None)
    print(done.position, flush=True)
store.close()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two events, closed by its last writer."""
    path = tmp_path / "shelf" / "log.foldline"
    path.parent.mkdir()
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        Writer(db).append("order-1", [NewEvent.of("Noted", {"n": n}) for n in range(2)], expected=0)
    return path


@pytest.fixture
def may_only_read(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process, whatever its account; not its children."""
    assert log.exists()
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))


def contents(folder: Path) -> dict[str, str]:
    return {it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in folder.iterdir()}


@contextmanager
def writing(log: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process, which may write."""
    command = [sys.executable, "-P", "-c", WRITING, str(log)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
    ) as writer:
        yield writer


def append(writer: "subprocess.Popen[str]", type_: str) -> int:
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write(f"{type_}\n")
    writer.stdin.flush()
    return int(writer.stdout.readline())


@pytest.mark.usefixtures("may_only_read")
def test_looking_leaves_the_folder_as_it_is(log: Path) -> None:
    before = contents(log.parent)

    with reading(log) as reader:
        assert [it.type for it in reader.read()] == ["Noted", "Noted"]
        assert contents(log.parent) == before

    assert contents(log.parent) == before


@pytest.mark.usefixtures("may_only_read")
def test_commits_that_only_the_wal_holds_are_shown_and_stay_there(log: Path) -> None:
    with writing(log) as writer:
        assert append(writer, "Paid") == 3
        os.kill(writer.pid, signal.SIGKILL)
    before = contents(log.parent)
    assert before.keys() == {"log.foldline", "log.foldline-wal", "log.foldline-shm"}

    with reading(log) as reader:
        assert reader.head() == 3

    assert contents(log.parent) == before


@pytest.mark.usefixtures("may_only_read")
def test_a_wal_without_its_index_is_read_through_a_copy(log: Path) -> None:
    with writing(log) as writer:
        assert append(writer, "Paid") == 3
        os.kill(writer.pid, signal.SIGKILL)
    log.with_name("log.foldline-shm").unlink()
    before = contents(log.parent)

    with reading(log) as reader:
        assert reader.head() == 3
        assert reader.place == Place(log)

    assert contents(log.parent) == before


@pytest.mark.usefixtures("may_only_read")
def test_what_the_owner_records_meanwhile_is_seen_from_first_to_last(log: Path) -> None:
    with reading(log) as reader:
        commits = reader.commits()
        assert commits.has_changed()
        assert reader.head() == 2
        with writing(log) as writer:
            for head in range(3, 6):
                assert append(writer, "Paid") == head
                assert commits.wait(60)
                assert reader.head() == head
                assert len(list(reader.read())) == head
            assert writer.stdin is not None
            writer.stdin.close()  # it closes last: all is in the one file, and the -wal goes
            writer.wait()
        assert reader.head() == 5
        with writing(log) as writer:
            assert append(writer, "Sent") == 6
            assert [it.type for it in reader.read(after=4)] == ["Paid", "Sent"]
            writer.communicate()
        commits.close()


@pytest.mark.usefixtures("may_only_read")
def test_who_may_only_read_appends_nothing(log: Path) -> None:
    store = open_store(log)
    try:
        assert store.head() == 2
        with pytest.raises(StoreReadOnly):
            store.append("order-1", [NewEvent.of("Paid", {})], expected=ANY_VERSION)
        assert store.head() == 2
    finally:
        store.close()


def test_a_file_with_a_second_name_is_read_and_not_written(log: Path) -> None:
    second = log.with_name("second.foldline")
    os.link(log, second)

    for path in (log, second):
        with reading(path) as reader:
            assert reader.head() == 2
        with pytest.raises(StoreReadOnly, match="hard link"):
            open_log(path, writable=True)
    assert {it.name for it in log.parent.iterdir()} == {"log.foldline", "second.foldline"}


FOREIGN = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("CREATE TABLE t (x)")
print(flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_foreign_file_is_refused_without_a_trace(tmp_path: Path, *, is_closed: bool) -> None:
    path = tmp_path / "theirs" / "it.sqlite"
    path.parent.mkdir()
    command = [sys.executable, "-P", "-c", FOREIGN, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        if is_closed:
            holder.communicate()
        before = contents(path.parent)

        with pytest.raises(NotAStore):
            open_reader(path)

        assert contents(path.parent) == before
        assert len(before) == (1 if is_closed else 3)


def test_two_copies_of_a_log_share_no_views(log: Path, may_only_read: None, tmp_path: Path) -> None:
    copy = tmp_path / "copy.foldline"
    copy.write_bytes(log.read_bytes())

    assert Place(copy).views.parent == Place(log).views.parent
    assert Place(copy).views != Place(log).views
    assert log.parent not in Place(log).views.parents


def test_a_wal_that_is_folded_in_while_it_is_copied_is_not_missed(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, copy = [sys.executable, "-P", "-c", WRITING, str(log)], shutil.copyfile
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(b"More\n")
        writer.stdin.flush()
        writer.stdout.readline()
        writer.kill()
    log.with_name(f"{log.name}-shm").unlink()

    def folded_before(origin: Path, target: Path) -> None:
        if origin.name.endswith("-wal"):
            open_store(log).close()
        copy(origin, target)

    monkeypatch.setattr(shutil, "copyfile", folded_before)
    looking = looking_at(log)

    with closing(sqlite3.connect(looking.uri, uri=True)) as db:
        assert db.execute("SELECT max(position) FROM events").fetchone() == (3,)
    assert looking.folder is not None
    looking.folder.cleanup()
