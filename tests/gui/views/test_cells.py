"""Why a cell of a view is what it is: by one click on it, and by keys alone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.panes_view import PanesView
from gui.widgets.grid.text_grid import TextGrid
from gui.workspace import Workspace
from tests.gui.driven_window import open_store as show_store
from tests.gui.driven_window import seek
from tests.gui.views.test_panes import choose, keys, wait
from tests.replay.conference_office import Office


@pytest.fixture
def workspace(qtbot: QtBot, window: MainWindow, office: Office) -> Workspace:
    """Two panes of the orders as they are now, every row listed."""
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(qtbot, lambda: bool(session.panes.views) and session.panes.found is not None)
    view = workspace.of(PanesView)
    view.only.setChecked(False)
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "draft_orders", "cursor")
    wait(qtbot, lambda: keys(view, "left") == ["A7", "B8"])
    return workspace


@pytest.fixture
def view(workspace: Workspace) -> PanesView:
    return workspace.of(PanesView)


@pytest.fixture
def session(workspace: Workspace) -> Session:
    return workspace.session


def place(grid: TextGrid, row: int, column: int) -> QPoint:
    model = grid.grid.model()
    box = grid.grid.visualRect(model.index(row, column))
    return QPoint(box.left() + 4, box.center().y())


def column(grid: TextGrid, title: str) -> int:
    model = grid.grid.model()
    titles = [model.headerData(it, Qt.Orientation.Horizontal) for it in range(model.columnCount())]
    return titles.index(title)


def test_one_click_on_a_cell_says_which_event_set_it_and_another_goes_there(
    qtbot: QtBot, view: PanesView, session: Session
) -> None:
    grid, answer = view.grids["left"], view.cell
    seek(qtbot, session, 1)

    where = place(grid, 0, column(grid, "state"))
    qtbot.mouseClick(grid.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    wait(qtbot, lambda: answer.isVisible() and "state of A7" in answer.text())

    told = answer.text()
    assert "state of A7 in draft_orders" in told
    assert "PendingReservation → ReservationCompleted" in told
    assert "OrderReservationCompleted · " in told
    assert "later" in told
    assert "command " in told
    assert "rules " in told
    assert session.selection.as_of == 1
    qtbot.mouseClick(answer.go, Qt.MouseButton.LeftButton)
    event = session.selection.as_of
    assert f"OrderReservationCompleted · {event:,} ·" in told


def test_keys_alone_move_along_the_cells_of_a_row(
    qtbot: QtBot, view: PanesView, session: Session
) -> None:
    """← and → stay in the table; the cursor does not move until one asks for it."""
    grid, answer = view.grids["left"], view.cell
    seek(qtbot, session, 3)
    grid.grid.setFocus()

    qtbot.keyClick(grid.grid, Qt.Key.Key_Down)
    for _ in range(column(grid, "state")):
        qtbot.keyClick(grid.grid, Qt.Key.Key_Right)
    wait(qtbot, lambda: "state of B8" in answer.text() and "Reserved" in answer.text())

    assert session.selection.as_of == 3
    qtbot.keyClick(grid.grid, Qt.Key.Key_Left)
    wait(qtbot, lambda: "state of B8" not in answer.text() and "of B8" in answer.text())


def test_the_answer_goes_when_another_view_is_chosen(qtbot: QtBot, view: PanesView) -> None:
    grid = view.grids["left"]
    where = place(grid, 0, 0)
    qtbot.mouseClick(grid.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    wait(qtbot, view.cell.isVisible)

    choose(view, "left", "streams", "now")

    wait(qtbot, lambda: not view.cell.isVisible())
