"""Opening a log again leaves the connections that are already open alone."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store.errors import NotAStore
from store.events import ANY_VERSION, NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

COUNT = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("SELECT count(*) FROM events").fetchone()[0])
db.close()
"""


def test_a_commit_after_a_second_open_is_seen_by_other_processes(tmp_path: Path) -> None:
    path = tmp_path / "a.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    writer.append("a-1", [NewEvent.of("Began", {})], expected=ANY_VERSION)
    reader = open_log(path)

    assert count_elsewhere(path) == 1  # closes last there, unless our locks were dropped
    writer.append("a-1", [NewEvent.of("Went on", {})], expected=ANY_VERSION)
    assert count_elsewhere(path) == 2

    reader.close()
    db.close()


def test_a_foreign_sqlite_file_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "foreign.foldline"
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE t (a)")
    foreign.close()
    before = path.read_bytes()

    with pytest.raises(NotAStore):
        open_log(path, writable=True)

    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["foreign.foldline"]


def count_elsewhere(path: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", COUNT, str(path)], check=True, capture_output=True, text=True
    )
    return int(done.stdout)
