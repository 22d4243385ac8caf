"""A filter as SQL and the filter as it is evaluated: the same events, whatever they hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.events import NewEvent, RecordedEvent
from store.filter.evaluate import matches
from store.filter.parse import parse
from store.filter.tree import Claim, Every, Not, Some, Tree
from store.query import EventQuery
from store.sqlite import schema
from store.sqlite.connect import connect_memory
from store.sqlite.filter_scan import candidates_of, kind_of
from store.sqlite.filter_sql import Keys, compiled, keys_of
from store.sqlite.reader import LogReader
from store.sqlite.writer import Writer
from tests.store.filter.generated import EVENTS, TREES


@contextmanager
def log_of(events: list[tuple[str, NewEvent]]) -> Iterator[tuple[sqlite3.Connection, LogReader]]:
    db = connect_memory()
    schema.create(db, store_id="log")
    writer = Writer(db)
    for stream, event in events:
        writer.append(stream, [event], expected=None)
    log = LogReader(db)
    yield db, log
    log.close()


def within(
    db: sqlite3.Connection, tree: Tree, *, common: Keys = frozenset()
) -> list[tuple[int, bool, bool]]:
    """(position, whether SQL lets it through, whether SQL is sure) of every event."""
    bounds = compiled(tree, common=common)
    sql = f"SELECT e.position, {bounds.both.text}, {bounds.sure.text} FROM events e"
    found = db.execute(sql, [*bounds.both.values, *bounds.sure.values]).fetchall()
    assert not any(None in it for it in found)
    return [(position, bool(maybe), bool(sure)) for position, maybe, sure in found]


@given(st.lists(EVENTS, min_size=1, max_size=6), st.lists(TREES, min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_sql_and_the_evaluator_find_the_same_events(
    events: list[tuple[str, NewEvent]], trees: list[Tree]
) -> None:
    with log_of(events) as (db, log):
        for tree in trees:
            is_met = matches(tree)
            met = [it.position for it in log.read() if is_met(it)]

            found = [*within(db, tree), *within(db, tree, common=keys_of(tree))]
            read = [it.position for it in log.read(EventQuery(where=tree))]
            newest = [it.position for it in log.read(EventQuery(where=tree), reverse=True)]
            positions = list(log.positions(EventQuery(where=tree)))

            assert {it for it, _, sure in found if sure} <= set(met)
            assert not set(met) & {it for it, maybe, _ in found if not maybe}
            assert read == newest[::-1] == positions == met


ORDINARY = NewEvent(
    type="Counted",
    id="e-1",
    data_json='{"sku":"sku-77","delta":5,"price":{"amount":"9.50","net":8.25},"is_new":true,'
    '"tags":["a"],"none":null}',
    metadata_json='{"user":"ada","correlation_id":"c-1"}',
    recorded_at_us=10,
    occurred_at_us=5,
)


@pytest.mark.parametrize(
    "text",
    [
        "type = Counted and stream ~ 'order-*' and category = order and id = e-1 and version < 7",
        "position between 1 and 9 and recorded > 1960-01-01 and occurred <= 1971-01-01",
        "data.sku = 'sku-77' and data.delta = 5",
        "sku in ('sku-76', 'sku-78') or sku ~ 'sku-7?' or sku > 'sku' and not sku = a",
        "delta > 4.5 and delta <= 5 and delta != 6 and price.net < 8 or price.net > 8.5",
        "is_new = true and none = null and missing = null and price != null and delta != '5'",
        "price.amount = '9.50' and metadata.correlation_id = c-1 and actor = ada and actor != bob",
        "none is missing and sku is present and correlation = c-1 and command is missing",
        "correlation ~ 'c-*' and not (command = Count or correlation in (c-2, c-3))",
        "sku contains 'KU-7' and anything contains sku-77",
        "price.amount contains '.5' and id contains E",
        "delta = true or actor > 5 or type = null or n < null",
    ],
)
def test_of_an_ordinary_event_sql_alone_decides(text: str) -> None:
    tree = parse(text)
    assert tree is not None

    with log_of([("order-7", ORDINARY)]) as (db, _):
        ((_, maybe, sure),) = within(db, tree)

    assert maybe == sure == matches(tree)(*log_events(ORDINARY))


@pytest.mark.parametrize(
    "data",
    [
        '{"a":5,"a":6}',
        '{"\\u0061":5}',
        '[{"a":5}]',
        '{"a":[5]}',
        '{"a":5.0}',
        '{"a":5.000000000000000000001}',
        '{"a":5,"x":{"a":6}}',
        '{"a":"\\n"}',
    ],
)
def test_what_sqlite_sees_otherwise_is_left_to_the_evaluator(data: str) -> None:
    tree = Claim(field=("data", "a"), comparison="=", value=5)

    with log_of([("s", NewEvent(type="T", data_json=data))]) as (db, _):
        assert within(db, tree) == [(1, True, False)]


@pytest.mark.parametrize("data", ['{"a":6}', '{"b":5}', '{"a":"5"}', '{"a":5.1}', "5"])
def test_what_cannot_meet_a_filter_is_never_read(data: str) -> None:
    tree = Claim(field=("data", "a"), comparison="=", value=5)

    with log_of([("s", NewEvent(type="T", data_json=data))]) as (db, _):
        assert within(db, tree) == [(1, False, False)]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('{"a":0.1000000000000000055511151231257827}', "a > 0.1"),
        ('{"a":0.1000000000000000055511151231257827}', "a <= 0.1"),
        ('{"a":9007199254740993.0}', "a > 9007199254740992"),
        ('{"a":5}', "a > 5"),
        ('{"a":5}', "a >= 5 and a < 6 and a <= 5.5 and a > 4.5"),
        ('{"a":5,"b":' + "[" * 1_500 + "]" * 1_500 + "}", "a = null"),
        ('{"a":5,"b":' + "[" * 1_500 + "]" * 1_500 + "}", "a = 5"),
        ('{"a":1e99999999999999999999}', "a > 1e400"),
        ('{"a":1e399}', "a < 1e400"),
        ('{"a":[1,9]}', "a < 5"),
        ('{"a":[1,9]}', "a > 5"),
        ('{"a":"9"}', "a > 5"),
        ('{"a":{"b":7},"c":[1]}', "a > 5"),
        ('{"a":"x%y_Z"}', "a contains '%Y_z'"),
        ('{"a":"\\u00c9"}', "a contains É"),
    ],
)
def test_values_at_the_edge_are_told_apart(data: str, text: str) -> None:
    tree = parse(text)
    assert tree is not None

    with log_of([("s", NewEvent(type="T", data_json=data))]) as (_, log):
        for asked in (tree, Not(part=tree)):
            met = [it.position for it in log.read() if matches(asked)(it)]
            assert [it.position for it in log.read(EventQuery(where=asked))] == met


def test_a_filter_of_any_size_is_asked() -> None:
    """SQLite limits the values of a statement, the depth of an expression and its parser."""
    claim = Claim(field=("data", "a"), comparison="=", value=5)
    deep: Tree = claim
    for _ in range(60):
        deep = Not(part=Every(parts=(Some(parts=(deep, claim)), claim)))
    wide = Some(
        parts=tuple(Claim(field=("data", "a"), comparison="=", value=n) for n in range(900))
    )
    wider = Every(parts=(wide, Some(parts=(*wide.parts, claim))))

    with log_of([("s", NewEvent(type="T", data_json='{"a":5}'))]) as (_, log):
        for tree in (deep, Not(part=deep), wide, Not(part=wide), wider):
            is_met = matches(tree)
            assert len(list(log.read(EventQuery(where=tree)))) == sum(map(is_met, log.read()))


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("type = A", "SEARCH e USING COVERING INDEX events_by_type (type_id=? AND rowid>?"),
        ("type in (A, B) and data.a = 5", "SEARCH e USING INDEX events_by_type (type_id=?"),
        ("stream = s-1 and data.a = 5", "SEARCH e USING INDEX events_by_stream"),
        ("id = e-1", "SEARCH e USING COVERING INDEX events_by_id (id=?"),
        ("data.a = 5 and stream ~ 's*'", "SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?"),
        ("category = s", "SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?"),
    ],
)
def test_a_filter_goes_by_an_index_where_one_applies(text: str, index: str) -> None:
    tree = parse(text)
    assert tree is not None
    bounds = compiled(tree)
    kind = kind_of(bounds)
    sql = candidates_of(kind, bounds.first.text, reverse=False)

    with log_of([]) as (db, _):
        values = [*kind.values, 0, 100, *bounds.first.values, 10]
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]

    assert any(it.startswith(index) for it in plan), plan


def log_events(event: NewEvent) -> list[RecordedEvent]:
    with log_of([("order-7", event)]) as (_, log):
        return list(log.read())
