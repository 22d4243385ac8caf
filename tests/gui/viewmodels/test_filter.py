"""The parts of the filter of the event list."""

import pytest
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.filter import FilterViewModel
from gui.work.tasks import Tasks
from store.errors import WrongFilter
from store.filter.parse import parse
from store.query import EVERYTHING, EventQuery


@pytest.fixture
def events(tasks: Tasks, selection: Selection) -> EventListViewModel:
    return EventListViewModel(tasks, selection)


def test_all_parts_are_asked_for_together(events: EventListViewModel) -> None:
    filter_ = FilterViewModel(events)

    filter_.set_types(("Counted",))
    filter_.set_stream("order-1")
    filter_.set_text("note")
    filter_.set_where(" count > 3 ")

    assert events.query == EventQuery(
        streams=("order-1",), types=("Counted",), text="note", where=parse("count > 3")
    )
    assert filter_.is_set
    filter_.clear()
    assert (events.query, filter_.is_set) == (EVERYTHING, False)


def test_a_filter_text_that_is_wrong_changes_nothing(events: EventListViewModel) -> None:
    filter_ = FilterViewModel(events)
    filter_.set_where("count > 3")

    with pytest.raises(WrongFilter):
        filter_.set_where("count >")

    assert (filter_.where, events.query.where) == ("count > 3", parse("count > 3"))


def test_what_was_kept_comes_back_but_for_what_does_not_fit(events: EventListViewModel) -> None:
    filter_ = FilterViewModel(events)
    filter_.set_types(("Counted",))
    filter_.set_where("n = 1")
    kept = filter_.as_dict()
    filter_.clear()

    filter_.restore(kept)
    assert filter_.as_dict() == kept

    filter_.restore({**kept, "where": "n ="})
    assert filter_.as_dict() == {**kept, "where": ""}
    filter_.restore({"types": 5, "where": 7})
    assert not filter_.is_set


def test_only_another_filter_text_is_told_as_one(qtbot: QtBot, events: EventListViewModel) -> None:
    filter_ = FilterViewModel(events)
    told: list[str] = []
    filter_.where_changed.connect(told.append)

    filter_.set_where("n = 1")
    filter_.set_types(("Counted",))
    filter_.set_where("n = 1")
    filter_.clear()

    assert told == ["n = 1", ""]
