"""A right click, the menu key and Shift+F10 offer what can be done with what stands there."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.offers.thing_entries import TABLE
from gui.session import Session
from gui.viewmodels import things
from gui.views.causes_view import CausesView
from gui.views.events_view import EventsView
from gui.views.find_view import FindView
from gui.views.inspector_view import InspectorView
from gui.views.kept_views_view import KeptViewsView
from gui.views.navigator_view import CATEGORY, NavigatorView
from gui.views.panes_view import PanesView
from gui.views.search_view import SearchView
from gui.views.time_view import TimeView
from gui.widgets.grid.counted_list import CountedList
from gui.widgets.grid.grid_view import GridView
from gui.workspace import Workspace
from replay.deep_link import parse_link
from tests.gui.conftest import SECOND_US, START_US
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import choose, menu_at, row_menu, texts

OF_AN_EVENT = {
    "Go there",
    "Set A here",
    "Only this conversation",
    "Filter by",
    "Leave out",
    "Causes and effects",
    "Undo this…",
    "Copy",
    "Export as",
}


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, Workspace]:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)
    return session, workspace


def is_of_an_event(menu: QMenu) -> bool:
    menu.close()
    return set(texts(menu)) >= OF_AN_EVENT


def middle_of(table: GridView | CountedList, row: int) -> QPoint:
    return table.visualRect(table.model().index(row, 0)).center()


def row_of(list_: CountedList, key: str) -> int:
    return next(it for it in range(list_.shown_count()) if list_.key_at(it) == key)


def test_every_kind_of_thing_has_a_menu() -> None:
    kinds = {it for name, it in vars(things).items() if name.endswith("Thing") and name != "Thing"}

    assert set(TABLE) == kinds


def test_a_row_and_its_cell_by_mouse_and_by_keys(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    _, workspace = opened
    grid = workspace.of(EventsView).grid

    cell = row_menu(qtbot, workspace, 7, "type")
    assert texts(cell)[0] == "Filter by type = Counted"
    assert is_of_an_event(cell)

    grid.setFocus()
    told: list[QMenu] = []
    workspace.menus.opened.connect(told.append)
    qtbot.keyClick(grid, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(told))
    assert is_of_an_event(told[0])


def test_a_mark_a_bar_a_lane_and_the_playhead_of_the_time_panel(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    panel = workspace.of(TimeView).panel
    lanes = [it.name for it in panel.scene.shown_lanes()]
    frame = panel.scene.frame()
    row_y = frame.plot.top() + (lanes.index("Counted") + 0.5) * frame.lane_px
    panel.show_range(float(START_US + 5 * SECOND_US), float(START_US + 9 * SECOND_US))
    qtbot.waitUntil(lambda: panel.scene.picture.usable_marks(panel.scene.axis_view) is not None)
    x = frame.name_px + panel.scene.x_of(float(START_US + 7 * SECOND_US))

    mark = menu_at(qtbot, workspace, panel, QPoint(round(x), round(row_y)))
    assert "List only this type" in texts(mark)
    choose(mark, "Position")
    assert QGuiApplication.clipboard().text() == "8"
    name = menu_at(qtbot, workspace, panel, QPoint(10, round(row_y)))
    assert texts(name)[0] == "List only this type"
    name.close()
    assert is_of_an_event(menu_at(qtbot, workspace, panel))
    panel.set_marks(None)
    bar = menu_at(qtbot, workspace, panel, QPoint(round(x), round(row_y)))
    assert texts(bar)[:2] == ["Select from A to B", "Go to its first event"]
    choose(bar, "Select from A to B")
    assert session.selection.anchor == session.selection.as_of == 8


def test_every_list_of_the_navigator(qtbot: QtBot, opened: tuple[Session, Workspace]) -> None:
    session, workspace = opened
    navigator = workspace.of(NavigatorView)
    session.bookmarks.add(5, "here", note="look")
    qtbot.waitUntil(lambda: navigator.actors.shown_count() == 1)
    qtbot.waitUntil(lambda: navigator.marks.shown_count() == 1)
    qtbot.waitUntil(lambda: navigator.streams.shown_count() > 0)
    heads = range(navigator.streams.shown_count())
    asked = {
        navigator.types: "List only this type",
        navigator.actors: "List only their events",
        navigator.marks: "Go there",
    }

    for list_, first in asked.items():
        menu = menu_at(qtbot, workspace, list_, middle_of(list_, 0))
        assert texts(menu)[0] == first
        menu.close()
    keys = [navigator.streams.key_at(it) for it in heads]
    stream = next(it for it in keys if not it.startswith(CATEGORY))
    menu = menu_at(
        qtbot, workspace, navigator.streams, middle_of(navigator.streams, keys.index(stream))
    )
    assert texts(menu)[0] == "Show its state"
    choose(menu, "Copy link")
    assert parse_link(QGuiApplication.clipboard().text()).stream == stream


def test_what_was_found_a_box_of_causes_and_a_bookmark(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    session.bookmarks.add(5, "here")
    workspace.show_panel(FindView)
    marks = workspace.of(FindView).bookmarks.grid
    qtbot.waitUntil(lambda: marks.model().rowCount() == 1)
    bookmark = menu_at(qtbot, workspace, marks, middle_of(marks, 0))
    assert "Edit name and note…" in texts(bookmark)
    assert is_of_an_event(bookmark)

    workspace.show_panel(SearchView)
    found = workspace.of(SearchView)
    session.search.ask("note")
    qtbot.waitUntil(lambda: found.found.count() > 0)
    assert is_of_an_event(menu_at(qtbot, workspace, found.found.grid, QPoint(20, 8)))

    workspace.show_panel(CausesView)
    graph = workspace.of(CausesView).graph
    qtbot.waitUntil(lambda: bool(graph.reached))
    box = graph.rect_of(graph.reached).center().toPoint()
    assert is_of_an_event(menu_at(qtbot, workspace, graph, box))
    assert is_of_an_event(menu_at(qtbot, workspace, graph))


def test_cells_and_heads_of_views_and_the_rows_that_an_event_wrote(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    workspace.show_panel(PanesView)
    session.panes.show_only_differences(False)
    panes = workspace.of(PanesView)
    qtbot.waitUntil(lambda: panes.grids["left"].count() > 0)
    grid = panes.grids["left"].grid

    cell = menu_at(qtbot, workspace, grid, middle_of(grid, 0))
    assert texts(cell)[0] == "Go to the event that wrote the row"
    choose(cell, "Copy value")
    assert QGuiApplication.clipboard().text() == panes.grids["left"].text(0, 0).strip("◂≠ ")
    head = menu_at(qtbot, workspace, panes.heads["left"], QPoint(2, 2))
    choose(head, "Copy name")
    assert QGuiApplication.clipboard().text() == "streams"

    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("event")
    qtbot.waitUntil(lambda: inspector.written.count() > 0)
    written = menu_at(qtbot, workspace, inspector.written.grid, QPoint(20, 8))
    assert "Go to the event that wrote the row" in texts(written)
    written.close()
    workspace.show_panel(KeptViewsView)
    views = workspace.of(KeptViewsView).list
    qtbot.waitUntil(lambda: views.count() > 0)
    view = menu_at(qtbot, workspace, views.grid, middle_of(views.grid, 0))
    assert texts(view)[0] == "Show side by side"
    view.close()


def test_a_link_of_an_event_names_the_store_the_position_and_the_stream(
    qtbot: QtBot, opened: tuple[Session, Workspace], store: Path
) -> None:
    session, workspace = opened

    choose(row_menu(qtbot, workspace, 7, "type"), "Link")

    link = parse_link(QGuiApplication.clipboard().text())
    assert (link.store, link.at, link.stream) == (str(store), 8, "order-1")
    settle(qtbot, session)


def test_a_click_beside_everything_opens_nothing(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    panel = workspace.of(TimeView).panel

    assert panel.pointed_at(QPointF(panel.width() - 1, 2)).mark is None
    assert workspace.menus.spot_of(workspace.of(EventsView).search) is None
    settle(qtbot, session)
    assert workspace.menus.current is None
