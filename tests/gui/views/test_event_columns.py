"""Columns of the event table in the window: chosen, moved, sized, added and kept."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.viewmodels.field_column import field_column
from gui.views.events_view import EventsView
from gui.widgets.grid.grid_view import GridView
from tests.gui.driven_window import PATIENCE_MS, open_store, settle


def titles(grid: GridView) -> list[str]:
    """The columns that are shown, from left to right."""
    header, model = grid.horizontalHeader(), grid.model()
    inner = sorted(range(header.count()), key=header.visualIndex)
    shown = [at for at in inner if not header.isSectionHidden(at)]
    return [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in shown]


def choose(menu: QMenu, text: str) -> None:
    next(it for it in menu.actions() if it.text() == text).trigger()
    menu.deleteLater()


def test_columns_are_moved_sized_hidden_and_added_and_come_back_at_the_next_start(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    grid = workspace.of(EventsView).grid
    session.columns.add(field_column(("data", "count"), is_number=True))
    header = grid.horizontalHeader()

    drag_column(grid, titles(grid).index("count"), before=1)
    drag_edge(grid, "stream", by=37)
    choose(grid.column_menu(), "actor")
    arranged, width = titles(grid), grid.columnWidth(3)
    window.close_store()
    session, workspace = open_store(qtbot, window, store)
    grid = workspace.of(EventsView).grid
    settle(qtbot, session)

    assert titles(grid) == arranged
    assert arranged[:2] == ["position", "count"]
    assert "actor" not in arranged
    assert grid.columnWidth(3) == width
    assert header is not grid.horizontalHeader()
    model = grid.model()
    qtbot.waitUntil(lambda: model.index(299, 9).data() == "299", timeout=PATIENCE_MS)


def test_a_column_that_was_added_is_taken_away_from_its_menu(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    grid = workspace.of(EventsView).grid
    before = titles(grid)
    session.columns.add(field_column(("data", "count")))
    assert titles(grid) == [*before, "count"]

    choose(grid.column_menu(), "Remove count")

    assert titles(grid) == before
    settle(qtbot, session)
    qtbot.waitUntil(lambda: session.events.row(299) is not None, timeout=PATIENCE_MS)


def drag_column(grid: GridView, place: int, *, before: int) -> None:
    """Drag a title with the mouse to another place."""
    header = grid.horizontalHeader()
    at, to = header.logicalIndex(place), header.logicalIndex(before)
    grid.horizontalScrollBar().setValue(0)
    start = QPoint(header.sectionViewportPosition(at) + 12, 8)
    end = QPoint(header.sectionViewportPosition(to) + 2, 8)
    drag(grid, start, end)


def drag_edge(grid: GridView, title: str, *, by: int) -> None:
    """Drag the right edge of a title."""
    header = grid.horizontalHeader()
    at = header.logicalIndex(titles(grid).index(title))
    edge = QPoint(header.sectionViewportPosition(at) + header.sectionSize(at) - 1, 8)
    drag(grid, edge, edge + QPoint(by, 0))


def drag(grid: GridView, start: QPoint, end: QPoint) -> None:
    hand, left = grid.horizontalHeader().viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(hand, left, pos=start)
    for step in range(1, 11):
        QTest.mouseMove(hand, start + (end - start) * step / 10)
    QTest.mouseRelease(hand, left, pos=end)
