"""Pinned fields stand above the state and beside the events, and are there at the next start."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels.event_columns import EVENT_COLUMNS
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.workspace import Workspace
from store.events import NewEvent
from store.opening import open_store as open_log_to_write
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle

HOUR_US = 3_600_000_000
STEPS = (("seats-a", 5, 1), ("seats-a", 3, 4), ("seats-b", 9, 2), ("seats-a", 0, 3))


@pytest.fixture
def seats(tmp_path: Path) -> Path:
    """Seats that are left in two conferences, each event with the hour at which it occurred; and
    an order."""
    path = tmp_path / "seats.foldline"
    store = open_log_to_write(path, create=True)
    for stream, left, hour in STEPS:
        event = NewEvent.of("Reserved", {"remaining": left}, occurred_at_us=hour * HOUR_US)
        store.append(stream, [event], expected=None)
    late = NewEvent.of("Placed", {"remaining": 1, "total": 2}, occurred_at_us=9 * HOUR_US)
    store.append("order-1", [late], expected=0)
    store.close()
    return path


def titles_in_sight(workspace: Workspace) -> list[str]:
    """What the columns of the event table are called, from left to right."""
    grid = workspace.of(EventsView).grid
    header, model = grid.horizontalHeader(), grid.model()
    inner = [header.logicalIndex(it) for it in range(header.count())]
    return [model.headerData(it, Qt.Orientation.Horizontal) for it in inner]


def after(qtbot: QtBot, session: Session) -> list[str]:
    """What the added column says in each row of the event table."""
    events = session.events

    def is_there() -> bool:
        rows = [events.row(it) for it in range(events.count)]
        return session.tasks.is_idle and None not in rows

    qtbot.waitUntil(is_there, timeout=PATIENCE_MS)
    (column,) = session.columns.table[len(EVENT_COLUMNS) :]
    return [column.text(row) for it in range(events.count) if (row := events.row(it))]


def test_a_pinned_field_is_above_the_state_and_a_column_of_its_streams(
    qtbot: QtBot, window: MainWindow, seats: Path
) -> None:
    """With one key, on every axis, at the next start too; and with a click not any more."""
    session, workspace = open_store(qtbot, window, seats)
    settle(qtbot, session)  # which axis a log opens on is asked, too
    session.selection.set_axis("recorded")
    session.selection.choose_stream("seats-a")
    seek(qtbot, session, 4)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("state")
    assert inspector.state.go_to(("remaining",))
    inspector.state.setFocus()

    qtbot.keyClick(inspector.state, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)

    assert inspector.pinned.isVisible()
    assert inspector.pinned.text() == "remaining: 3 → 0"
    assert session.columns.table[-1].title == "remaining after"
    assert titles_in_sight(workspace)[5:7] == ["type", "remaining after"]
    assert after(qtbot, session) == ["5", "3", "9", "0", ""]
    session.selection.set_axis("occurred")
    qtbot.waitUntil(lambda: not session.events.is_ordering, timeout=PATIENCE_MS)
    settle(qtbot, session)
    in_order = [session.events.position(it) for it in range(5)]
    assert in_order == [1, 3, 4, 2, 5]
    assert after(qtbot, session) == ["5", "9", "0", "3", ""]
    session.selection.set_axis("recorded")
    seek(qtbot, session, 3)
    session.selection.choose_stream("seats-b")
    qtbot.waitUntil(lambda: inspector.pinned.text() == "remaining: absent → 9", timeout=PATIENCE_MS)
    session.selection.choose_stream("order-1")
    qtbot.waitUntil(lambda: not inspector.pinned.isVisible(), timeout=PATIENCE_MS)
    session.selection.choose_stream("seats-a")

    window.close_store()
    session, workspace = open_store(qtbot, window, seats)
    inspector = workspace.of(InspectorView)
    qtbot.waitUntil(lambda: inspector.pinned.text() == "remaining: 5 → 3", timeout=PATIENCE_MS)
    assert after(qtbot, session) == ["5", "3", "9", "0", ""]
    assert titles_in_sight(workspace)[5:7] == ["type", "remaining after"]
    assert inspector.state.go_to(("remaining",))
    qtbot.waitUntil(inspector.answer.isVisible, timeout=PATIENCE_MS)
    assert inspector.answer.pin.text() == "Unpin"
    qtbot.mouseClick(inspector.answer.pin, Qt.MouseButton.LeftButton)
    assert not inspector.pinned.isVisible()
    assert len(session.columns.table) == len(EVENT_COLUMNS)


def test_a_column_that_is_taken_away_leaves_the_field_above_the_state(
    qtbot: QtBot, window: MainWindow, seats: Path
) -> None:
    session, workspace = open_store(qtbot, window, seats)
    settle(qtbot, session)  # which axis a log opens on is asked, too
    session.selection.set_axis("recorded")
    session.selection.choose_stream("seats-a")
    seek(qtbot, session, 2)
    session.pins.toggle(("remaining",))
    column = session.columns.table[-1]

    session.columns.remove(column.id)
    window.close_store()
    session, workspace = open_store(qtbot, window, seats)
    workspace.of(InspectorView).tabs.choose("state")
    pinned = workspace.of(InspectorView).pinned
    qtbot.waitUntil(pinned.isVisible, timeout=PATIENCE_MS)

    assert len(session.columns.table) == len(EVENT_COLUMNS)
    assert pinned.text() == "remaining: 5 → 3"


@pytest.mark.parametrize(
    "kept",
    [None, [], [3], [{"category": 1, "path": [], "has_column": True}], [{"path": ["a"]}], "x"],
)
def test_what_is_no_pin_is_passed_over(
    qtbot: QtBot, window: MainWindow, seats: Path, kept: object
) -> None:
    session, _ = open_store(qtbot, window, seats)

    session.pins.restore(kept)

    assert session.pins.kept() == []
