"""Questions in SQL: numbers are numbers, events are asked, nothing is written, all is bounded."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.projector.catch_up import catch_up
from replay.questions.sql_numbers import compare
from replay.questions.sql_query import SqlFailed, ask, open_to_ask
from replay.views import built_views
from replay.views.built_view import BuiltColumn, BuiltView
from store.opening import open_reader
from tests.replay.conference_sample import conference, orders_over
from tests.replay.written_logs import event, log_of

NUMBERS = (
    "948.00",
    "1050.00",
    "0.10",
    "0.1",
    "1E+400",
    "-7",
    "9.9",
    "123456789012345678901234567890",
    "123456789012345678901234567889",
)
ORDERED = (
    "-7",
    "0.10",
    "0.1",
    "9.9",
    "948.00",
    "1050.00",
    "123456789012345678901234567889",
    "123456789012345678901234567890",
    "1E+400",
)
MAX_VIEW = BuiltView(
    name="totals",
    group_by="stream",
    columns=(
        BuiltColumn(name="most", fold="max", field="total"),
        BuiltColumn(name="latest", fold="last", field="total"),
        BuiltColumn(name="who", fold="last", field="who"),
    ),
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return conference(tmp_path_factory.mktemp("sample") / "conf.foldline")


@pytest.fixture
def conf(sample: Path) -> Iterator[sqlite3.Connection]:
    yield from asked(sample)


@pytest.fixture
def totals(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A built view with a row for each of NUMBERS, in that order."""
    events = [
        (f"order-{n}", event({"total": Decimal(it), "who": "ada"})) for n, it in enumerate(NUMBERS)
    ]
    with log_of(tmp_path, *events) as log:
        built_views.save(log.place, MAX_VIEW, taken=frozenset())
    yield from asked(log.place.path)


def asked(path: Path) -> Iterator[sqlite3.Connection]:
    log = open_reader(path)
    catch_up(log)
    db = open_to_ask(log)
    assert db is not None
    yield db
    db.close()
    log.close()


def column(db: sqlite3.Connection, sql: str) -> list[Any]:
    return [row[0] for row in ask(db, sql).rows]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT order_id FROM priced_orders WHERE total > 250",
        "SELECT order_id FROM priced_orders WHERE 250 < total AND total <> 250",
        "SELECT order_id FROM priced_orders WHERE NOT total BETWEEN 0 AND 250",
        "SELECT order_id FROM priced_orders WHERE coalesce(total, 0) > 250",
        "SELECT order_id FROM priced_orders WHERE CASE WHEN 1 THEN total END > 250",
        "SELECT order_id FROM priced_orders GROUP BY 1 HAVING max(total) > 250",
        "SELECT order_id FROM (SELECT order_id, total AS t FROM priced_orders) WHERE t > 250",
        "WITH p AS (SELECT order_id, max(total) AS m FROM priced_orders GROUP BY 1)"
        " SELECT order_id FROM p WHERE m > 250",
    ],
)
def test_orders_over_250_are_those_that_a_plain_loop_finds(
    conf: sqlite3.Connection, statement: str
) -> None:
    found = set(column(conf, statement))

    assert len(found) == 145
    assert found == orders_over(250)


def test_a_past_view_compares_numbers_too(conf: sqlite3.Connection) -> None:
    past = column(conf, "SELECT order_id FROM priced_orders_history WHERE total > 250")

    assert set(past) >= orders_over(250)
    assert "0" not in column(conf, "SELECT total FROM priced_orders_writes WHERE total > 250")


def test_numbers_are_ordered_by_value_and_shown_with_every_digit(
    totals: sqlite3.Connection,
) -> None:
    assert column(totals, "SELECT most FROM totals ORDER BY most, key") == list(ORDERED)
    assert column(totals, "SELECT latest FROM totals ORDER BY latest DESC LIMIT 1") == ["1E+400"]
    assert column(totals, "SELECT max(most) FROM totals WHERE most < 2000") == ["1050.00"]
    assert column(totals, "SELECT min(most), count(*) FROM totals") == ["-7"]
    assert column(totals, "SELECT most FROM totals WHERE most IN (948, 9.9) ORDER BY key") == [
        "948.00",
        "9.9",
    ]
    assert column(totals, "SELECT most FROM totals WHERE most = 0.1 ORDER BY key") == [
        "0.10",
        "0.1",
    ]


def test_what_is_computed_from_numbers_is_a_number(totals: sqlite3.Connection) -> None:
    assert column(totals, "SELECT sum(most) FROM totals WHERE most BETWEEN 900 AND 2000") == [1998]
    ranked = "SELECT key, max(most) AS m FROM totals WHERE most < 2000 GROUP BY key ORDER BY m DESC"
    assert [it[1] for it in ask(totals, ranked).rows] == [1050, 948, 9.9, 0.1, 0.1, -7]


def test_a_text_of_a_json_column_is_found_by_what_it_says(totals: sqlite3.Connection) -> None:
    assert column(totals, "SELECT count(*) FROM totals WHERE who = 'ada'") == [len(NUMBERS)]
    assert column(totals, "SELECT count(*) FROM totals WHERE who > 250") == [len(NUMBERS)]


@pytest.mark.parametrize("more", ["", " AND coalesce(latest, 0) IS NOT 7"])
def test_what_is_not_there_is_null_and_true_is_one(odd_ones: sqlite3.Connection, more: str) -> None:
    def keys(where: str) -> list[str]:
        return column(odd_ones, f"SELECT key FROM totals WHERE {where}{more} ORDER BY key")

    assert keys("latest > 250") == ["text", "thousand"]
    assert keys("latest IS NULL") == ["nothing"]
    assert keys("latest = true") == ["yes"]
    assert keys("latest < 1") == ["no"]
    assert keys("latest = 'ada'") == ["text"]
    assert column(odd_ones, f"SELECT latest FROM totals WHERE key = 'nothing'{more}") == [None]


@pytest.fixture
def odd_ones(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    values = {"nothing": None, "yes": True, "no": False, "text": "ada", "thousand": 1000}
    with log_of(tmp_path, *((key, event({"total": it})) for key, it in values.items())) as log:
        built_views.save(log.place, MAX_VIEW, taken=frozenset())
    yield from asked(log.place.path)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT rank() OVER (ORDER BY most DESC) FROM totals WHERE key = 'order-1'", 1),
        (
            "SELECT group_concat(r) FROM (SELECT rank() OVER (ORDER BY most) AS r FROM totals)",
            "1,2,2,4,5,6,7,7,9",
        ),
        ("SELECT count(*) FROM totals a JOIN totals b ON a.most > b.most", 35),
        ("SELECT count(*) FROM totals WHERE most > '250'", 5),
        ("SELECT count(*) FROM totals WHERE most > 25e1", 5),
        ("SELECT count(*) FROM totals WHERE +most > 250", 5),
        ("SELECT count(*) FROM totals WHERE 250 <+ most", 5),
        ("SELECT most FROM totals UNION SELECT 10000 ORDER BY 1 DESC LIMIT 1", float("inf")),
        ("SELECT count(DISTINCT most) FROM totals", 8),
        ("SELECT count(*) FROM totals WHERE (SELECT most FROM totals LIMIT 1) > 900", 9),
        ("SELECT value FROM totals, json_each(most) WHERE totals.key = 'order-0'", 948.0),
    ],
)
def test_numbers_are_numbers_wherever_they_stand(
    totals: sqlite3.Connection, statement: str, expected: object
) -> None:
    assert column(totals, statement) == [expected]


def test_a_plain_sqlite3_compares_them_once_they_are_added_to_nothing(
    totals: sqlite3.Connection,
) -> None:
    path = totals.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    plain = sqlite3.connect(path[0])
    found = plain.execute("SELECT most FROM totals WHERE most + 0 > 250 ORDER BY most + 0")

    assert [it for (it,) in found][:2] == ["948.00", "1050.00"]
    plain.close()


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False), min_size=2, max_size=2))
def test_numbers_compare_as_decimals_do(numbers: list[Decimal]) -> None:
    one, other = numbers

    assert compare(str(one), str(other)) == (one > other) - (one < other)


@given(st.text(), st.text(), st.text())
def test_any_texts_have_one_order(one: str, other: str, third: str) -> None:
    assert compare(one, other) == -compare(other, one)
    if compare(one, other) <= 0 and compare(other, third) <= 0:
        assert compare(one, third) <= 0


def test_what_is_no_number_after_all_is_a_text() -> None:
    assert compare("1e99999999999999999999", "2") == 1
    assert compare('"no end', "no end") == -1
    assert compare('"\\u0061da"', "ada") == 0


def test_events_are_asked_and_their_data_too(conf: sqlite3.Connection) -> None:
    counted = dict(ask(conf, "SELECT type, count(*) FROM event_log GROUP BY type").rows)
    over = "SELECT DISTINCT stream FROM event_log WHERE json_extract(data, '$.total') > 250"

    assert sum(counted.values()) == 5_087
    assert orders_over(250) <= {it.removeprefix("order-") for it in column(conf, over)}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM priced_orders",
        "UPDATE streams SET version = 1",
        "DROP TABLE priced_orders",
        "-- now\nDELETE FROM streams",
        "INSERT INTO log.types VALUES (99, 'x')",
        "CREATE TEMP TABLE mine (a)",
        "CREATE INDEX i ON priced_orders (total)",
        "VACUUM INTO '/tmp/never.db'",
        "ATTACH '/tmp/never.db' AS it",
        "DETACH log",
        "PRAGMA journal_mode=DELETE",
        "PRAGMA writable_schema = 1",
        "BEGIN",
        "COMMIT",
        "ANALYZE",
    ],
)
def test_whatever_writes_is_told_that_views_are_only_read(
    conf: sqlite3.Connection, statement: str
) -> None:
    with pytest.raises(SqlFailed, match="read-only here"):
        ask(conf, statement)

    assert column(conf, "SELECT count(*) FROM streams") == [1207]


def test_a_plan_that_is_asked_for_is_the_answer(conf: sqlite3.Connection) -> None:
    found = ask(conf, "EXPLAIN QUERY PLAN SELECT * FROM streams")

    assert found.rows[0][-1] == "SCAN streams"
    assert found.plan == ()
    assert ask(conf, "SELECT * FROM streams").plan == ("SCAN streams",)
    assert "SELECT" not in str(ask(conf, "PRAGMA table_info(streams)").plan)


def test_an_answer_is_cut_by_its_bytes_and_a_value_has_a_greatest_size(
    conf: sqlite3.Connection,
) -> None:
    many = ask(conf, "SELECT hex(zeroblob(3000000)) FROM streams")

    assert (len(many.rows), many.cut_at) == (11, "64 MB")
    with pytest.raises(SqlFailed, match="a single value is larger than 16 MB"):
        ask(conf, "SELECT hex(randomblob(20000000)) FROM streams")
    assert ask(conf, "SELECT 1 FROM streams", limit=3).cut_at == "3 rows"


@pytest.mark.parametrize("statement", ["", "SELECT '\ud800'", "SELECT 1\x00", "SELECT 1; SELECT 2"])
def test_what_is_no_statement_is_told(conf: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(SqlFailed):
        ask(conf, statement)


def test_a_question_that_is_interrupted_is_told(conf: sqlite3.Connection) -> None:
    conf.create_function("stop", 0, conf.interrupt)

    with pytest.raises(SqlFailed, match=r"the query was stopped$"):
        ask(
            conf,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT max(i) FROM n WHERE stop() IS NULL",
        )

    assert column(conf, "SELECT 1") == [1]


def test_there_is_nothing_to_ask_without_views(tmp_path: Path) -> None:
    with log_of(tmp_path, ("order-1", event({}))) as log:
        assert open_to_ask(log) is None
        assert not log.place.views.exists()
