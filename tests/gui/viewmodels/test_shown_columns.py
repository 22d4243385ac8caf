"""Columns that are added to the event table."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels.event_columns import EVENT_COLUMNS, added_column, copied_line
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.field_column import field_column
from gui.viewmodels.shown_columns import MOST_ADDED, ShownColumns
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.events import RecordedEvent
from tests.gui.driven_window import PATIENCE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """A column of another part: it asks the log for what it shows."""

    id: str = "doubled"

    def texts(self, reads: Reads, events: Sequence[RecordedEvent]) -> list[str]:
        return [f"{2 * it.position} of {reads.log.head()}" for it in events]


@pytest.fixture
def columns() -> ShownColumns:
    return ShownColumns()


@pytest.fixture
def events(tasks: Tasks, selection: Selection, columns: ShownColumns) -> EventListViewModel:
    events = EventListViewModel(tasks, selection, columns)
    events.show_all()
    return events


def texts_of(qtbot: QtBot, events: EventListViewModel, row: int) -> list[str]:
    qtbot.waitUntil(lambda: events.row(row) is not None, timeout=PATIENCE_MS)
    found = events.row(row)
    assert found is not None
    return [it.text(found) for it in events.columns.table[len(EVENT_COLUMNS) :]]


def test_a_field_is_shown_for_every_event_and_copied(
    qtbot: QtBot, events: EventListViewModel, columns: ShownColumns
) -> None:
    assert texts_of(qtbot, events, 3) == []

    columns.add(field_column(("data", "count"), is_number=True))
    columns.add(field_column(("metadata", "user")))
    columns.add(field_column(("data", "nowhere", 0)))

    assert texts_of(qtbot, events, 3) == ["3", "ada", ""]
    row = events.row(3)
    assert row is not None
    assert copied_line(row, columns.table).endswith("\t3\tada\t")


def test_another_part_adds_a_column_of_what_it_knows(
    qtbot: QtBot, events: EventListViewModel, columns: ShownColumns
) -> None:
    columns.add(added_column(Doubled(), title="doubled", is_number=True))

    assert texts_of(qtbot, events, 99) == ["200 of 300"]
    columns.remove("doubled")
    assert texts_of(qtbot, events, 99) == []


def test_a_column_is_there_once_and_those_of_every_log_stay(columns: ShownColumns) -> None:
    columns.add(field_column(("data", "count")))
    columns.add(field_column(("data", "count")))
    columns.remove("position")
    columns.remove("nothing of the kind")

    assert [it.id for it in columns.table] == [*(it.id for it in EVENT_COLUMNS), "data.count"]


def test_columns_of_fields_come_back_with_the_next_start(columns: ShownColumns) -> None:
    columns.add(field_column(("data", "lines", 0, "sku")))
    columns.add(field_column(("data", "total"), is_number=True))

    again = ShownColumns()
    again.restore(columns.kept())

    assert again.kept() == columns.kept()
    assert [(it.id, it.is_right) for it in again.table[-2:]] == [
        ("data.lines[0].sku", False),
        ("data.total", True),
    ]


@pytest.mark.parametrize(
    "kept", [None, {}, "x", [1], [{"path": ["other", "a"], "is_number": True}], [{"path": []}]]
)
def test_what_is_no_list_of_columns_adds_none(columns: ShownColumns, kept: object) -> None:
    columns.restore(kept)

    assert columns.table == EVENT_COLUMNS


def test_more_columns_than_can_be_read_with_every_row_are_refused(columns: ShownColumns) -> None:
    added = [columns.add(field_column(("data", f"f{at}"))) for at in range(MOST_ADDED + 1)]

    assert added == [True] * MOST_ADDED + [False]
