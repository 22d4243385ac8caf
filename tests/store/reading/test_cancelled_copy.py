"""Cancel works while a foreign SQLite file is copied, asked and hashed, not only behind that."""

import gzip
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import Cancelled
from store.reading.rows import rows
from store.reading.source import Source, stopped_when
from store.transfer.ingest import ingest
from store.transfer.preview import preview

ROWS = 4_096


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """About 8 MB."""
    path = tmp_path / "foreign.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE things (n INTEGER, filler BLOB)")
        db.executemany("INSERT INTO things VALUES (?, zeroblob(2000))", ((n,) for n in range(ROWS)))
        db.commit()
    return path


class WhileCopied:
    """Asks to stop as soon as something of the copy is on the disk."""

    def __init__(self, temporary: Path) -> None:
        self.seen = 0
        self._temporary = temporary

    def __call__(self) -> bool:
        sizes = [it.stat().st_size for it in self._temporary.rglob("copy.sqlite")]
        self.seen = max([self.seen, *sizes])
        return self.seen > 0


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_import_stops_while_the_file_is_copied(
    foreign: Path, temporary: Path, tmp_path: Path, is_packed: bool
) -> None:
    source, size = foreign, foreign.stat().st_size
    if is_packed:
        source = tmp_path / "foreign.sqlite.gz"
        source.write_bytes(gzip.compress(foreign.read_bytes(), 1))
    asked = WhileCopied(temporary)

    with pytest.raises(Cancelled):
        ingest(source, into=tmp_path / "new.foldline", is_cancelled=asked)

    assert 0 < asked.seen < size
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "new.foldline").exists()


def test_a_preview_stops_while_the_file_is_copied(foreign: Path, temporary: Path) -> None:
    asked = WhileCopied(temporary)

    with pytest.raises(Cancelled):
        preview(foreign, is_cancelled=asked)

    assert 0 < asked.seen < foreign.stat().st_size


def test_a_long_statement_on_the_copy_stops(foreign: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with Source(foreign) as source:
        source.database()
        source.pulse = stopped_when(lambda: True)

        with pytest.raises(Cancelled):
            next(rows(source, endless))


def test_hashing_a_file_stops(foreign: Path) -> None:
    with Source(foreign) as source:
        source.pulse = stopped_when(lambda: True)

        with pytest.raises(Cancelled):
            source.sha256()
