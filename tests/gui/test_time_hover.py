"""What the mouse or the keyboard points at in the time panel is told on a card beside it."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.time_view import TimeView
from gui.widgets.hover_card import place_beside
from gui.workspace import Workspace
from tests.gui.conftest import SECOND_US, START_US
from tests.gui.driven_window import open_store, seek

NONE = Qt.MouseButton.NoButton


def point(workspace: Workspace, at: QPointF) -> None:
    """Move the mouse there, with no button down."""
    panel = workspace.of(TimeView).panel
    where = QPointF(panel.mapToGlobal(at.toPoint()))
    kind, no_keys = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(panel, QMouseEvent(kind, at, where, NONE, NONE, no_keys))


def place_of(session: Session, workspace: Workspace, second: int, lane: str) -> QPointF:
    """Where an event stands in the panel."""
    scene = workspace.of(TimeView).panel.scene
    row = [it.name for it in scene.shown_lanes()].index(lane)
    frame = scene.frame()
    x = frame.name_px + scene.x_of(float(START_US + second * SECOND_US))
    return QPointF(round(x), frame.plot.top() + (row + 0.5) * frame.lane_px)


def opened(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, Workspace]:
    """Zoomed in to where marks are drawn."""
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 300)
    panel = workspace.of(TimeView).panel
    panel.show_range(float(START_US), float(START_US + 9 * SECOND_US))
    qtbot.waitUntil(lambda: panel.scene.picture.usable_marks(panel.scene.axis_view) is not None)
    return session, workspace


def test_the_event_under_the_mouse_is_told_and_nothing_when_it_leaves(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = opened(qtbot, window, store)
    view = workspace.of(TimeView)
    at = place_of(session, workspace, 7, "Counted")

    point(workspace, at)
    qtbot.waitUntil(lambda: view.hover.card.text.startswith("Counted · 8"))

    card = view.hover.card
    assert card.text.splitlines()[-2:] == ["order-1 · v3", "2026-03-08 20:00:07.000 · by ada"]
    assert "7" in card.text.splitlines()[1]
    spot = view.panel.mapTo(window, at.toPoint())
    assert not card.geometry().contains(spot), "what is pointed at stays in sight"
    point(workspace, place_of(session, workspace, 1, "Placed"))
    qtbot.waitUntil(lambda: card.text.startswith("Placed · 2"))
    QApplication.sendEvent(view.panel, QEvent(QEvent.Type.Leave))
    assert card.text == ""


def test_a_bar_tells_what_it_counts_at_once(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 300)
    view = workspace.of(TimeView)
    view.panel.frame_all()
    view.panel.set_marks(None)

    point(workspace, place_of(session, workspace, 150, "Counted"))

    title, *counts = view.hover.card.text.splitlines()
    assert "event" in title
    assert "2026-03-08 20:02:" in title
    assert sum(int(it.split()[0]) for it in counts) == int(title.split()[0])
    assert counts[0].endswith("Counted")


def test_with_keys_the_mark_at_the_playhead_is_told_until_esc(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = opened(qtbot, window, store)
    view = workspace.of(TimeView)

    view.panel.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: view.hover.card.text.startswith("Counted · 300"))
    assert "Counted · 300" in view.panel.accessibleDescription()
    seek(qtbot, session, 2)
    qtbot.waitUntil(lambda: view.hover.card.text.startswith("Placed · 2"))
    qtbot.keyClick(view.panel, Qt.Key.Key_Escape)
    assert view.hover.card.text == ""
    workspace.of(EventsView).grid.setFocus()
    seek(qtbot, session, 5)
    assert view.hover.card.text == ""


def test_a_flag_tells_its_name_and_note(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, workspace = opened(qtbot, window, store)
    view = workspace.of(TimeView)
    session.bookmarks.add(6, "look here", note="the first count of order-2")
    qtbot.waitUntil(lambda: bool(view.panel.scene.flags))
    x = place_of(session, workspace, 5, "Counted").x()

    point(workspace, QPointF(x + 3, 20))

    assert view.hover.card.text == "look here\nthe first count of order-2"


def test_a_card_stands_beside_what_is_pointed_at_wherever_that_is() -> None:
    room, size = QRect(0, 0, 800, 400), QSize(300, 120)
    for x in range(0, 800, 40):
        for y in range(0, 400, 20):
            box = QRect(x - 8, y - 8, 16, 16)
            card = QRect(place_beside(box, size, room), size)
            assert not card.intersects(box), (x, y)
            assert card.left() >= 0
    assert place_beside(QRect(10, 10, 16, 16), size, room).y() > QPoint(10, 26).y()


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
