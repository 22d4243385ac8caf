"""A compacted log is a smaller file that says the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.copies.compact import compact
from store.errors import Cancelled, StoreExists
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store, reading
from tests.older_logs import make_older_log
from tests.replay.logs import make_log
from tests.test_main import run

EVENTS = 400
WORDS = [f"word {n}" for n in range(50)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What every table of a log holds."""
    with closing(sqlite3.connect(path)) as db:
        names = [
            str(it) for (it,) in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        ]
        return {it: db.execute(f"SELECT * FROM {it} ORDER BY 1, 2").fetchall() for it in names}


def test_every_table_holds_the_same(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.foldline"

    report = compact(store, out)

    assert tables(out) == tables(store)
    assert report.head.position == EVENTS
    assert not report.is_chained_anew
    assert run("verify", out)[0] == 0


def test_space_that_is_not_used_is_given_back(tmp_path: Path) -> None:
    store = tmp_path / "a.foldline"
    with closing(open_store(store, create=True)) as log:
        for n in range(300):
            events = [NewEvent.of("Came", {"n": n}) for _ in range(100)]  # ids in any order
            log.append(f"a-{n % 30}", events, expected=ANY_VERSION)

    report = compact(store, tmp_path / "b.foldline")

    assert report.bytes == (tmp_path / "b.foldline").stat().st_size
    assert report.bytes < report.bytes_before == store.stat().st_size


def test_a_log_without_a_chain_gets_one_from_its_first_event(tmp_path: Path) -> None:
    store = make_older_log(tmp_path / "a.foldline", 3, words=WORDS, commands=["c-1", "c-2"])
    out = tmp_path / "b.foldline"

    report = compact(store, out)

    with reading(store) as log, reading(out) as smaller:
        assert list(smaller.read()) == list(log.read())
        assert smaller.store_id() == log.store_id() == "an older one"
    with closing(sqlite3.connect(out)) as db:
        assert db.execute("SELECT count(*) FROM events WHERE chain IS NULL").fetchone() == (0,)
        assert db.execute("SELECT id FROM commands").fetchall() == [("c-1",), ("c-2",)]
        facts = dict(db.execute("SELECT key, value FROM store_facts"))
    assert facts == {"store_id": "an older one"}
    assert report.is_chained_anew
    assert run("verify", out)[:2] == (0, f"{len(WORDS)} events checked, 0 problems\n")


def test_a_chain_that_is_made_anew_is_the_one_it_would_have_been(tmp_path: Path) -> None:
    older = make_older_log(tmp_path / "a.foldline", 3, words=WORDS)
    compact(older, tmp_path / "b.foldline")

    again = compact(tmp_path / "b.foldline", tmp_path / "c.foldline")

    assert not again.is_chained_anew
    assert tables(tmp_path / "c.foldline") == tables(tmp_path / "b.foldline")


def test_what_is_there_is_never_replaced(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreExists):
        compact(store, store)


@pytest.mark.parametrize("version", [3, 4])
def test_a_cancelled_one_leaves_nothing(store: Path, tmp_path: Path, version: int) -> None:
    if version == 3:
        store = make_older_log(tmp_path / "old.foldline", 3, words=WORDS * 40)
    before = {it.name for it in tmp_path.iterdir()}

    with pytest.raises(Cancelled):
        compact(store, tmp_path / "b.foldline", is_cancelled=lambda: True)

    assert {it.name for it in tmp_path.iterdir()} == before
