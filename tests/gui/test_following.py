"""While the cursor follows a log that grows, news come in passes, and a pass is one repaint."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.viewmodels.advance import PASS_MS
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.time_view import TimeView
from gui.work.frames import LONGEST_MS
from tests.gui.conftest import fill
from tests.gui.driven_window import PATIENCE_MS, open_store, settle

APPENDS = 60


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_following_moves_and_repaints_once_a_pass(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.selection.follow(True)
    settle(qtbot, session)
    state = workspace.of(InspectorView).state.viewport()
    widgets = [workspace.of(TimeView).panel, workspace.of(EventsView).grid.viewport(), state]
    painted, moves, passes = [Paints(it) for it in widgets], list[object](), list[int]()
    session.selection.as_of_changed.connect(moves.append)
    session.advance.passed.connect(lambda: passes.append(1))
    head, clock = session.selection.head, QElapsedTimer()
    clock.start()

    for _ in range(APPENDS):
        fill(store, 1)
        qtbot.wait(1)  # the window's own loop goes on between two appends
    end = head + APPENDS
    qtbot.waitUntil(lambda: session.selection.as_of == end, timeout=PATIENCE_MS)
    settle(qtbot, session)

    took_ms = clock.elapsed()
    assert len(moves) <= took_ms / PASS_MS + 2
    assert len(moves) <= len(passes)
    most = len(passes) + took_ms / LONGEST_MS + 2  # a pass is painted, and what comes late
    assert max(it.count for it in painted) <= most
    assert min(it.count for it in painted) >= 1
    assert session.inspector.inspection is not None
    assert session.inspector.inspection.position == end
    last = session.events.row(end - 1)
    assert last is not None
    assert last.position == end
