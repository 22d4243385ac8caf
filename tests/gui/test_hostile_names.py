"""Names and payloads from anywhere are shown, and do nothing else in the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.panel import Panel
from gui.panels import panels
from gui.session import Session
from gui.views.navigator_view import NavigatorView
from store.transfer.ingest import ingest
from store.visible_text import visible, visible_lines
from tests.contracts.format import FIXTURES
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle

MOST_ROWS = 60
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.foldline"
    ingest(FIXTURES / "hostile-names.jsonl", into=path)
    return path


def test_whatever_a_log_holds_is_shown_with_escapes_in_every_panel(
    qtbot: QtBot, window: MainWindow, hostile: Path
) -> None:
    """Everything that a widget says, paints or tells a screen reader is looked at."""
    session, workspace = open_store(qtbot, window, hostile)
    qtbot.waitUntil(lambda: len(odd_names(session)) == 4, timeout=PATIENCE_MS)

    for position in range(1, session.selection.head + 1, 3):
        seek(qtbot, session, position)
        for panel in panels():
            if isinstance(panel, Panel):
                workspace.docking.show(panel.id)
        for tabs in window.findChildren(QTabWidget):
            for at in range(tabs.count()):
                tabs.setCurrentIndex(at)
                settle(qtbot, session)
                window.grab()
        acting = [(who, text) for who, text in texts_of(window) if visible_lines(text) != text]
        assert sorted({it for it, _ in acting}) == []


def test_names_that_look_alike_can_be_told_apart_in_the_list(
    qtbot: QtBot, window: MainWindow, hostile: Path
) -> None:
    session, workspace = open_store(qtbot, window, hostile)
    qtbot.waitUntil(lambda: len(odd_names(session)) == 4, timeout=PATIENCE_MS)
    model = workspace.of(NavigatorView).streams.model()
    assert model is not None

    shown = [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    assert len(set(shown)) == len(shown) == len(session.navigator.streams.streams)
    assert all(visible(it) == it for it in shown)


def odd_names(session: Session) -> list[str]:
    names = [it.name for it in session.navigator.streams.streams]
    return [name for name in names if visible(name) != name]


def texts_of(window: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that a person can come across, with what says it."""
    for widget in [window, *window.findChildren(QWidget)]:
        who = f"{type(widget).__name__} {widget.accessibleName()}"
        yield from ((who, text) for text in _of_widget(widget))
    yield from (("QAction", it.text()) for it in window.findChildren(QAction))


def _of_widget(widget: QWidget) -> Iterator[str]:
    yield from (widget.windowTitle(), widget.toolTip(), widget.accessibleName())
    yield widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QPlainTextEdit):
        yield widget.toPlainText()
    elif isinstance(widget, QLineEdit) and widget.isReadOnly():
        yield widget.text()
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _of_model(widget.model())


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(min(model.rowCount(), MOST_ROWS)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
            index = model.index(row, column, QModelIndex())
            for role in ROLES:
                found = model.data(index, role)
                if isinstance(found, str):
                    yield found
