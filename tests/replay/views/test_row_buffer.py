"""Rows of every column type, with keys of several columns, that come, go and come back."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from replay import projections
from replay.projection import Json, Projection, Rows, columns, definition
from replay.projections import find_projections, streams
from replay.views import row_buffer
from replay.views.left_out import LeftOut
from replay.views.lookup import LookupTable
from replay.views.read_store import ReadStore
from replay.views.row_history import RowHistory
from replay.views.view import view_of
from replay.views.view_tables import ViewTables
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.contracts.projection import whole
from tests.replay.logs import catch_up, make_log, open_runner

EVENTS = 902


class Item(Struct, frozen=True):
    """Everything a column can be."""

    kind: str
    number: int
    is_even: bool
    share: float
    note: str | None
    flag: bool | None
    state: Json


class Tag(Struct, frozen=True):
    """Nothing but a key."""

    name: str


class Seen(Struct, frozen=True, kw_only=True):
    """Its fields are given by name only."""

    name: str
    last: int
    state: Json


def see(rows: Rows[Seen], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Counts on from the row that is there."""
    row = rows.get(event.type)
    seen = [] if row is None else row.state
    rows.put(Seen(name=event.type, last=event.position, state=[*seen[-3:], event.position]))


def apply(rows: Rows[Item], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Some events take their row away; a later one brings it back."""
    key = (event.type, event.position % 2)
    row = rows.get(key)
    if event.position % 41 == 0:
        rows.delete(key)
        return
    state = [] if row is None else row.state
    state.append({"n": event.position, "text": "long" * (event.position % 40)})
    note = None if event.position % 2 else "even"
    rows.delete(("nobody", 0))
    flag = None if row is None else not row.is_even
    rows.put(Item(*key, event.position % 2 == 0, event.position / 4, note, flag, state))
    if event.position % 11 == 0:
        rows.put(Item("twice", 1, True, 0.0, None, None, {}))
        rows.put(Item("twice", 1, True, 1.0, None, None, None))


def tag(rows: Rows[Tag], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """A row is there or not."""
    if event.position % 3:
        rows.put(Tag(event.type))
    else:
        rows.delete(event.type)


ITEMS = Projection(
    name="items", version=1, title="Items", row=Item, key=("kind", "number"), apply=apply
)
TAGS = Projection(name="tags", version=1, title="Tags", row=Tag, key=("name",), apply=tag)
SEEN = Projection(name="seen", version=1, title="Seen", row=Seen, key=("name",), apply=see)
VIEWS = (view_of(ITEMS), view_of(TAGS), view_of(SEEN))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, VIEWS)
    catch_up(runner)
    yield store
    store.close()


class Plain:
    """Rows in a dictionary: what a view must equal."""

    def __init__(self) -> None:
        self.rows: dict[Any, Any] = {}
        self.lookup = LookupTable(ITEMS)

    def get(self, key: Any) -> Any:
        return self.rows.get(key)

    def put(self, row: Item) -> None:
        self.rows[row.kind, row.number] = row

    def delete(self, key: Any) -> None:
        self.rows.pop(key, None)


def plain(log: EventReader, until: int) -> list[tuple[Any, ...]]:
    rows = Plain()
    for event in log.page(1, until):
        apply(rows, event, ())
    return sorted(
        (it.kind, it.number, it.is_even, it.share, it.note, it.flag, json_text.encode(it.state))
        for it in rows.rows.values()
    )


def test_the_table_is_what_a_dictionary_would_be(log: EventReader, store: ReadStore) -> None:
    found = store.db.execute(
        "SELECT kind, number, is_even, share, note, flag, state FROM items ORDER BY 1, 2"
    ).fetchall()

    assert found == plain(log, EVENTS)


@pytest.mark.parametrize("batch", [1, 13, 64, 333])
def test_it_does_not_matter_where_batches_end_or_what_is_remembered(
    batch: int, log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.is_in_place()
    expected = [whole(view, log) for view in VIEWS]
    monkeypatch.setattr("replay.views.runner.FIRST_BATCH", batch)
    monkeypatch.setattr("replay.views.runner.EVENTS_PER_BATCH", batch)
    monkeypatch.setattr(row_buffer, "ROWS_CACHED", 3)
    monkeypatch.setattr(row_buffer, "TEXT_CACHED", random.Random(batch).choice([0, 20_000]))
    store.db.execute("UPDATE projections SET definition = 'old'")

    assert [whole(view, log) for view in VIEWS] == expected


@pytest.mark.parametrize("until", [6, 40, 41, 42, 350, 900, EVENTS])
def test_its_past_is_what_a_dictionary_would_have_been(
    until: int, log: EventReader, store: ReadStore
) -> None:
    history = RowHistory(store.db, "items", columns(ITEMS))
    missing = LeftOut(ITEMS, ViewTables("items", columns(ITEMS)), log)

    writes = history.rows_at(until, after=None, limit=1_000)
    rows = [(*it.key, *missing.complete(history, it).rest) for it in writes]

    assert rows == plain(log, until)


def test_long_json_is_left_out_of_the_history_but_for_every_64th_write(
    store: ReadStore,
) -> None:
    kept = store.db.execute(
        "SELECT count(*), count(state), max(length(state)) FROM items_writes WHERE NOT _is_deleted"
    ).fetchone()

    assert kept[0] > kept[1]
    assert kept[2] > row_buffer.LONGEST_KEPT


def test_a_projection_that_reads_other_rows_keeps_every_value(log: EventReader) -> None:
    found, runner = open_runner(log, (view_of(replace(ITEMS, name="kept", reads_others=True)),))

    catch_up(runner)

    kept = found.db.execute(
        "SELECT count(*), count(state), max(length(state)) FROM kept_writes WHERE NOT _is_deleted"
    ).fetchone()
    assert kept[0] == kept[1]
    assert kept[2] > row_buffer.LONGEST_KEPT
    found.close()


def test_a_row_that_is_gone_is_only_in_the_history(store: ReadStore) -> None:
    gone = store.db.execute("SELECT kind, number FROM items_deleted").fetchall()
    versions = store.db.execute(
        "SELECT kind, number, _is_deleted FROM items_history ORDER BY _position DESC"
    ).fetchall()

    assert gone
    for key in gone:
        assert next(row for row in versions if row[:2] == key)[2] == 1


def test_one_that_came_back_keeps_its_number(log: EventReader, store: ReadStore) -> None:
    numbers = store.db.execute(
        "SELECT count(*), max(_row) "
        "FROM (SELECT _row FROM tags UNION SELECT _row FROM tags_deleted)"
    ).fetchone()

    assert numbers == (len({event.type for event in log.page(1, EVENTS)}),) * 2


def test_a_history_whose_kept_version_is_lost_is_not_guessed(
    log: EventReader, store: ReadStore
) -> None:
    store.db.execute("UPDATE items_writes SET state = NULL")
    history = RowHistory(store.db, "items", columns(ITEMS))
    missing = LeftOut(ITEMS, ViewTables("items", columns(ITEMS)), log)
    write = next(it for it in history.rows_at(EVENTS, after=None, limit=99))

    with pytest.raises(ValueError, match="no version of this row was stored"):
        missing.complete(history, write)


class Wrong(Struct):
    """No column can hold a list."""

    name: str
    parts: list[int]


class Misnamed(Struct):
    """Names with an underscore before them are ours."""

    name: str
    _position: int


@pytest.mark.parametrize(
    ("row", "message"), [(Wrong, "no column can hold"), (Misnamed, "'_position'")]
)
def test_a_row_that_no_table_can_hold_is_refused(row: Any, message: str) -> None:
    wrong = Projection(name="wrong", version=1, title="", row=row, key=("name",), apply=tag)

    with pytest.raises(TypeError, match=message):
        columns(wrong)


@pytest.mark.parametrize("name", ["Upper", "a__b", "projections", "x_writes", "timeline_2", ""])
def test_a_name_that_is_taken_or_odd_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a valid name"):
        Projection(name=name, version=1, title="", row=Tag, key=("name",), apply=tag)


@pytest.mark.parametrize("key", [(), ("number",), ("number", "kind")])
def test_a_key_that_is_not_first_is_refused(key: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="first fields"):
        Projection(name="items", version=1, title="", row=Item, key=key, apply=apply)


def test_the_definition_changes_with_version_columns_and_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def made(**changes: Any) -> str:
        facts: dict[str, Any] = {"name": "tags", "version": 1, "title": "", "row": Tag}
        return definition(Projection(**{**facts, "key": ("name",), "apply": tag, **changes}))

    same = made()
    others = {made(version=2), made(uses=(streams,)), made(row=Item, key=("kind",))}
    monkeypatch.setattr("inspect.getsource", lambda _: "edited")
    edited = made()

    assert same != edited
    assert len({same, edited, *others}) == 5
    assert made(title="Another title") == edited


def test_a_projection_without_source_text_is_told_by_its_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_module: object) -> str:
        raise OSError("no source")

    monkeypatch.setattr("inspect.getsource", refuse)

    assert definition(TAGS) == definition(TAGS)
    assert len(definition(TAGS)) == 64


def test_every_projection_of_the_folder_is_found() -> None:
    (folder,) = projections.__path__
    files = {it.stem for it in Path(folder).glob("[!_]*.py")}

    assert "streams" in files
    assert {it.name for it in find_projections()} == files


def test_a_row_is_found_without_a_look_at_its_history(store: ReadStore) -> None:
    """While a view catches up its history has no index: each look would read all of it."""
    for projection in (ITEMS, TAGS):
        tables = ViewTables(projection.name, columns(projection))
        for sql in (tables.find_row, tables.find_deleted):
            plan = store.db.execute(f"EXPLAIN QUERY PLAN {sql}", tables.key).fetchall()
            assert not [step for *_, step in plan if step.startswith("SCAN")], sql
