"""On the occurred axis the event list stands in the order in which events occurred."""

from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_order import ordered_by, read_order
from gui.viewmodels.event_pages import Listing
from gui.viewmodels.event_rows import EventRow
from gui.viewmodels.time_text import time_text
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.timeline.timeline_view import TIMELINE
from store.events import NewEvent
from store.opening import open_reader
from store.query import EventQuery
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from tests.gui.conftest import START_US
from tests.replay.logs import catch_up, open_runner

DAYS = (5, 3, 9, 3, 1, 7)  # on which the events occurred; ties go by position
IN_ORDER = [5, 2, 4, 1, 6, 3]
DAY_US = 86_400_000_000


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "late.foldline"
    create_log(path)
    append(path, *DAYS)
    return path


@pytest.fixture
def selection(qtbot: object) -> Selection:
    selection = Selection()
    selection.learn_head(len(DAYS))
    return selection


@pytest.fixture
def events(qtbot: QtBot, tasks: Tasks, selection: Selection) -> EventListViewModel:
    """On the occurred axis."""
    events = EventListViewModel(tasks, selection)
    events.show_all()
    with qtbot.waitSignal(events.reset):
        selection.set_axis("occurred")
    return events


def append(path: Path, *days: int) -> None:
    """Events recorded one a day from the tenth on, of the days on which they occurred."""
    with closing(open_log(path, writable=True)) as db:
        (head,) = db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
        noted = [event(10 + head + at, day) for at, day in enumerate(days)]
        Writer(db).append("notes-2" if head == 6 else "notes-1", noted, expected=None)


def event(recorded_day: int, occurred_day: int) -> NewEvent:
    return NewEvent.of(
        "Noted",
        {"day": occurred_day},
        recorded_at_us=START_US + recorded_day * DAY_US,
        occurred_at_us=START_US + occurred_day * DAY_US,
    )


def listed(events: EventListViewModel) -> list[int]:
    return [events.position(row) for row in range(events.count)]


def row_at(qtbot: QtBot, events: EventListViewModel, number: int) -> EventRow:
    qtbot.waitUntil(lambda: events.row(number) is not None)
    row = events.row(number)
    assert row is not None
    return row


def test_rows_stand_as_the_events_occurred_and_tell_when(
    qtbot: QtBot, events: EventListViewModel
) -> None:
    rows = [row_at(qtbot, events, number) for number in range(events.count)]

    assert listed(events) == IN_ORDER
    assert [it.position for it in rows] == IN_ORDER
    assert [it.delta for it in rows] == ["", "+2.0 d", "=", "+2.0 d", "+2.0 d", "+2.0 d"]
    assert not any(it.is_step_back for it in rows)
    times = rows[0].recorded_at_us, rows[0].occurred_at_us
    assert [time_text(it, has_year=False)[:6] for it in times] == ["Mar 22", "Mar 09"]


def test_what_is_behind_the_cursor_is_what_occurred_later(events: EventListViewModel) -> None:
    assert [events.row_of(position) for position in IN_ORDER] == [0, 1, 2, 3, 4, 5]
    assert events.row_of(0) == -1


def test_stepping_goes_along_the_axis(events: EventListViewModel, selection: Selection) -> None:
    selection.seek(4)

    assert (events.step(1), events.step(-1), events.step(-9), events.step(9)) == (1, 2, 5, 3)


def test_another_axis_puts_the_list_back_in_the_order_of_the_log(
    events: EventListViewModel, selection: Selection
) -> None:
    selection.set_axis("position")

    assert listed(events) == [1, 2, 3, 4, 5, 6]
    assert not events.is_ordering


def test_a_filter_lists_what_meets_it_in_the_order_of_the_axis(
    qtbot: QtBot, events: EventListViewModel, store: Path, selection: Selection
) -> None:
    append(store, 2, 8)  # a stream of its own
    append(store, 4)
    selection.learn_head(9)
    qtbot.waitUntil(lambda: events.count == 9)
    with qtbot.waitSignal(events.reset):
        events.set_query(EventQuery(streams=("notes-1",)))

    assert listed(events) == [5, 2, 4, 9, 1, 6, 3]
    assert [events.row_of(it) for it in (5, 7, 9, 3)] == [0, 0, 3, 6]


def test_a_filter_that_is_met_by_few_knows_where_the_others_would_stand(
    qtbot: QtBot, events: EventListViewModel
) -> None:
    with qtbot.waitSignal(events.reset):
        events.set_query(EventQuery(text='"day":3'))

    assert listed(events) == [2, 4]
    assert [events.row_of(it) for it in IN_ORDER] == [-1, 0, 1, 1, 1, 1]


def test_what_occurred_last_is_added_at_the_end(
    qtbot: QtBot, events: EventListViewModel, selection: Selection, store: Path
) -> None:
    append(store, 9, 12)

    with qtbot.waitSignal(events.grown) as rows:
        selection.learn_head(8)

    assert rows.args == [6, 8]
    assert listed(events) == [*IN_ORDER, 7, 8]


def test_what_occurred_earlier_comes_where_it_belongs(
    qtbot: QtBot, events: EventListViewModel, selection: Selection, store: Path
) -> None:
    row_at(qtbot, events, 0)
    append(store, 2)

    with qtbot.waitSignal(events.reset):
        selection.learn_head(7)

    assert listed(events) == [5, 7, 2, 4, 1, 6, 3]
    assert row_at(qtbot, events, 1).position == 7


@pytest.mark.parametrize("indexed", [0, 3, 6])
def test_the_order_is_the_same_however_far_the_timeline_has_come(
    tmp_path: Path, indexed: int
) -> None:
    path = tmp_path / "half.foldline"
    create_log(path)
    if indexed:
        append(path, *DAYS[:indexed])
        with closing(open_reader(path)) as log:
            views, runner = open_runner(log, (TIMELINE,))
            catch_up(runner)
            views.close()
    append(path, *DAYS[indexed:])

    with closing(Reads(partial(open_reader, path))) as reads:
        order = read_order(reads, until=6)

    assert order.positions.tolist() == IN_ORDER
    assert order.places.tolist() == [3, 1, 5, 2, 0, 4]


@given(st.lists(st.integers(0, 5), max_size=12), st.data())
def test_rows_and_positions_are_those_of_a_sorted_list(
    days: list[int], data: st.DataObject
) -> None:
    ordered = sorted(range(1, len(days) + 1), key=lambda it: (days[it - 1], it))
    some = data.draw(st.sets(st.sampled_from(ordered))) if ordered else set()
    at_us, positions = np.array(days, np.int64), np.arange(1, len(days) + 1)
    order = ordered_by(at_us, positions)

    everything = Listing.of(None, count=len(days), generation=0, order=order)
    found = Listing.of(
        np.array(sorted(some), dtype=np.int64), count=len(some), generation=0, order=order
    )

    assert [everything.position(row) for row in range(everything.count)] == ordered
    assert [found.position(row) for row in range(found.count)] == [
        it for it in ordered if it in some
    ]
    for place, position in enumerate(ordered):
        assert everything.row_of(position) == place
        assert found.row_of(position) == sum(it in some for it in ordered[: place + 1]) - 1
