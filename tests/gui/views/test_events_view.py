"""What is typed above the event table, and what it lists."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.events_view import COLUMNS, EventsView
from tests.gui.driven_window import PATIENCE_MS, open_store, settle


def test_typing_in_the_search_field_lists_the_hits_of_the_whole_log(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)

    qtbot.keyClicks(workspace.of(EventsView).search, "note 29")
    qtbot.waitUntil(lambda: session.events.count == 11, timeout=PATIENCE_MS)

    assert workspace.of(EventsView).count.text() == "11 hits"


def test_a_filter_is_typed_and_lists_what_meets_it(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    view = workspace.of(EventsView)

    qtbot.keyClicks(view.where.line, "data.count >= 290.0 and stream = order-1")
    assert session.events.count == 300  # nothing is looked for while it is typed
    qtbot.keyClick(view.where.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.events.count == 3, timeout=PATIENCE_MS)

    assert view.count.text() == "3 hits"
    assert [session.events.position(row) for row in range(3)] == [293, 296, 299]
    view.where.line.clear()
    settle(qtbot, session)
    assert session.events.count == 300


def test_a_filter_that_is_wrong_is_told_at_its_place_and_the_list_stays(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    view = workspace.of(EventsView)
    session.filter.set_where("count < 10")
    qtbot.waitUntil(lambda: session.events.count == 10, timeout=PATIENCE_MS)

    view.where.line.setText("count < 10 and")
    qtbot.keyClick(view.where.line, Qt.Key.Key_Return)
    session.filter.set_types(("Placed",))
    qtbot.waitUntil(lambda: session.events.count == 3, timeout=PATIENCE_MS)

    assert "expected a field here" in view.where.message.text()
    assert view.where.line.cursorPosition() == len("count < 10 and")
    assert view.where.text() == "count < 10 and"  # what is being written is left alone
    session.filter.clear()
    assert (view.where.text(), view.where.message.text()) == ("", "")


def test_a_search_without_hits_offers_to_list_everything(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.filter.set_text("nothing of the kind")
    qtbot.waitUntil(lambda: workspace.of(EventsView).empty.isVisible(), timeout=PATIENCE_MS)

    workspace.of(EventsView).empty.step_wanted.emit()
    settle(qtbot, session)

    assert session.events.count == 300
    assert workspace.of(EventsView).grid.isVisible()


def test_on_the_occurred_axis_the_times_that_count_stand_in_front(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    view = workspace.of(EventsView)
    places = [it.title for it in COLUMNS]

    session.selection.set_axis("occurred")
    qtbot.waitUntil(lambda: not session.events.is_ordering, timeout=PATIENCE_MS)
    header = view.grid.horizontalHeader()
    in_front = [header.visualIndex(places.index(it)) for it in ("occurred", "recorded")]
    saved = view.save_columns()
    session.selection.set_axis("recorded")
    back = [header.visualIndex(places.index(it)) for it in ("recorded", "occurred")]

    assert in_front == back == [places.index("recorded"), places.index("occurred")]
    view.restore_columns(saved)
    assert [header.visualIndex(at) for at in range(len(places))] == list(range(len(places)))
