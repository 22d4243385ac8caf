"""Menus of lists that tell of the log: SQL, issued commands, processes, the lab, breakpoints, and
of the trees that compare states; by the mouse, and by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.breakpoints_view import BreakpointsView
from gui.views.inspector_view import InspectorView
from gui.views.issued_view import IssuedView
from gui.views.lab_view import LabView
from gui.views.processes_view import ProcessesView
from gui.views.sql_view import SqlView
from gui.views.states_view import StatesView
from gui.widgets.grid.grid_view import GridView
from gui.widgets.tree.json_tree import JsonTree
from gui.workspace import Workspace
from replay.questions.breakpoint import EventBreakpoint
from store.sqlite.store import SqliteStore
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle
from tests.gui.menus import choose, menu_at, texts
from tests.replay.conference_office import Office

Opened = tuple[Session, Workspace]


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, store: Path) -> Opened:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)
    return session, workspace


def cell(grid: GridView, row: int, column: int = 0) -> QPoint:
    return grid.visualRect(grid.model().index(row, column)).center()


def key_menu(qtbot: QtBot, workspace: Workspace, grid: GridView) -> list[str]:
    """Of the row that has the keyboard, by Shift+F10."""
    told = list[QMenu]()
    workspace.menus.opened.connect(told.append)
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    qtbot.keyClick(grid, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(told))
    workspace.menus.opened.disconnect(told.append)
    told[-1].close()
    return texts(told[-1])


def asked(qtbot: QtBot, opened: Opened, statement: str) -> GridView:
    session, workspace = opened
    workspace.show_panel(SqlView)
    session.sql.run(statement)
    qtbot.waitUntil(lambda: session.sql.result is not None and not session.sql.is_busy)
    return workspace.of(SqlView).answer.grid


def test_a_cell_of_an_answer_names_a_stream_an_event_or_just_a_text(
    qtbot: QtBot, opened: Opened
) -> None:
    session, workspace = opened
    grid = asked(qtbot, opened, "SELECT 'order-1' AS stream, 7 AS last_position, 'note 4' AS word")

    stream = menu_at(qtbot, workspace, grid, cell(grid, 0))
    assert texts(stream)[0] == "Show its state"
    stream.close()
    word = menu_at(qtbot, workspace, grid, cell(grid, 0, 2))
    assert texts(word)[0] == "List only events with note 4"
    choose(word, "Copy row")
    assert QGuiApplication.clipboard().text() == "order-1\t7\tnote 4"
    choose(menu_at(qtbot, workspace, grid, cell(grid, 0, 1)), "Go there")
    assert session.selection.as_of == 7
    choose(menu_at(qtbot, workspace, grid, cell(grid, 0, 2)), "List only events with note 4")
    assert session.filter.text == "note 4"


def test_a_cell_of_an_answer_has_its_menu_by_keys(qtbot: QtBot, opened: Opened) -> None:
    _, workspace = opened
    grid = asked(qtbot, opened, "SELECT 'order-1' AS stream, 7 AS last_position")
    grid.go_to_row(0)

    assert "Show its state" in key_menu(qtbot, workspace, grid)


def test_a_cell_of_a_view_s_row_leads_to_the_event_that_wrote_it(
    qtbot: QtBot, opened: Opened
) -> None:
    _, workspace = opened
    grid = asked(qtbot, opened, "SELECT * FROM event_types")

    menu = menu_at(qtbot, workspace, grid, cell(grid, 0, 1))
    menu.close()

    assert "Go to the event that wrote the row" in texts(menu)
    assert texts(menu).count("Copy value") == 1


def test_a_breakpoint_of_the_list_by_mouse_and_by_keys(qtbot: QtBot, opened: Opened) -> None:
    session, workspace = opened
    session.breakpoints.add(EventBreakpoint(where='type = "Counted"'))
    workspace.show_panel(BreakpointsView)
    grid = workspace.of(BreakpointsView).list.grid
    qtbot.waitUntil(grid.isVisible)

    choose(menu_at(qtbot, workspace, grid, cell(grid, 0)), "Switch off")
    assert session.breakpoints.enabled == ()
    grid.go_to_row(0)
    assert key_menu(qtbot, workspace, grid)[:2] == ["Switch on", "Remove"]
    choose(menu_at(qtbot, workspace, grid, cell(grid, 0)), "Remove")
    assert session.breakpoints.all == ()


def test_an_issued_command_leads_to_its_event_and_stream(
    qtbot: QtBot, window: MainWindow, bank: SqliteStore
) -> None:
    session, workspace = open_store(qtbot, window, bank.place.path)
    workspace.show_panel(IssuedView)
    grid = workspace.of(IssuedView).grid
    qtbot.waitUntil(lambda: len(session.issued.rows) == 2 and grid.isVisible())

    stream = menu_at(qtbot, workspace, grid, cell(grid, 0, 3))
    stream.close()
    assert texts(stream)[0] == "Show its state"
    grid.go_to_row(0)
    assert "Go there" in key_menu(qtbot, workspace, grid)
    choose(menu_at(qtbot, workspace, grid, cell(grid, 1)), "Go there")
    assert session.selection.as_of == session.issued.rows[1].position


def test_instances_what_they_heard_and_the_outbox(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    session, workspace = open_store(qtbot, window, office.store.place.path)
    workspace.show_panel(ProcessesView)
    view = workspace.of(ProcessesView)
    qtbot.waitUntil(lambda: session.processes.instance is not None, timeout=PATIENCE_MS)

    instance = menu_at(qtbot, workspace, view.instances, cell(view.instances, 0))
    instance.close()
    assert texts(instance)[0] == "Show its state"
    rows = range(view.traffic.model().rowCount())
    came_in = [view.traffic.model().index(it, 0).data() for it in rows].index("in")
    heard = menu_at(qtbot, workspace, view.traffic, cell(view.traffic, came_in, 1))
    heard.close()
    assert "Go there" in texts(heard)
    view.instances.go_to_row(0)
    assert "Show its state" in key_menu(qtbot, workspace, view.instances)


def test_a_verdict_of_the_lab_is_a_view_and_an_event(qtbot: QtBot, opened: Opened) -> None:
    session, workspace = opened
    workspace.show_panel(LabView)
    view = workspace.of(LabView)
    view.exact["drop"].setText("3")
    view.run.click()
    qtbot.waitUntil(lambda: bool(session.lab.verdicts), timeout=PATIENCE_MS)
    row = session.lab.first_differing

    menu = menu_at(qtbot, workspace, view.verdicts.grid, cell(view.verdicts.grid, row))
    menu.close()

    assert "Show side by side" in texts(menu)
    assert "Go there" in texts(menu)


def _compared(opened: Opened) -> JsonTree:
    return opened[1].of(InspectorView).diff


def _at_cursor(opened: Opened) -> JsonTree:
    return opened[1].of(StatesView).trees[1]


@pytest.mark.parametrize(
    ("tree_of", "show"),
    [
        (_compared, lambda it: it[1].of(InspectorView).tabs.choose("diff")),
        (_at_cursor, lambda it: it[1].show_panel(StatesView)),
    ],
    ids=["diff", "states"],
)
def test_a_tree_that_compares_states_offers_what_a_state_does(
    qtbot: QtBot,
    opened: Opened,
    tree_of: Callable[[Opened], JsonTree],
    show: Callable[[Opened], object],
) -> None:
    session, _ = opened
    session.selection.choose_stream("order-1")
    session.selection.seek(2)
    session.selection.anchor_here()
    seek(qtbot, session, 8)
    show(opened)
    tree = tree_of(opened)
    qtbot.waitUntil(lambda: tree.go_to(("count",)), timeout=PATIENCE_MS)

    menu = tree.menu()

    assert {"Filter by this value", "Break when this changes"} <= set(texts(menu))
    choose(menu, "Filter by this value")
    settle(qtbot, session)
    assert "count" in session.filter.where
