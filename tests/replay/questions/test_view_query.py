"""What views answer, now and as of any position, checked against a fresh fold up to there."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.catalog import all_views as views
from replay.catalog.all_views import all_views
from replay.errors import NoRows, UnknownKey, UnknownView
from replay.projections import find_projections
from replay.questions import view_query, view_status
from replay.views.read_store import open_views_to_read
from replay.views.row_history import HistorySql
from store.errors import StoreError
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, catch_up, heard_by, make_log, open_runner

EVENTS = 800
TABLES = tuple(view for view in all_views() if view.columns)
NAMES = tuple(view.name for view in TABLES)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventReader]:
    path = tmp_path_factory.mktemp("views") / "a.foldline"
    make_log(path, EVENTS, seed=2, heard=heard_by(TABLES))
    log = open_reader(path)
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    for name in NAMES:
        assert store.db.execute(f"SELECT count(*) FROM {name}").fetchone() > (0,)
    store.close()
    yield log
    log.close()


@pytest.fixture
def db(log: EventReader) -> Iterator[sqlite3.Connection]:
    db = open_views_to_read(log)
    assert db is not None
    yield db
    db.close()


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory, log: EventReader) -> "Fold":
    return Fold(tmp_path_factory.mktemp("fresh"), log)


class Fold:
    """Rows of fresh views, folded from an empty file up to one position."""

    def __init__(self, folder: Path, log: EventReader) -> None:
        self._folder, self._log = folder, log
        self._known: dict[int, dict[str, list[tuple[Any, ...]]]] = {}

    def rows(self, name: str, until: int) -> list[tuple[Any, ...]]:
        if until not in self._known:
            copy = self._folder / f"{until}.foldline"
            shutil.copy(self._log.place.path, copy)
            log = open_reader(copy)
            store, runner = open_runner(log, TABLES)
            runner.deliver(log.page(1, until), log.links_between(1, until))
            self._known[until] = {it: _rows(store.db, it) for it in NAMES}
            store.close()
            log.close()
        return self._known[until][name]


def _rows(db: sqlite3.Connection, name: str) -> list[tuple[Any, ...]]:
    found = db.execute(f"SELECT * FROM {name} ORDER BY 1")
    width = [it[0] for it in found.description].index("_position")
    return [row[:width] for row in found]


@pytest.mark.parametrize("name", NAMES)
def test_the_grid_shows_what_a_select_shows(
    name: str, db: sqlite3.Connection, log: EventReader
) -> None:
    page = view_query.page(db, log, name, limit=10_000)

    assert [row.values for row in page.rows] == _rows(db, name)
    assert (page.as_of, page.checkpoint, page.head, page.behind) == (EVENTS, EVENTS, EVENTS, 0)


@settings(max_examples=40)
@given(name=st.sampled_from(NAMES), at=st.integers(0, EVENTS))
def test_as_of_any_position_it_is_a_fresh_fold_up_to_there(
    name: str, at: int, db: sqlite3.Connection, log: EventReader, folded: Fold
) -> None:
    page = view_query.page(db, log, name, at=at, limit=10_000)

    assert [row.values for row in page.rows] == folded.rows(name, at)
    assert page.as_of == at


@settings(max_examples=20)
@given(at=st.integers(1, EVENTS), size=st.integers(1, 9))
def test_pages_put_together_are_the_whole(
    at: int, size: int, db: sqlite3.Connection, log: EventReader
) -> None:
    whole = view_query.page(db, log, "streams", at=at, limit=10_000).rows

    rows = list(view_query.page(db, log, "streams", at=at, limit=size).rows)
    while more := view_query.page(db, log, "streams", at=at, after=rows[-1].key, limit=size).rows:
        rows += more

    assert tuple(rows) == whole


def test_every_row_names_the_event_that_wrote_it(db: sqlite3.Connection, log: EventReader) -> None:
    for row in view_query.page(db, log, "latest_states", at=500, limit=1_000).rows:
        event = log.event(row.position)

        assert event is not None
        assert row.key[0] in (event.stream, *log.links(row.position))


@pytest.mark.parametrize("at", [1, 77, 300, EVENTS, None])
def test_one_row_is_the_row_of_the_page(
    at: int | None, db: sqlite3.Connection, log: EventReader
) -> None:
    rows = view_query.page(db, log, "streams", at=at, limit=10_000).rows

    for row in rows:
        assert view_query.row(db, log, "streams", row.key, at=at).rows == (row,)
    assert view_query.row(db, log, "streams", ("nobody-1",), at=at).rows == ()


def test_a_row_is_not_there_before_its_first_event(
    db: sqlite3.Connection, log: EventReader
) -> None:
    (row,) = view_query.row(db, log, "streams", ("big-1",)).rows
    first = row.values[5]

    assert view_query.row(db, log, "streams", ("big-1",), at=first - 1).rows == ()
    assert len(view_query.row(db, log, "streams", ("big-1",), at=first).rows) == 1


def test_the_history_of_a_row_is_every_version_of_it(
    db: sqlite3.Connection, log: EventReader, folded: Fold
) -> None:
    versions = view_query.history(db, log, "latest_states", ("big-1",), limit=10_000).rows
    events = [event.position for event in log.read_stream("big-1")]

    assert [row.position for row in versions] == events[::-1]
    for row in versions[::29]:
        assert row.values in folded.rows("latest_states", row.position)


def test_a_history_is_paged_by_position(db: sqlite3.Connection, log: EventReader) -> None:
    whole = view_query.history(db, log, "streams", ("order-0",), limit=10_000).rows

    first = view_query.history(db, log, "streams", ("order-0",), limit=5).rows
    next_ = view_query.history(
        db, log, "streams", ("order-0",), before=first[-1].position, limit=5
    ).rows

    assert first + next_ == whole[:10]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("after", "until"), [(0, EVENTS), (200, 260), (100, 101), (300, 300)])
def test_changed_rows_are_those_that_differ(
    name: str, after: int, until: int, db: sqlite3.Connection, log: EventReader, folded: Fold
) -> None:
    found = view_query.changed(db, log, name, after=after, until=until, limit=10_000)

    size = sum(column.is_key for column in found.columns)
    was, now = ({row[:size]: row for row in folded.rows(name, it)} for it in (after, until))
    for it in found.changes:
        assert (it.before and it.before.values) == was.get(it.key)
        assert (it.after and it.after.values) == now.get(it.key)
    differing = {it.key for it in found.changes if _values(it.before) != _values(it.after)}
    assert differing == {row[:size] for row in set(was.values()) ^ set(now.values())}


def _values(row: view_query.ViewRow | None) -> tuple[Any, ...] | None:
    return row.values if row else None


def test_changes_are_paged_by_row(db: sqlite3.Connection, log: EventReader) -> None:
    whole = view_query.changed(db, log, "streams", after=9, until=500, limit=10_000).changes

    first = view_query.changed(db, log, "streams", after=9, until=500, limit=4).changes
    next_ = view_query.changed(
        db, log, "streams", after=9, until=500, after_row=first[-1].row, limit=4
    ).changes

    assert first + next_ == whole[:8]


def test_beyond_the_checkpoint_it_answers_as_of_the_checkpoint_and_says_so(
    tmp_path: Path,
) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", 100))
    store, runner = open_runner(log, TABLES)
    catch_up(runner)
    append(log.place.path, 30)

    now = view_query.page(store.db, log, "streams", limit=1_000)
    past = view_query.page(store.db, log, "streams", at=40, limit=1_000)

    assert (now.wanted, now.as_of, now.head, now.behind) == (130, 100, 130, 30)
    assert (past.as_of, past.behind) == (40, 0)
    lags = {view.lag for view in view_status.list_views(store.db, log) if view.columns}
    assert lags == {30}
    store.close()
    log.close()


def test_without_a_views_file_every_view_is_empty_and_behind(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", 10))

    page = view_query.page(None, log, "streams")

    assert (page.rows, page.as_of, page.behind, page.is_ready) == ((), 0, 10, False)
    assert view_query.row(None, log, "streams", ("order-0",), at=3).rows == ()
    assert view_query.history(None, log, "streams", ("order-0",)).rows == ()
    assert view_query.changed(None, log, "streams", after=0, until=9).changes == ()
    assert {view.checkpoint for view in view_status.list_views(None, log)} == {0}
    log.close()


def test_the_past_of_a_view_that_is_being_built_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", 100))
    monkeypatch.setattr("replay.views.runner.INDEXED_LAG", 20)
    monkeypatch.setattr("replay.views.runner.FIRST_BATCH", 50)
    monkeypatch.setattr("replay.views.runner.EVENTS_PER_BATCH", 50)
    store, runner = open_runner(log, TABLES)
    runner.advance()

    past = view_query.page(store.db, log, "streams", at=20)
    now = view_query.page(store.db, log, "streams")
    catch_up(runner)
    later = view_query.page(store.db, log, "streams", at=20)

    assert (past.rows, past.is_ready) == ((), False)
    assert (now.as_of, now.is_ready, now.rows != ()) == (50, True, True)
    assert (later.is_ready, later.rows != ()) == (True, True)
    store.close()
    log.close()


def test_a_name_or_key_that_no_view_has_is_refused(
    db: sqlite3.Connection, log: EventReader
) -> None:
    with pytest.raises(UnknownView, match="'nothing'"):
        view_query.page(db, log, "nothing")
    with pytest.raises(NoRows, match="'timeline'"):
        view_query.page(db, log, "timeline")
    with pytest.raises(UnknownKey, match="the key of this view is stream: 'streams'"):
        view_query.row(db, log, "streams", ("a", "b"))
    assert issubclass(UnknownKey, StoreError)


def test_the_size_of_a_view_counts_its_tables_and_indexes(db: sqlite3.Connection) -> None:
    sizes = {name: view_status.size_of(db, name) for name in NAMES}

    assert all(size is not None and size % 4096 == 0 for size in sizes.values())
    assert (sizes["latest_states"] or 0) > (sizes["event_types"] or 0) >= 4 * 4096


def test_the_size_is_unknown_where_sqlite_cannot_tell(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_status, "SIZE", view_status.SIZE.replace("dbstat", "not_built_in"))

    assert view_status.size_of(db, "streams") is None


def test_two_projections_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = (find_projections()[0],) * 2
    monkeypatch.setattr("replay.catalog.all_views.find_projections", lambda: twice)
    views.bundled_views.cache_clear()

    with pytest.raises(ValueError, match="same name"):
        all_views()

    views.bundled_views.cache_clear()


def test_people_with_plain_sqlite_read_the_history_with_its_keys(
    db: sqlite3.Connection, log: EventReader
) -> None:
    found = db.execute(
        "SELECT type, _position, count FROM event_types_history WHERE _position = 9"
    ).fetchall()
    event = log.event(9)

    assert event is not None
    assert [row[:2] for row in found] == [(event.type, 9)]


@pytest.mark.parametrize(
    ("statement", "values", "expected"),
    [
        (
            "now_after",
            ("a", 50),
            "SEARCH streams USING INDEX sqlite_autoindex_streams_1 (stream>?)",
        ),
        ("now_one", ("a",), "SEARCH streams USING INDEX sqlite_autoindex_streams_1 (stream=?)"),
        (
            "version",
            (1, 2),
            "SEARCH streams_writes USING INDEX streams_writes_by_row_1 (_row=? AND rowid<?)",
        ),
        (
            "versions",
            (1, 2, 3),
            "SEARCH streams_writes USING INDEX streams_writes_by_row_1 (_row=? AND rowid<?)",
        ),
        (
            "kept",
            (1, 2),
            "SEARCH streams_writes USING INDEX streams_writes_by_row_1 (_row=? AND rowid<?)",
        ),
        (
            "first_write",
            (1,),
            "SEARCH streams_writes USING COVERING INDEX streams_writes_by_row_1 (_row=?)",
        ),
        (
            "changed",
            (1, 2, 3, 4),
            "SEARCH streams_writes USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ),
    ],
)
def test_every_question_goes_by_an_index(
    db: sqlite3.Connection, statement: str, values: tuple[Any, ...], expected: str
) -> None:
    columns = next(view.columns for view in TABLES if view.name == "streams")
    sql = getattr(HistorySql("streams", columns), statement)

    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]

    assert plan[0] == expected
    assert not any(step.startswith("SCAN") for step in plan)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("by_key", "SEARCH streams USING COVERING INDEX sqlite_autoindex_streams_1 (stream>?)"),
        ("by_number", "SEARCH streams USING INTEGER PRIMARY KEY (rowid<?)"),
    ],
)
def test_a_page_of_the_past_finds_its_keys_by_an_index(
    db: sqlite3.Connection, statement: str, expected: str
) -> None:
    columns = next(view.columns for view in TABLES if view.name == "streams")
    sql = getattr(HistorySql("streams", columns), statement)[True]

    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", (9, "a", 9, "a"))]

    assert expected in plan
