"""The views file is disposable: whatever is wrong with it, it is begun anew; never an error."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.views import read_store
from replay.views.read_store import discard, is_damage, open_views, open_views_to_read
from store.errors import StoreReadOnly
from store.interface import EventReader
from store.opening import open_reader
from store.place import Place
from store.sqlite.connect import connect, create_log, remove_files
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 120


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    store.close()
    yield log
    log.close()


def events_counted(log: EventReader) -> int:
    """How many events the file says it has seen, when opened as it is."""
    store = open_views(log)
    if store.db.execute("SELECT count(*) FROM projections").fetchone()[0] == 0:
        store.close()
        return 0
    found = store.db.execute("SELECT sum(count) FROM event_types").fetchone()[0]
    store.close()
    return int(found)


def change(sql: str) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        db = connect(path)
        db.executescript(sql)
        db.close()

    return apply


def cut(share: float) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        os.truncate(path, int(path.stat().st_size * share))

    return apply


def scribble(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(3, path.stat().st_size // 4096, 2):
            file.seek(page * 4096)
            file.write(b"\xff" * 2_000)


WRONGS: dict[str, Callable[[Path], object]] = {
    "no SQLite file": lambda path: path.write_bytes(b"what is this" * 99),
    "empty": lambda path: path.write_bytes(b""),
    "cut to a half": cut(0.5),
    "cut in its header": cut(0.001),
    "overwritten in places": scribble,
    "of another program": change("PRAGMA application_id = 7"),
    "of a newer schema": change("PRAGMA user_version = 99"),
    "of another log": change("UPDATE view_facts SET value = 'another' WHERE key = 'store_id'"),
    "of no log": change("DELETE FROM view_facts"),
    "without its tables": change("DROP TABLE projections"),
    "ahead of the log": change("UPDATE projections SET checkpoint = 999"),
    "of another past": change("UPDATE projections SET checkpoint_id = 'x' WHERE name = 'streams'"),
}


def test_a_sound_file_is_kept(log: EventReader) -> None:
    assert events_counted(log) == EVENTS
    assert events_counted(log) == EVENTS


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_file_with_something_wrong_is_begun_anew(wrong: str, log: EventReader) -> None:
    WRONGS[wrong](log.place.views)

    assert events_counted(log) == 0

    store, runner = open_runner(log, all_views())
    catch_up(runner)
    store.close()
    assert events_counted(log) == EVENTS


@pytest.mark.parametrize("wrong", [it for it in WRONGS if it != "overwritten in places"])
def test_a_file_with_something_wrong_is_not_shown(wrong: str, log: EventReader) -> None:
    WRONGS[wrong](log.place.views)

    assert open_views_to_read(log) is None


def test_a_missing_file_is_made_by_writers_and_not_by_readers(log: EventReader) -> None:
    discard(log)

    assert open_views_to_read(log) is None
    assert not log.place.views.exists()
    assert events_counted(log) == 0
    assert log.place.views.exists()


def test_views_of_a_log_that_was_put_back_and_went_another_way_are_dropped(
    tmp_path: Path,
) -> None:
    path = make_log(tmp_path / "b.foldline", 50)
    backup = tmp_path / "backup"
    shutil.copy(path, backup)
    append(path, 20, seed=1)
    log = open_reader(path)
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    store.close()
    log.close()

    remove_files(path)
    shutil.copy(backup, path)
    append(path, 20, seed=2)
    log = open_reader(path)

    assert open_views_to_read(log) is None
    assert events_counted(log) == 0
    log.close()


def test_a_store_knows_when_its_file_was_taken_away(log: EventReader) -> None:
    store = open_views(log)
    assert store.is_in_place()

    discard(log)
    assert not store.is_in_place()

    other = open_views(log)
    assert not store.is_in_place()
    assert other.is_in_place()
    other.close()
    store.close()


def test_a_folder_in_the_way_is_said_plainly(tmp_path: Path) -> None:
    path = tmp_path / "c.foldline"
    create_log(path)
    Place(path).views.mkdir()
    log = open_reader(path)

    with pytest.raises(StoreReadOnly, match="the views cannot be opened"):
        open_views(log)
    assert open_views_to_read(log) is None
    log.close()


def test_a_file_that_cannot_be_removed_is_said_plainly(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError

    log.place.views.write_bytes(b"rubbish")
    monkeypatch.setattr(read_store, "remove_files", refuse)

    with pytest.raises(StoreReadOnly, match="the views cannot be removed"):
        open_views(log)


def test_a_file_that_comes_back_broken_every_time_is_given_up(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_store, "belongs_to", lambda _db, _log: False)

    with pytest.raises(StoreReadOnly, match="the views cannot be written"):
        open_views(log)


def test_a_disk_that_fails_is_not_taken_for_a_broken_file(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def fail(_db: object, _log: object) -> bool:
        raise full

    monkeypatch.setattr(read_store, "belongs_to", fail)

    with pytest.raises(sqlite3.OperationalError, match="full"):
        open_views(log)
    assert log.place.views.exists()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_ERROR, True),
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_BUSY, False),
        (sqlite3.SQLITE_IOERR_WRITE, False),
    ],
)
def test_damage_is_told_from_trouble(code: int, expected: bool) -> None:
    error = sqlite3.OperationalError("?")
    error.sqlite_errorcode = code

    assert is_damage(error) is expected


def test_a_big_file_is_not_read_from_end_to_end(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_store, "CHECKED_BYTES", 4096)
    seen: list[str] = []
    store = open_views(log)
    store.db.set_trace_callback(seen.append)

    assert read_store.is_sound(store.db)

    assert not any("quick_check" in statement for statement in seen)
    store.close()


def test_a_file_made_with_other_pages_is_used_on(log: EventReader) -> None:
    store = open_views(log)
    store.db.execute("PRAGMA journal_mode = DELETE")
    store.db.execute("PRAGMA page_size = 4096")
    store.db.execute("VACUUM")
    before = store.path.stat().st_ino
    store.close()

    assert events_counted(log) == EVENTS
    assert log.place.views.stat().st_ino == before


def test_a_new_file_has_big_pages(log: EventReader) -> None:
    store = open_views(log)

    assert store.db.execute("PRAGMA page_size").fetchone() == (read_store.PAGE_BYTES,)
    store.close()
