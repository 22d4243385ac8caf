"""The endless event list."""

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels.event_columns import EVENT_COLUMNS, copied_line
from gui.viewmodels.event_list import PAGES_KEPT, EventListViewModel
from gui.viewmodels.event_rows import EventRow, delta_text
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.filter.parse import parse
from store.opening import open_reader
from store.query import EVERYTHING, EventQuery
from tests.gui.conftest import fill


@pytest.fixture
def events(tasks: Tasks, selection: Selection) -> EventListViewModel:
    events = EventListViewModel(tasks, selection)
    events.show_all()
    return events


def row_at(qtbot: QtBot, events: EventListViewModel, number: int) -> EventRow:
    qtbot.waitUntil(lambda: events.row(number) is not None)
    row = events.row(number)
    assert row is not None
    return row


def show(qtbot: QtBot, events: EventListViewModel, query: EventQuery) -> None:
    with qtbot.waitSignal(events.reset):
        events.set_query(query)


def test_a_row_of_the_whole_log_is_the_event_at_the_next_position(
    qtbot: QtBot, events: EventListViewModel
) -> None:
    row = row_at(qtbot, events, 99)

    assert (row.position, row.stream, row.version, row.type) == (100, "order-0", 34, "Counted")
    assert (EVENT_COLUMNS[1].text(row), row.delta) == ("Mar 08 20:01:39.000", "+1.0 s")
    assert (row.summary, row.actor) == ("count 99 · note note 99", "ada")


def test_a_filter_lists_what_meets_it_over_the_whole_log(
    qtbot: QtBot, events: EventListViewModel
) -> None:
    show(qtbot, events, EventQuery(streams=("order-1",), types=("Counted",)))

    assert [events.position(row) for row in (0, 1, events.count - 1)] == [5, 8, 299]
    assert row_at(qtbot, events, 1).delta == "+3.0 s"


def test_text_is_searched_in_the_whole_log(qtbot: QtBot, events: EventListViewModel) -> None:
    show(qtbot, events, EventQuery(text="NOTE 29"))

    assert [events.position(row) for row in range(events.count)] == [30, *range(291, 301)]


def test_taking_the_filter_away_lists_everything_again(
    qtbot: QtBot, events: EventListViewModel
) -> None:
    show(qtbot, events, EventQuery(types=("Placed",)))
    filtered = events.count

    show(qtbot, events, EVERYTHING)

    assert (filtered, events.count) == (3, 300)


@pytest.mark.parametrize(("position", "row"), [(1, -1), (4, -1), (5, 0), (6, 0), (300, 98)])
def test_the_row_of_a_position_is_the_last_one_not_after_it(
    qtbot: QtBot, events: EventListViewModel, position: int, row: int
) -> None:
    show(qtbot, events, EventQuery(streams=("order-1",), types=("Counted",)))

    assert events.row_of(position) == row


@pytest.mark.parametrize(
    ("cursor", "steps", "reached"),
    [(5, 1, 8), (6, 1, 8), (6, -1, 5), (8, -1, 5), (5, -1, 5), (299, 10, 299), (300, -1, 299)],
)
def test_stepping_goes_along_the_listed_events(
    qtbot: QtBot,
    events: EventListViewModel,
    selection: Selection,
    cursor: int,
    steps: int,
    reached: int,
) -> None:
    show(qtbot, events, EventQuery(streams=("order-1",), types=("Counted",)))
    selection.seek(cursor)

    assert events.step(steps) == reached


def test_new_events_are_added_at_the_end_and_nothing_else_moves(
    qtbot: QtBot, events: EventListViewModel, selection: Selection, store: Path
) -> None:
    row_at(qtbot, events, 299)
    fill(store, 10)

    with qtbot.waitSignal(events.grown) as grown:
        selection.learn_head(310)

    assert (grown.args, events.count) == ([300, 310], 310)
    assert row_at(qtbot, events, 309).position == 310


def test_a_filtered_list_grows_by_what_meets_the_filter(
    qtbot: QtBot, events: EventListViewModel, selection: Selection, store: Path
) -> None:
    show(qtbot, events, EventQuery(streams=("order-2",)))
    fill(store, 6)

    with qtbot.waitSignal(events.grown):
        selection.learn_head(306)

    assert [events.position(row) for row in (99, 100, 101)] == [300, 303, 306]


def test_a_page_that_was_asked_for_and_comes_by_another_way_is_told(
    qtbot: QtBot, events: EventListViewModel, store: Path
) -> None:
    """A drag brings the pages around its place: whoever waits for one must hear of it."""
    assert events.row(200) is None
    reads = Reads(partial(open_reader, store))
    pages = events.listing.read(reads, [6])
    reads.close()

    with qtbot.waitSignal(events.page_arrived) as arrived:
        events.expect(pages)

    assert arrived.args == [192, 223]


def test_pages_that_were_scrolled_away_are_forgotten(
    qtbot: QtBot, tasks: Tasks, selection: Selection, store: Path
) -> None:
    fill(store, 6_000)
    selection.learn_head(6_300)
    events = EventListViewModel(tasks, selection)
    events.show_all()

    for number in range(0, 6_300, 60):
        row_at(qtbot, events, number)

    assert len(events.held_pages) <= PAGES_KEPT


@pytest.mark.parametrize(
    ("span_us", "text"),
    [(0, "="), (16_000, "+16 ms"), (2_700_000, "+2.7 s"), (660_000_000, "+11 min"), (-3, "-3 µs")],
)
def test_a_span_is_told_in_its_largest_fitting_unit(span_us: int, text: str) -> None:
    assert delta_text(span_us) == text


def test_a_row_is_copied_with_its_columns_but_the_span_and_digits_are_not_grouped() -> None:
    row = EventRow(
        position=12_345,
        recorded_at_us=1_773_481_269_921_000,
        occurred_at_us=1_773_424_800_000_000,
        delta="+16 ms",
        stream="order-1",
        version=7,
        type="Placed",
        summary="count 1",
        actor="ada",
        is_step_back=False,
        is_ahead=False,
    )

    assert copied_line(row) == (
        "12345\t2026-03-14 09:41:09.921\torder-1\t7\tPlaced\tcount 1\tada\t2026-03-13 18:00:00.000"
    )
    assert [it.text(row) for it in EVENT_COLUMNS][:3] == [
        "12,345",
        "Mar 14 09:41:09.921",
        "+16 ms",
    ]
    assert len({it.id for it in EVENT_COLUMNS}) == len(EVENT_COLUMNS)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("nots = 1", "No event has the field nots: did you mean data.note?"),
        ("zzzzzz = 1", "No event has the field zzzzzz."),
        ("count = -1", ""),
        ("stream = order-1", ""),
    ],
)
def test_a_filter_by_a_field_that_no_event_has_says_so(
    qtbot: QtBot, events: EventListViewModel, where: str, why: str
) -> None:
    show(qtbot, events, EventQuery(where=parse(where)))

    assert events.why_none == why
