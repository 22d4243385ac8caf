"""What is offered at a place in a statement, and the questions asked before."""

from typing import Any

import pytest

from gui.viewmodels.asked_questions import KEPT, AskedQuestions
from gui.viewmodels.sql_names import sql_offers
from replay.questions.sql_tables import SqlColumn, SqlTable

TABLES = (
    SqlTable(
        name="seats",
        about="Seats",
        columns=(
            SqlColumn(name="seat_type", type="text", about="key"),
            SqlColumn(name="order", type="text"),
            SqlColumn(name="_position", type="integer", about="of the event", is_own=True),
        ),
        sample="SELECT 1",
    ),
    SqlTable(
        name="streams",
        about="Streams",
        columns=(SqlColumn(name="stream", type="text"),),
        sample="SELECT 2",
    ),
)


def offered(written: str, *, is_asked: bool = False) -> list[str]:
    """Of a statement in which | is the cursor."""
    cursor = written.index("|")
    found = sql_offers(TABLES, written.replace("|", ""), cursor, is_asked=is_asked)
    return [it.text for it in found.offers]


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("SELECT * FROM |", ["seats", "streams"]),
        ("SELECT * FROM st|", ["streams"]),
        ("SELECT * FROM seats JOIN st|", ["streams"]),
        ("SELECT seat_t| FROM seats", ["seat_type"]),
        ("SELECT s.| FROM seats s", ["seat_type", '"order"', "_position"]),
        ("SELECT s._p| FROM seats AS s", ["_position"]),
        ("SELECT streams.| FROM streams", ["stream"]),
        ("sel|", ["SELECT"]),
        ("SELECT coun| FROM seats", ["count("]),
        ("SELECT 'it''s', seat_t| FROM seats", ["seat_type"]),
        ("-- it's\nSELECT seat_t| FROM seats", ["seat_type"]),
    ],
)
def test_what_can_stand_at_the_cursor_is_offered(written: str, first: list[str]) -> None:
    assert offered(written)[: len(first)] == first


@pytest.mark.parametrize(
    "written",
    [
        "SELECT 'seat|",
        "SELECT 1 -- se|",
        "SELECT x.| FROM seats s",
        "SELECT 12| FROM seats",
        "SELECT |",
        "SELECT * FROM seats|",
        "|",
    ],
)
def test_nothing_is_offered_in_texts_and_behind_whole_words(written: str) -> None:
    assert offered(written) == []


def test_everything_is_offered_where_it_is_asked_for() -> None:
    found = offered("SELECT | FROM seats", is_asked=True)

    assert found[:3] == ["seat_type", '"order"', "_position"]
    assert {"seats", "streams", "WHERE"} <= set(found)
    assert "stream" not in found


def test_questions_are_stepped_through_and_what_was_being_written_comes_back() -> None:
    asked = AskedQuestions()
    for it in ("one", "two", "two", "", "three"):
        asked.add(it)

    assert asked.statements == ("one", "two", "three")
    assert asked.later() is None
    assert asked.earlier("draft") == "three"
    assert asked.earlier("three") == "two"
    assert asked.earlier("two") == "one"
    assert asked.earlier("one") is None
    assert [asked.later() for _ in range(4)] == ["two", "three", "draft", None]
    asked.add("one")
    assert asked.kept() == ["two", "three", "one"]
    assert asked.earlier("one") == "three"


@pytest.mark.parametrize("kept", [None, {"a": 1}, [1, None, "x"], ["x"]])
def test_what_was_kept_is_put_back_as_far_as_it_is_one(kept: Any) -> None:
    asked = AskedQuestions()

    asked.restore(kept)

    assert asked.kept() == (["x"] if isinstance(kept, list) else [])


def test_the_oldest_questions_are_forgotten() -> None:
    asked = AskedQuestions()
    for number in range(KEPT + 3):
        asked.add(str(number))

    assert (len(asked.statements), asked.statements[0]) == (KEPT, "3")
