"""Menus over what stands in a panel, opened as a person opens them, for tests."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from gui.views.events_view import EventsView
from gui.workspace import Workspace


def menu_at(qtbot: QtBot, workspace: Workspace, widget: QWidget, at: QPoint | None = None) -> QMenu:
    """The menu of a right click at a point of a widget; without one that of the menu key."""
    inner = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    reason = QContextMenuEvent.Reason.Keyboard if at is None else QContextMenuEvent.Reason.Mouse
    where, told = inner.rect().center() if at is None else at, list[QMenu]()
    workspace.menus.opened.connect(told.append)
    target = widget if at is None else inner
    QApplication.sendEvent(target, QContextMenuEvent(reason, where, inner.mapToGlobal(where)))
    qtbot.waitUntil(lambda: bool(told))
    workspace.menus.opened.disconnect(told.append)
    return told[-1]


def row_menu(qtbot: QtBot, workspace: Workspace, row: int, column: str = "") -> QMenu:
    """Of a row of the event table, at one of its cells; without one by keys."""
    grid = workspace.of(EventsView).grid
    if not column:
        grid.go_to_row(row)
        return menu_at(qtbot, workspace, grid)
    table = workspace.session.columns.table
    at = next(n for n, it in enumerate(table) if it.id == column)
    return menu_at(qtbot, workspace, grid, grid.visualRect(grid.model().index(row, at)).center())


def texts(menu: QMenu) -> list[str]:
    """What the lines say, without the letters that are underlined; those of inner menus too."""
    found: list[str] = []
    for action in menu.actions():
        if action.isSeparator():
            continue
        found.append(action.text().replace("&&", "\0").replace("&", "").replace("\0", "&"))
        inner = action.menu()
        found += texts(inner) if isinstance(inner, QMenu) else []
    return found


def choose(menu: QMenu | None, text: str) -> None:
    """Close the menu and do what the item with these words does, of it or one in it."""
    assert menu is not None
    waiting, found = [menu], list[str]()
    menu.close()
    while waiting:
        for action in waiting.pop(0).actions():
            found.append(action.text().replace("&", ""))
            if isinstance(inner := action.menu(), QMenu):
                waiting.append(inner)
            elif found[-1] == text:
                action.trigger()
                return
    raise AssertionError(f"{text} is none of {found}")
