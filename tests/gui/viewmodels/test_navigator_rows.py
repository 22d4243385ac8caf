"""The rows of the list of streams: few of them, or a hundred thousand."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from gui.viewmodels.navigator_rows import GROUPED_FROM, PAGE, Listed, Wanted, list_rows

SCHEMA = """
CREATE TABLE streams (stream TEXT PRIMARY KEY, category TEXT, event_count INTEGER,
                      linked_count INTEGER, last_position INTEGER) STRICT, WITHOUT ROWID
"""
MANY = 100_000


class Views:
    """As much of a reader as the list asks."""

    def __init__(self, *names: str) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute(SCHEMA)
        rows = ((name, name.partition("-")[0], 1, 0, at) for at, name in enumerate(names))
        self.db.executemany("INSERT INTO streams VALUES (?, ?, ?, ?, ?)", rows)

    def views(self) -> sqlite3.Connection:
        return self.db


@pytest.fixture(scope="module")
def many() -> Iterator[Views]:
    views = Views("single", *(f"cat{at % 4}-{at:06d}" for at in range(MANY - 1)))
    yield views
    views.db.close()


def listed(views: Any, **wanted: Any) -> Listed:
    return list_rows(views, wanted=Wanted(**wanted))


def kinds(found: Listed) -> list[tuple[str, str, int]]:
    return [(it.kind, it.name, it.count) for it in found.rows]


def test_few_streams_are_listed_as_they_are() -> None:
    found = listed(Views("b-1", "a-1", "a-2"))

    assert [it.name for it in found.rows] == ["a-1", "a-2", "b-1"]
    assert found.streams.total == 3


def test_many_are_grouped_and_a_category_of_one_is_its_stream(many: Views) -> None:
    found = listed(many)

    assert kinds(found) == [
        *(("category", f"cat{at}", 25_000 - (at == 3)) for at in range(4)),
        ("stream", "single", 1),
    ]
    assert found.streams.total == MANY


def test_of_an_open_category_as_many_streams_are_read_as_somebody_came_to(many: Views) -> None:
    found = listed(many, opened=(("cat1", PAGE),), sort="newest")

    assert len(found.rows) == 5 + PAGE + 1
    rows = [it for it in found.rows if it.is_inner]
    assert rows[0].name == "cat1-099997"
    assert (rows[-1].kind, rows[-1].count) == ("more", 25_000 - PAGE)


def test_the_only_category_is_open_until_somebody_closes_it() -> None:
    views = Views(*(f"a-{at}" for at in range(GROUPED_FROM)))

    assert len(listed(views).rows) == 1 + GROUPED_FROM
    assert kinds(listed(views, opened=())) == [("category", "a", GROUPED_FROM)]


def test_a_part_of_a_name_is_looked_for_in_all_of_them(many: Views) -> None:
    found = listed(many, containing="2-00000")

    assert [it.name for it in found.rows] == ["cat2-000002", "cat2-000006"]
    assert kinds(listed(many, containing="CAT"))[-1] == ("more", "", MANY - 1 - 2_000)


def test_every_stream_of_another_name_is_not_a_list_of_headings() -> None:
    found = listed(Views(*(f"name{at}" for at in range(2_100))))

    assert {it.kind for it in found.rows} == {"stream", "more"}
    assert found.rows[-1].count == 100
