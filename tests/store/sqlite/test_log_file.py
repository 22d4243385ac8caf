"""The file itself: what it refuses, what it says of itself, what is found when it is damaged."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store.beside.chained_rows import record_rows
from store.errors import (
    NotAStore,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreExists,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
)
from store.events import NewEvent
from store.opening import open_reader
from store.place import Place
from store.sqlite import schema
from store.sqlite.connect import create_log, open_log, write_transaction
from store.sqlite.integrity import verify
from store.sqlite.writer import Writer

CHANGES = [
    "UPDATE {table} SET rowid = rowid",
    "DELETE FROM {table}",
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "REPLACE INTO {table} SELECT * FROM {table}",
]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Three events, the last one linked."""
    path = tmp_path / "log.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    events = [NewEvent.of("Noted", {"word": f"needle{n}"}) for n in range(2)]
    events.append(NewEvent.of("Noted", {}, links=("cart-1",), recorded_at_us=-1_500_000))
    Writer(db).append("order-1", events, expected=0)
    record_rows(db, "imports", "INSERT INTO imports VALUES (?, ?, ?, ?)", [(1, 0, 3, "{}")])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


def plainly(path: Path) -> sqlite3.Connection:
    """As any other program opens it."""
    return sqlite3.connect(path)


def change_of(table: str, statement: str) -> str:
    column = {
        "events": "data",
        "streams": "name",
        "types": "name",
        "links": "position",
        "imports": "manifest",
        "store_facts": "value",
    }[table]
    return statement.format(table=table).replace("rowid = rowid", f"{column} = {column}")


@pytest.mark.parametrize("table", schema.GUARDED)
@pytest.mark.parametrize("statement", CHANGES)
def test_the_file_refuses_change_whatever_program_tries(
    log: Path, table: str, statement: str
) -> None:
    """Row A2."""
    db = plainly(log)
    before = db.execute(f"SELECT * FROM {table}").fetchall()

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(change_of(table, statement))

    assert db.execute(f"SELECT * FROM {table}").fetchall() == before
    db.close()


@pytest.mark.parametrize(
    ("position", "version", "id_"), [(4, 4, "old"), (4, 1, "new"), (1, 4, "new"), (9, 4, "new")]
)
def test_a_row_that_would_replace_another_in_any_way_is_refused(
    log: Path, position: int, version: int, id_: str
) -> None:
    """Row A2: by position, by version, by id, or by leaving a gap."""
    db = plainly(log)
    (old,) = db.execute("SELECT id FROM events WHERE position = 1").fetchone()
    row = [
        position,
        1,
        version,
        1,
        old if id_ == "old" else "new",
        0,
        0,
        0,
        0,
        0,
        "{}",
        "{}",
        None,
        0,
        bytes(32),
    ]

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(f"INSERT OR REPLACE INTO events VALUES ({', '.join('?' * len(row))})", row)

    assert db.execute("SELECT count(*) FROM events").fetchone() == (3,)
    db.close()


@pytest.mark.parametrize("chain", [None, b"", bytes(31)])
def test_an_event_without_its_chain_is_refused(log: Path, chain: bytes | None) -> None:
    row = [4, 1, 4, 1, "new", 0, 0, 0, 0, 0, "{}", "{}", None, 0, chain]
    db = plainly(log)

    with pytest.raises(sqlite3.IntegrityError, match="append-only: each carries its chain"):
        db.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(row))})", row)

    db.close()


def test_only_the_writer_inserts_events() -> None:
    """Row A1: every change starts from an event that one module records."""
    root = Path(__file__).parents[3]
    writers = [
        path.relative_to(root).as_posix()
        for folder in ("store", "replay", "gui", "resources")
        for path in (root / folder).rglob("*.py")
        if "INSERT INTO events" in path.read_text("utf-8")
    ]

    assert writers == ["store/sqlite/writer.py"]


def test_the_view_reads_well_in_plain_sqlite(log: Path) -> None:
    db = plainly(log)
    rows = db.execute(
        "SELECT position, stream, version, type, recorded_at FROM event_log"
    ).fetchall()
    db.close()

    assert rows[2] == (3, "order-1", 3, "Noted", "1969-12-31T23:59:58.500000Z")


def test_the_file_says_what_it_is_and_is_durable(log: Path) -> None:
    db = open_log(log, writable=True)
    facts = [
        db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version", "journal_mode", "synchronous")
    ]
    db.close()

    assert facts == [schema.APPLICATION_ID, schema.SCHEMA_VERSION, "wal", 2]


def flip(path: Path, needle: bytes) -> None:
    """Change one byte of the file, as a bad disk would."""
    content = path.read_bytes()
    at = content.index(needle)
    path.write_bytes(content[:at] + b"X" + content[at + 1 :])


def test_a_sound_log_verifies(log: Path) -> None:
    report = verify(log)

    assert (report.is_sound, report.events, report.problems) == (True, 3, ())


def test_a_flipped_byte_is_named_by_its_position(log: Path) -> None:
    """Row A2."""
    flip(log, b"needle1")

    report = verify(log)

    assert [it.position for it in report.problems] == [2]
    assert "position 2" in report.problems[0].text


def test_a_dropped_guard_is_named(log: Path) -> None:
    db = plainly(log)
    db.execute("DROP TRIGGER events_refuse_delete")
    db.commit()
    db.close()

    report = verify(log)

    assert "events_refuse_delete" in report.problems[0].text


def test_rows_that_a_program_took_out_are_missed(log: Path) -> None:
    db = plainly(log)
    db.execute("DROP TRIGGER events_refuse_delete")
    db.execute("DELETE FROM events WHERE position = 2")
    db.commit()
    db.close()

    texts = " ".join(it.text for it in verify(log).problems)

    assert "position 2 is missing" in texts


def test_a_truncated_log_is_damaged_or_its_loss_is_told(log: Path) -> None:
    content = log.read_bytes()
    log.write_bytes(content[: len(content) // 2])

    try:
        said = [it.text for it in verify(log).problems]
    except StoreDamaged as error:
        said = [str(error)]

    assert said


def open_and_close(path: Path, *, writable: bool = False) -> None:
    open_log(path, writable=writable).close()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("missing", StoreMissing),
        ("folder", NotAStore),
        ("text", NotAStore),
        ("empty", NotAStore),
        ("other database", NotAStore),
        ("newer", StoreTooNew),
        ("header only", StoreDamaged),
    ],
)
def test_what_is_no_store_gets_its_own_sentence_with_the_path_last(
    log: Path, tmp_path: Path, kind: str, error: type[StoreError]
) -> None:
    path = tmp_path / "it.foldline"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("just some text, long enough to be read as one")
    elif kind == "empty":
        path.touch()
    elif kind == "other database":
        other = plainly(path)
        other.execute("CREATE TABLE t (x)")
        other.commit()
        other.close()
    elif kind == "newer":
        path.write_bytes(log.read_bytes())
        newer = plainly(path)
        newer.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
        newer.close()
    elif kind == "header only":
        path.write_bytes(log.read_bytes()[:100])

    with pytest.raises(error) as told:
        open_and_close(path)

    assert str(told.value).endswith(str(path))
    assert told.value.hint


def test_to_write_in_a_read_only_folder_is_refused_in_words(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not (mode & os.W_OK and path.is_dir()))

    with pytest.raises(StoreReadOnly, match="folder"):
        open_log(log, writable=True)

    open_and_close(log)


def test_an_existing_file_is_never_made_anew(log: Path) -> None:
    before = log.read_bytes()

    with pytest.raises(StoreExists):
        create_log(log)

    assert log.read_bytes() == before


def test_the_views_lie_beside_the_log(tmp_path: Path) -> None:
    assert Place(tmp_path / "a.foldline").views == tmp_path / "a.foldline-views"


def test_a_held_write_lock_is_told_as_busy(log: Path) -> None:
    holder, other = open_log(log, writable=True), open_log(log, writable=True)
    other.execute("PRAGMA busy_timeout = 20")
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreBusy) as told, write_transaction(other):
        pass

    holder.rollback()
    holder.close()
    other.close()
    assert str(log) in str(told.value)


APPEND = """
import sys
from pathlib import Path
from store.sqlite.connect import open_log
from store.errors import VersionConflict
from store.events import NewEvent
from store.sqlite.writer import Writer
db = open_log(Path(sys.argv[1]), writable=True)
writer, won = Writer(db), 0
for n in range(200):
    try:
        writer.append("contested", [NewEvent.of("Won", {"by": sys.argv[2]})], expected=n)
        won += 1
    except VersionConflict:
        continue
print(won)
"""


def test_of_two_processes_with_one_expected_version_exactly_one_succeeds(log: Path) -> None:
    """Two programs decide on versions 0 to 199 of one stream at the same time."""
    command = [sys.executable, "-c", APPEND, str(log)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    racing = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, env=environment)
        for name in ("a", "b")
    ]
    won = [int(process.communicate(timeout=60)[0]) for process in racing]

    reader = open_reader(log)
    versions = [it.version for it in reader.read_stream("contested")]
    reader.close()

    assert versions == list(range(1, sum(won) + 1))
    assert len(versions) <= 200
    assert verify(log).is_sound


CRASH = """
import sys
from pathlib import Path
from store.sqlite.connect import open_log
from store.events import NewEvent
from store.sqlite.writer import Writer
db = open_log(Path(sys.argv[1]), writable=True)
writer = Writer(db)
n = 0
while True:
    pair = [NewEvent.of("Placed", {"n": n}), NewEvent.of("Totalled", {"n": n})]
    writer.append("pairs", pair, expected=None)
    n += 1
    print(n, flush=True)
"""


@pytest.mark.parametrize("kill_after", [1, 7, 40])
def test_a_killed_writer_leaves_whole_decisions_and_all_it_acknowledged(
    log: Path, kill_after: int
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", CRASH, str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        acknowledged = 0
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged >= kill_after:
                break
        process.kill()

    reader = open_reader(log)
    version = reader.stream_version("pairs")
    reader.close()

    assert version % 2 == 0
    assert version >= acknowledged * 2
    assert verify(log).is_sound
