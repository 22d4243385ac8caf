"""What SQL can name is told with words; a wrong name tells the nearest; questions ship saved."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.projection import Column
from replay.projector.catch_up import catch_up
from replay.questions.sample_questions import sample_of, shipped_questions
from replay.questions.sql_query import SqlFailed, ask, open_to_ask
from replay.questions.sql_tables import shipped, sql_tables, words_of
from replay.questions.sql_words import FUNCTIONS, as_name
from replay.views.read_store import reading_views
from store.opening import open_reader
from tests.replay.conference_sample import conference, sample_events
from tests.replay.written_logs import event, log_of


@pytest.fixture(scope="module")
def conf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    log = open_reader(conference(tmp_path_factory.mktemp("sample") / "conf.foldline"))
    catch_up(log)
    db = open_to_ask(log)
    assert db is not None
    yield db
    db.close()
    log.close()


def test_every_table_has_columns_that_are_there_and_a_sample_that_is_answered(
    conf: sqlite3.Connection,
) -> None:
    tables = sql_tables(conf)

    assert {"streams", "streams_history", "seats_left", "search", "event_log"} <= {
        it.name for it in tables
    }
    for table in tables:
        names = ", ".join(as_name(it.name) for it in table.columns)
        assert ask(conf, f"SELECT {names} FROM {table.name} LIMIT 1").columns
        assert ask(conf, table.sample).rows, table.name
        assert table.about


def test_the_program_s_own_columns_are_told_apart_and_explained(conf: sqlite3.Connection) -> None:
    for table in sql_tables(conf):
        starred = ask(conf, f"SELECT * FROM {table.name} LIMIT 1").columns
        own = [it for it in table.columns if it.is_own]

        assert all(it.about for it in own)
        assert not {it.name for it in own} & set(starred)


def test_columns_say_what_the_projection_s_source_says(conf: sqlite3.Connection) -> None:
    streams = next(it for it in sql_tables(conf) if it.name == "streams")
    about = {it.name: (it.type, it.about) for it in streams.columns}

    assert about["stream"] == ("text", "key")
    assert about["event_count"] == ("integer", "that live here")
    assert about["last_recorded_at_us"] == ("integer", "µs since 1970, UTC")


def test_only_what_is_there_is_listed(tmp_path: Path) -> None:
    """No past while a view is still folded, and no events where they lie in no file."""
    with log_of(tmp_path, ("order-1", event({}))) as log:
        catch_up(log)
        with closing(sqlite3.connect(log.place.views)) as plain:
            plain.execute("DROP VIEW streams_history")
        with reading_views(log) as views:
            assert views is not None
            found = {it.name for it in sql_tables(views)}

    assert {"streams", "event_types_history"} <= found
    assert not found & {"streams_history", "event_log"}


def test_a_row_without_source_says_nothing_of_its_columns() -> None:
    assert words_of(type("Made", (), {})) == {}
    assert words_of(int) == {}


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("SELECT * FROM seat_left", "Did you mean seats_left or "),
        ("SELECT quantty FROM seats_left", "Did you mean quantity? "),
        ("SELECT s._positon FROM seats_left s", "Did you mean _position or "),
        ("SELECT cuont(*) FROM streams", "Did you mean count? "),
        ("SELECT available_quantity FROM streams", "Did you mean seat_types.available_quantity"),
        ("SELECT xyzzy FROM streams", "List the tables and columns with: "),
        ("SELECT FROM", "List the tables and columns with: "),
    ],
)
def test_a_name_that_there_is_not_tells_the_nearest(
    conf: sqlite3.Connection, statement: str, hint: str
) -> None:
    with pytest.raises(SqlFailed) as failed:
        ask(conf, statement)

    assert failed.value.hint.startswith(hint)


def test_when_seats_ran_out_is_what_a_plain_loop_finds(conf: sqlite3.Connection) -> None:
    left: dict[tuple[str, str], int] = {}
    expected = []
    for position, it in enumerate(sample_events(), 1):
        if not it["stream"].startswith("seats-"):
            continue
        field = "seats" if it["type"] == "AvailableSeatsChanged" else "availableSeatsChanged"
        for line in it["data"].get(field, ()):
            key = (it["stream"].removeprefix("seats-"), line["seatType"])
            was, left[key] = left.get(key, 0), left.get(key, 0) + line["quantity"]
            if left[key] <= 0 < was:
                expected.append((*key, position, was, left[key]))

    rows = ask(conf, shipped(conf)["When did seats_left run out"]).rows

    assert expected
    assert [(*row[:3], *row[4:]) for row in rows] == expected


def test_questions_ship_for_what_can_run_out_and_for_nothing_else() -> None:
    key = Column(name="order", kind="text", is_key=True)
    one = (key, Column(name="in_stock", kind="json"))
    two = (key, Column(name="quantity", kind="integer"), Column(name="left", kind="real"))
    none = (key, Column(name="quantity", kind="json"), Column(name="left", kind="text"))

    found = shipped_questions([("shelf", one), ("bins", two), ("lines", none)])

    assert list(found) == [
        "When did left of bins run out",
        "When did quantity of bins run out",
        "When did shelf run out",
    ]
    assert 'PARTITION BY "order"' in found["When did shelf run out"]
    assert '"left" <= 0' in found["When did left of bins run out"]


def test_a_sample_fits_the_columns_that_there_are() -> None:
    key = Column(name="group", kind="text", is_key=True)

    assert "GROUP BY status" in sample_of("v", [key, Column(name="status", kind="text")])
    assert sample_of("v", [key, Column(name="n", kind="integer")]).startswith('SELECT "group", n')
    assert "_position DESC" in sample_of("v", [key])


def test_functions_that_are_offered_exist(conf: sqlite3.Connection) -> None:
    known = {it for (it,) in ask(conf, "SELECT name FROM pragma_function_list").rows}

    assert {it.removesuffix("(") for it in FUNCTIONS} <= known
    assert as_name('a "b"') == '"a ""b"""'
