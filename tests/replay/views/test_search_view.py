"""Full-text search: every word of every event, as of any position, and nothing taken for SQL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import check, rebuild
from replay.catalog.way_back import go_back
from replay.views.read_store import ReadStore
from replay.views.runner import Runner
from replay.views.search_view import NothingToSearch, search, words_query
from store.events import NewEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.logs import catch_up, open_runner

EVENTS = (
    ("order-7247", "OrderPlaced", '{"city":"Zürich","note":"two\\nlines \\u00e9t\\u00e9"}'),
    ("order-1", "OrderPlaced", '{"city":"Bern","total":249.50}'),
    (
        "order-7247",
        "OrderConfirmed",
        '{"by":"Ada OR Bob","odd":"\\ud800","words":["deep",{"x":["er"]}]}',
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "a.foldline", create=True)
    for stream, type_, data in EVENTS:
        store.append(stream, [NewEvent(type=type_, data_json=data)], expected=None)
    yield store
    store.close()


@pytest.fixture
def kept(store: SqliteStore) -> Iterator[tuple[ReadStore, Runner]]:
    found, runner = open_runner(store.reader(), all_views())
    catch_up(runner)
    yield found, runner
    found.close()


@pytest.mark.parametrize(
    ("words", "positions"),
    [
        ("zürich", (1,)),
        ("ZURICH", (1,)),
        ("lines", (1,)),
        ("été", (1,)),
        ("ete", (1,)),
        ("orderpl", (2, 1)),
        ("order-7247", (3, 1)),
        ("order-7247 bern", ()),
        ("249.50", (2,)),
        ("OR", (3, 2, 1)),
        ("Ada Bob", (3,)),
        ("deep er", (3,)),
        ("nothing-of-it", ()),
    ],
)
def test_words_are_found_where_they_stand(
    words: str, positions: tuple[int, ...], store: SqliteStore, kept: tuple[ReadStore, Runner]
) -> None:
    assert search(kept[0].db, store.reader(), words).positions == positions


def test_a_search_may_be_as_of_a_position_and_be_cut(
    store: SqliteStore, kept: tuple[ReadStore, Runner]
) -> None:
    db, log = kept[0].db, store.reader()

    assert search(db, log, "order", until=2).positions == (2, 1)
    cut = search(db, log, "order", limit=1)
    assert (cut.positions, cut.is_cut) == ((3,), True)


def test_what_the_index_has_not_seen_is_told_and_found_once_it_has(
    store: SqliteStore, kept: tuple[ReadStore, Runner]
) -> None:
    views, runner = kept
    store.append("order-1", [NewEvent(type="Noted", data_json='{"a":"xylophone"}')], expected=None)

    before = search(views.db, store.reader(), "xylophone")
    catch_up(runner)
    after = search(views.db, store.reader(), "xylophone")

    assert (before.positions, before.behind) == ((), 1)
    assert (after.positions, after.behind) == ((4,), 0)
    assert search(None, store.reader(), "xylophone").behind == 4


def test_an_index_that_was_tampered_with_is_found_and_made_anew(
    store: SqliteStore, kept: tuple[ReadStore, Runner]
) -> None:
    db, log = kept[0].db, store.reader()
    db.execute("INSERT INTO search (rowid, words) VALUES (2, 'smuggled')")

    assert check(log, ["search"])[0].was_different
    assert rebuild(log, ["search"])[0].is_switched
    assert search(db, log, "smuggled").positions == ()
    assert search(db, log, "bern").positions == (2,)
    go_back(log, "search")
    assert search(db, log, "smuggled").positions == (2,)


@given(st.text())
def test_whatever_is_typed_is_words_or_refused(typed: str) -> None:
    try:
        asked = words_query(typed)
    except NothingToSearch:
        return
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(words, content='')")
    if "\x00" not in asked:
        question = [asked.encode("utf-8", "replace").decode()]
        assert db.execute("SELECT rowid FROM t WHERE t MATCH ?", question).fetchall() == []
    db.close()
