"""Order lines of the bundled conference, each beside what a plain loop over its file says."""

from collections.abc import Iterator
from typing import Any

import pytest

from replay.catalog.rebuild import check
from replay.projector.catch_up import catch_up
from replay.questions import view_query
from replay.views.read_store import reading_views
from store import json_text
from store.interface import EventReader
from store.opening import reading
from tests.replay.conference_sample import conference, sample_events

COLUMNS = [
    "stream",
    "line",
    "seat_type",
    "name",
    "description",
    "quantity",
    "unit_price",
    "line_total",
]
ALL = 10_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventReader]:
    with reading(conference(tmp_path_factory.mktemp("lines") / "conf.foldline")) as log:
        catch_up(log, only=["order_lines"])
        yield log


def by_hand(until: int) -> list[tuple[Any, ...]]:
    """Every line of every order after so many events."""
    offered: dict[str, tuple[str, str]] = {}
    orders: dict[str, list[tuple[Any, ...]]] = {}
    for event in sample_events()[:until]:
        data, stream = event["data"], event["stream"]
        if event["type"] in ("SeatCreated", "SeatUpdated"):
            said = data["name"], data.get("description", "")
            offered[stream.removeprefix("seattype-")] = said
        elif event["type"] == "OrderTotalsCalculated":
            orders[stream] = [
                (
                    it["seatType"],
                    *offered[it["seatType"]],
                    *(
                        json_text.encode(it[name])
                        for name in ("quantity", "unitPrice", "lineTotal")
                    ),
                )
                for it in data["lines"]
            ]
    return [
        (order, number, *line)
        for order in sorted(orders)
        for number, line in enumerate(orders[order], 1)
    ]


def shown(log: EventReader, at: int | None) -> list[tuple[Any, ...]]:
    with reading_views(log) as db:
        found = view_query.page(db, log, "order_lines", at=at, limit=ALL)
    assert [it.name for it in found.columns] == COLUMNS
    return [it.values for it in found.rows]


def test_there_is_a_row_for_each_line_of_an_order_and_no_other(log: EventReader) -> None:
    lines = by_hand(ALL)

    assert shown(log, None) == lines
    assert len(lines) > 400
    assert all(stream.startswith("order-") and number > 0 for stream, number, *_ in lines)


@pytest.mark.parametrize("part", range(1, 8))
def test_as_of_any_moment_too(log: EventReader, part: int) -> None:
    at = log.head() * part // 8

    assert shown(log, at) == by_hand(at)


def test_what_is_counted_is_lines_and_the_proof_holds(log: EventReader) -> None:
    (report,) = check(log, ["order_lines"])

    assert report.row_count == len(by_hand(ALL))
    assert report.comparison is not None
    assert report.comparison.is_equal
