"""What the mouse points at in the time panel is told beside it."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.time_view import TimeView
from tests.gui.conftest import SECOND_US, START_US
from tests.gui.driven_window import PATIENCE_MS, open_store, seek


def test_the_event_under_the_mouse_is_told_and_nothing_when_it_leaves(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 300)
    panel = workspace.of(TimeView).panel
    (counted,) = (it.number for it in session.timeline.lanes if it.name == "Counted")

    panel.hovered.emit(float(START_US + 7 * SECOND_US), None)
    qtbot.waitUntil(lambda: "Counted · 8" in panel.toolTip(), timeout=PATIENCE_MS)

    assert panel.toolTip().splitlines()[1:] == [
        "order-1 · v3",
        "2026-03-08 20:00:07.000 · by ada",
    ]
    panel.show_range(float(START_US), float(START_US + 9 * SECOND_US))
    qtbot.waitUntil(lambda: session.timeline.near is not None, timeout=PATIENCE_MS)
    panel.hovered.emit(float(START_US + SECOND_US), counted)  # that lane begins later
    qtbot.waitUntil(lambda: "Counted · 4" in panel.toolTip(), timeout=PATIENCE_MS)
    panel.unhovered.emit()
    assert panel.toolTip() == ""


def test_leaving_an_empty_search_gives_the_keyboard_to_what_is_searched(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    events, inspector = workspace.of(EventsView), workspace.of(InspectorView)
    inspector.tabs.choose("state")

    pairs = ((events.search, events.grid), (inspector.state_search, inspector.state))
    for field, searched in pairs:
        field.setFocus()
        field.left.emit()
        assert searched.hasFocus()
