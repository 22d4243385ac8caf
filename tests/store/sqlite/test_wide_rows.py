"""Rows that SQLite hands to a function of ours are those that are fetched in the usual way."""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import TypeAlias

import pytest

from store.errors import Cancelled, StoreDamaged
from store.events import NewEvent, Payload, RecordedEvent, payload_of
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.asking import LONG_SPAN
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.wide_rows import NotTaken, WideRows
from store.sqlite.writer import Writer

Read: TypeAlias = Callable[[EventReader], Sequence[Payload | RecordedEvent]]

ROWS = "SELECT a, b, c, d FROM t WHERE a BETWEEN ? AND ?"


def long_page(log: EventReader) -> Sequence[RecordedEvent]:
    return log.page(1, 2 * LONG_SPAN)


def said(log: EventReader) -> Sequence[Payload]:
    return list(log.stream_payloads("a-1"))


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """A table of each kind of value."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b, c, d)")
        values = (None, 2**62, -1, 0.5, "", "a\x00b", "žlutý 🐎", b"", b"\xff\x00")
        db.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?)",
            [(at, it, values[-at % 9], "x" * at) for at, it in enumerate(values, 1)],
        )
        yield db


def test_rows_come_whole(db: sqlite3.Connection) -> None:
    wide = WideRows(db)

    for first, last in ((1, 9), (2, 5), (7, 99), (50, 60)):
        assert wide.of(ROWS, [first, last]) == db.execute(ROWS, [first, last]).fetchall()


@pytest.mark.parametrize("damaged", [(1,), (5,), (9,), (1, 2), (8, 9), tuple(range(1, 10))])
def test_a_text_that_is_none_stops_them_wherever_it_stands(
    db: sqlite3.Connection, damaged: tuple[int, ...]
) -> None:
    db.executemany(
        "UPDATE t SET c = CAST(? AS TEXT) WHERE a = ?", [(b"a\xff", it) for it in damaged]
    )
    wide = WideRows(db)

    with pytest.raises(NotTaken):
        wide.of(ROWS, [1, 9])

    db.execute("UPDATE t SET c = NULL")
    assert len(wide.of(ROWS, [1, 9])) == 9


def test_an_interrupt_is_told_as_it_is_of_every_statement(db: sqlite3.Connection) -> None:
    wide = WideRows(db)
    db.set_progress_handler(lambda: 1, 1)

    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        wide.of(ROWS, [1, 9])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of a long page."""
    path = tmp_path / "log.foldline"
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        writer = Writer(db)
        with writer.transaction():
            writer.record(("a-1", at + 1, NewEvent.of("T", {})) for at in range(2 * LONG_SPAN))
    return path


def test_a_long_page_with_a_damaged_text_fails_as_a_short_one_does(path: Path) -> None:
    with closing(connect(path)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE events SET id = CAST(x'7BFF7D' AS TEXT) WHERE position = 700")
    with closing(open_reader(path)) as log:
        with pytest.raises(StoreDamaged) as short:
            log.page(700, 700)

        with pytest.raises(StoreDamaged) as long:
            log.page(1, 2 * LONG_SPAN)

        assert str(long.value) == str(short.value)
        assert len(log.page(701, 2 * LONG_SPAN)) == 2 * LONG_SPAN - 700


@pytest.mark.parametrize("read", [long_page, said], ids=["a page", "a stream"])
def test_a_signal_amid_many_rows_cancels_them(path: Path, read: Read) -> None:
    """Its handler raises inside our function, where SQLite knows only that something went wrong."""

    def at_a_row(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code.co_name == "step":
            sys.setprofile(None)
            raise KeyboardInterrupt

    with closing(open_reader(path)) as log:
        sys.setprofile(at_a_row)
        try:
            with pytest.raises(Cancelled):
                read(log)
        finally:
            sys.setprofile(None)
        assert len(read(log)) == 2 * LONG_SPAN


def test_what_a_stream_says_is_what_its_events_say_and_a_damaged_text_is_told(path: Path) -> None:
    with closing(open_reader(path)) as log:
        assert said(log) == [payload_of(it) for it in log.read_stream("a-1")]
    with closing(connect(path)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE events SET data = CAST(x'7BFF7D' AS TEXT) WHERE position = 700")
    with closing(open_reader(path)) as log, pytest.raises(StoreDamaged):
        said(log)
