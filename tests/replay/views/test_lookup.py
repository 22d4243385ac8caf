"""The lookup table of a projection: written with its rows, and as old or as new as they are."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import astuple

from replay.lab.memory_rows import MemoryRows
from replay.projection import Projection, Rows
from replay.questions import known_view, view_query
from replay.views.partition import first_crossing
from replay.views.read_store import discard, open_views
from replay.views.row_history import RowHistory
from replay.views.view import View, view_of
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.contracts.projection import ProjectionContract, whole
from tests.replay.logs import catch_up, made_by, make_log, open_runner
from tests.replay.lookup_projection import NAMED

EVENTS = 700
VIEW = view_of(NAMED)
KEYS = ("Placed", "Paid", "Shipped of order-0", "Returned of big-1")


class TestOneThatKeepsALookupTable(ProjectionContract):
    @pytest.fixture
    def view(self) -> View:
        return VIEW


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventReader]:
    path = make_log(tmp_path_factory.mktemp("lookup") / "a.foldline", EVENTS)
    with closing(open_reader(path)) as log:
        yield log


@pytest.fixture
def own_log(tmp_path: Path) -> Iterator[EventReader]:
    with closing(open_reader(make_log(tmp_path / "a.foldline", 200))) as log:
        yield log


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The view is one of the program's."""
    monkeypatch.setattr(known_view, "views_without_code", lambda _place: (VIEW,))


def plain(log: EventReader, until: int) -> tuple[list[tuple[Any, ...]], dict[str, Any]]:
    """Rows and values as dictionaries have them after an event."""
    rows = MemoryRows(NAMED)
    for event in log.page(1, until):
        NAMED.apply(rows, event, log.links(event.position))
    told = [
        (it.stream, it.events, it.before, json_text.encode(it.told)) for it in rows.rows.values()
    ]
    return sorted(told), {it: rows.lookup.get(it) for it in KEYS}


@settings(max_examples=12)
@given(stops=st.lists(st.integers(1, EVENTS), max_size=5))
def test_wherever_folding_stops_and_starts_again_rows_and_values_are_those_of_a_plain_fold(
    log: EventReader, stops: list[int]
) -> None:
    discard(log)
    for until in sorted({*stops, EVENTS}):
        store, runner = open_runner(log, (VIEW,))
        first = runner.checkpoints()["named"].checkpoint + 1
        if first <= until:
            runner.deliver(log.page(first, until), log.links_between(first, until))
        store.close()

    with closing(open_views(log)) as store:
        columns = "stream, events, before, told"
        rows = store.db.execute(f"SELECT {columns} FROM named ORDER BY stream").fetchall()
        found = value_at(store.db, EVENTS)
    assert (rows, found) == plain(log, EVENTS)


def value_at(db: sqlite3.Connection, position: int) -> dict[str, Any]:
    history = RowHistory(db, "named", VIEW.columns)
    found = {it: history.lookup(it, position + 1) for it in KEYS}
    return {it: None if text is None else json_text.decode(text) for it, text in found.items()}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(1, EVENTS))
def test_as_of_any_position_rows_and_values_are_those_of_a_plain_fold(
    log: EventReader, known: None, at: int
) -> None:
    made_by(VIEW, log)

    with closing(open_views(log)) as store:
        found = view_query.page(store.db, log, "named", at=at, limit=10_000)
        assert value_at(store.db, at) == plain(log, at)[1]
    assert found.as_of == at
    assert [it.values for it in found.rows] == plain(log, at)[0]


def test_long_values_that_came_from_the_lookup_table_are_left_out_of_the_history(
    log: EventReader,
) -> None:
    """So that the test above does fold them again."""
    made_by(VIEW, log)

    with closing(open_views(log)) as store:
        cut = store.db.execute("SELECT count(*) FROM named_writes WHERE told IS NULL").fetchone()
    assert cut[0] > 100


def test_it_forgets_what_is_too_much_and_asks_again(
    own_log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = whole(VIEW, own_log)
    discard(own_log)
    monkeypatch.setattr("replay.views.lookup.ENTRIES_CACHED", 1)
    monkeypatch.setattr("replay.views.runner.FIRST_BATCH", 10)
    monkeypatch.setattr("replay.views.runner.EVENTS_PER_BATCH", 10)

    assert whole(VIEW, own_log) == undisturbed


def test_what_it_was_given_is_a_copy() -> None:
    rows = MemoryRows(NAMED)
    rows.lookup.put("a", {"list": [1]})

    rows.lookup.get("a")["list"].append(2)

    assert rows.lookup.get("a") == {"list": [1]}


class Row(Struct, frozen=True):
    """One row."""

    stream: str


def undeclared(rows: Rows[Row], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    rows.lookup.put("a", 1)


def no_text(rows: Rows[Row], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    rows.lookup.get(("a", 1))  # type: ignore[arg-type]


def no_json(rows: Rows[Row], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    rows.lookup.put("a", object())


def no_unicode(rows: Rows[Row], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    rows.lookup.put("\ud800", 1)


@pytest.mark.parametrize(
    ("apply", "keeps", "why"),
    [
        (undeclared, False, "TypeError: a projection that uses rows.lookup declares keeps_lookup"),
        (no_text, True, "TypeError: a key of the lookup table is text, not ('a', 1)"),
        (no_json, True, "TypeError: "),
        (no_unicode, True, "UnicodeEncodeError: "),
    ],
)
def test_a_projection_that_uses_it_wrongly_is_parked_with_the_reason(
    own_log: EventReader, apply: Any, keeps: bool, why: str
) -> None:
    wrong = Projection(
        name="wrong",
        version=1,
        title="",
        row=Row,
        key=("stream",),
        apply=apply,
        keeps_lookup=keeps,
    )
    store, runner = open_runner(own_log, (view_of(wrong), VIEW))

    catch_up(runner)

    found = store.db.execute("SELECT name, position, message FROM projection_errors").fetchall()
    assert [it[:2] for it in found] == [("wrong", 1)]
    assert found[0][2].startswith(why), found
    assert runner.checkpoints()["named"].checkpoint == 200
    store.close()


def test_a_value_that_another_partition_has_put_is_a_crossing(log: EventReader) -> None:
    events = [(it, ()) for it in log.page(1, EVENTS)]

    crossed = first_crossing(NAMED, events, by="stream")
    in_types = first_crossing(replace(NAMED, apply=of_its_type), events, by="type")

    assert crossed is not None
    assert crossed.key == crossed.event.type
    assert in_types is None


def of_its_type(rows: Rows[Any], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    before = rows.lookup.get(event.type) or 0
    if event.position % 5 == 0:
        rows.lookup.delete(event.type)
    else:
        rows.lookup.put(event.type, before + 1)
    rows.put(NAMED.row(event.type, before + 1, "", {}))


def test_a_row_of_named_is_what_a_plain_loop_says(log: EventReader) -> None:
    """Of the projection that the others go by: values are of the event before, of any stream."""
    last: dict[str, str] = {}
    said = dict[str, str]()
    for event in log.page(1, EVENTS):
        for stream in (event.stream, *log.links(event.position)):
            said[stream] = last.get(event.type, "")
        last[event.type] = event.stream
        if event.position % 11 == 0:
            del last[event.type]

    rows = MemoryRows(NAMED)
    for event in log.page(1, EVENTS):
        NAMED.apply(rows, event, log.links(event.position))

    assert {it[0]: it[2] for it in map(astuple, rows.rows.values())} == said
