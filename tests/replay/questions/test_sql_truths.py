"""True is 1 in questions, so it shares a group with 1: the answer says so, and how to part them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay import command_line
from replay.projector.catch_up import catch_up
from replay.questions.sql_query import ask, open_to_ask
from replay.views import built_views
from replay.views.built_view import BuiltColumn, BuiltView
from store.opening import reading
from tests.replay.written_logs import event, log_of

VIEW = BuiltView(
    name="marks",
    group_by="stream",
    columns=(BuiltColumn(name="paid", fold="last", field="paid"),),
)
COUNT = "SELECT paid, count(*) FROM marks GROUP BY paid"
SAYS = "in this answer, true counts as 1 and false as 0, also in GROUP BY"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Streams in which paid is true, 1, 1.0, "1", false, 0 and "x"."""
    values = (True, 1, 1.0, "1", False, 0, "x")
    events = [(f"order-{n}", event({"paid": it})) for n, it in enumerate(values)]
    with log_of(tmp_path, *events) as log:
        built_views.save(log.place, VIEW, taken=frozenset())
        catch_up(log)
        return log.place.path


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    with reading(path) as log:
        found = open_to_ask(log)
        assert found is not None
        with closing(found) as db:
            yield db


def test_groups_of_truths_and_numbers_say_that_they_are_one(db: sqlite3.Connection) -> None:
    found = ask(db, COUNT)

    assert sorted(count for _, count in found.rows) == [1, 1, 2, 3]
    assert found.truths.startswith(SAYS)


def test_they_are_kept_apart_as_the_answer_says(db: sqlite3.Connection) -> None:
    found = ask(db, f"{COUNT} COLLATE BINARY")

    assert {"true": 1, "1": 1, "false": 1, "0": 1}.items() <= dict(found.rows).items()
    assert found.truths == ""


def test_values_that_are_computed_say_so_too(db: sqlite3.Connection) -> None:
    found = ask(db, "SELECT coalesce(paid, 0), count(*) FROM marks GROUP BY 1")

    assert found.truths == SAYS


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT key FROM marks WHERE paid = 1 ORDER BY paid",
        "SELECT paid, count(*) FROM marks WHERE key IN ('order-1', 'order-5') GROUP BY paid",
        "SELECT type, count(*) FROM event_types GROUP BY type",
    ],
)
def test_nothing_is_said_where_nothing_is_merged(db: sqlite3.Connection, statement: str) -> None:
    assert ask(db, statement).truths == ""


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_verb_says_it_beside_the_answer(
    path: Path, capsys: pytest.CaptureFixture[str], form: tuple[str, ...]
) -> None:
    assert command_line.run(["sql", str(path), COUNT, *form]) == 0

    assert SAYS in capsys.readouterr().err
