"""A whole window, driven by mouse and keyboard, for tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.time_view import TimeView
from gui.workspace import Workspace

PATIENCE_MS = 60_000  # a machine may be ten times slower than this one
A_MOMENT_MS = 20
DIRECTLY = Qt.FindChildOption.FindDirectChildrenOnly


class PatientBot(QtBot):
    """Waits as long as a slow and busy machine takes, where a test does not say how long."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        """As QtBot does."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """As QtBot does."""
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitExposed(self, widget: QWidget, *, timeout: int = PATIENCE_MS) -> Any:
        """As QtBot does."""
        return super().waitExposed(widget, timeout=timeout)


def open_store(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, Workspace]:
    window.open_store(store)
    qtbot.waitUntil(lambda: is_counted(window, store), timeout=PATIENCE_MS)
    assert window.session is not None
    assert window.workspace is not None
    return window.session, window.workspace


def is_counted(window: MainWindow, store: Path) -> bool:
    """The store is open, its views are current and the time panel has them."""
    session = window.session
    if session is None or session.path != store or not session.status.views:
        return False
    index = session.timeline.index
    return (
        session.status.lag == 0
        and index is not None
        and index.indexed_until == session.selection.head
    )


def lowest_checkpoint(session: Session) -> int:
    return min((view.checkpoint for view in session.status.views), default=0)


def settle(qtbot: QtBot, session: Session) -> None:
    """Until every question has its answer, and what is shown is of where the cursor is.

    It has to hold twice, with a turn of the event loop between: an answer that has just come
    is painted in the next turn only. What is going to ask a moment later is waited for, too:
    on a busy machine two turns may pass before a timer that is due.
    """
    held = list[bool]()

    def is_settled() -> bool:
        inspection = session.inspector.inspection
        shown = inspection.position if inspection else 0
        is_whole = shown == session.selection.as_of and not is_about_to_ask(session)
        held.append(session.tasks.is_idle and is_whole)
        return held[-2:] == [True, True]

    qtbot.waitUntil(is_settled, timeout=PATIENCE_MS)


def is_about_to_ask(session: Session) -> bool:
    """Whether a part of the session has put a question off, but not for long."""
    parts = [it for it in session.made.values() if isinstance(it, QObject)]
    timers = [timer for it in parts for timer in it.findChildren(QTimer, options=DIRECTLY)]
    return any(
        it.isActive() and it.isSingleShot() and it.interval() <= A_MOMENT_MS for it in timers
    )


def seek(qtbot: QtBot, session: Session, position: int) -> None:
    session.selection.seek(position)
    settle(qtbot, session)


def mouse(workspace: Workspace, kind: QEvent.Type, at: QPointF) -> None:
    """A mouse event on the time panel, as the platform would send it."""
    panel = workspace.of(TimeView).panel
    is_release = kind == QEvent.Type.MouseButtonRelease
    held = Qt.MouseButton.NoButton if is_release else Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    where = QPointF(panel.mapToGlobal(at.toPoint()))
    event = QMouseEvent(kind, at, where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(panel, event)
