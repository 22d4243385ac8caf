"""When did it become so: asked in the window with the mouse, and with keys alone."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.find_view import FindView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.workspace import Workspace
from store.events import NewEvent
from store.sqlite.connect import create_log
from store.sqlite.store import SqliteStore
from store.sqlite.store import open_store as open_writer
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import choose, menu_at

STREAM = "account-1"
BALANCES = (100, 60, 20, -10, 5, 40, -1)  # behind positions 2, 4, … 14


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.foldline"
    create_log(path)
    with closing(open_writer(path)) as store:
        _fill(store)
    return path


def _fill(store: SqliteStore) -> None:
    for balance in BALANCES:
        store.append("other-1", [NewEvent.of("Noted", {"text": "x"})], expected=None)
        data = {"balance": balance, "owner": {"name": "ada"}}
        store.append(STREAM, [NewEvent.of("Posted", data)], expected=None)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, path: Path) -> tuple[Session, Workspace]:
    window.resize(1400, 900)
    session, workspace = open_store(qtbot, window, path)
    seek(qtbot, session, 14)
    return session, workspace


def asked(qtbot: QtBot, session: Session, words: str) -> None:
    """Until the answer is there, and the cursor with all that is shown of it."""
    qtbot.waitUntil(lambda: not session.finding.is_running and words in session.finding.words)
    settle(qtbot, session)


def test_with_the_mouse_the_first_time_is_three_clicks_away_and_has_a_bookmark(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    tree = workspace.of(InspectorView).state
    tree.go_to(("balance",))

    tree.want_moment()
    view = workspace.of(FindView)
    assert view.isVisible()
    assert view.condition.text() == "balance "
    assert view.stream.full_text() == f"when the condition became true in {STREAM}"
    qtbot.keyClicks(view.condition.line, "< 0")
    qtbot.mouseClick(view.buttons["first"], Qt.MouseButton.LeftButton)
    asked(qtbot, session, "Posted at 8 · balance = -10 · scan, ")

    assert session.selection.as_of == 8
    assert session.selection.stream == STREAM
    assert view.bookmarks.text(0, 0) == "8"
    assert view.bookmarks.text(0, 1) == f"balance < 0 · {STREAM}"
    qtbot.waitUntil(lambda: len(session.flags.coordinates) == 1)

    qtbot.mouseClick(view.buttons["last"], Qt.MouseButton.LeftButton)
    asked(qtbot, session, "Posted at 14")
    view.bookmarks.row_chosen.emit(0)
    settle(qtbot, session)
    assert session.selection.as_of == 8
    view.bookmarks.grid.go_to_row(0)
    qtbot.mouseClick(view.remove, Qt.MouseButton.LeftButton)
    assert [it.position for it in session.bookmarks.all] == [14]


def test_with_keys_alone_one_goes_from_time_to_time(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    seek(qtbot, session, 2)

    qtbot.keyClick(window, Qt.Key.Key_M)
    line = workspace.of(FindView).condition.line
    assert line.hasFocus()
    qtbot.keyClicks(line, "owner.n")
    assert workspace.of(FindView).condition.offered() == ["owner.name"]
    line.clear()
    qtbot.keyClicks(line, "balance < 50")
    qtbot.keyClick(line, Qt.Key.Key_F3)
    asked(qtbot, session, "Posted at 6 ")
    qtbot.keyClick(line, Qt.Key.Key_F3)
    asked(qtbot, session, f"Not after position 6 in {STREAM}")
    qtbot.keyClick(line, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    asked(qtbot, session, f"Not before position 6 in {STREAM}")
    line.selectAll()
    qtbot.keyClicks(line, "balance < 0")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    asked(qtbot, session, "Posted at 8 ")

    assert session.selection.as_of == 8
    assert [it.position for it in session.bookmarks.all] == [6, 8]


def test_bookmarks_are_set_gone_to_and_kept(
    qtbot: QtBot, window: MainWindow, path: Path, opened: tuple[Session, Workspace]
) -> None:
    session, _ = opened
    for position in (3, 9):
        seek(qtbot, session, position)
        qtbot.keyClick(window, Qt.Key.Key_B)
    qtbot.keyClick(window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert session.selection.as_of == 3
    qtbot.keyClick(window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert session.selection.as_of == 3
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert session.selection.as_of == 9
    qtbot.keyClick(window, Qt.Key.Key_B)

    window.close_store()
    session, _ = open_store(qtbot, window, path)

    assert [(it.position, it.name) for it in session.bookmarks.all] == [(3, "position 3")]
    qtbot.waitUntil(lambda: len(session.flags.coordinates) == 1)
    session.selection.set_axis("position")
    qtbot.waitUntil(lambda: session.flags.coordinates == (3.0,))


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("blance < 0", "no state of account-1 has a field `blance`; nearest: balance"),
        ("balance < -99", "Never in account-1 · scan, "),
        ("owner = 3", "Never in account-1 · scan, "),
        ("owner.name = 3", "Never in account-1 · scan, "),
    ],
)
def test_what_is_never_so_is_told_with_its_reason(
    qtbot: QtBot, opened: tuple[Session, Workspace], condition: str, told: str
) -> None:
    session, _ = opened

    session.finding.find(condition, "first")
    asked(qtbot, session, told)

    assert session.selection.as_of == 14
    assert session.bookmarks.all == []


def test_a_condition_that_cannot_be_read_is_marked_where_it_is_wrong(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    qtbot.keyClick(window, Qt.Key.Key_M)
    view = workspace.of(FindView)
    qtbot.keyClicks(view.condition.line, "balance <")

    qtbot.keyClick(view.condition.line, Qt.Key.Key_Return)

    assert view.condition.message.text() == "↑ expected a value here"
    assert not session.finding.is_running


def test_what_stays_true_is_found_by_bisection(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    workspace.show_panel(FindView)
    view = workspace.of(FindView)
    qtbot.mouseClick(view.stays, Qt.MouseButton.LeftButton, pos=QPoint(8, view.stays.height() // 2))
    view.begin_with("owner is present")

    qtbot.mouseClick(view.buttons["first"], Qt.MouseButton.LeftButton)
    asked(qtbot, session, "Posted at 2 · owner = ")

    assert "bisection, 4 states" in session.finding.words


def test_a_cell_of_a_view_is_asked_when_it_came_to_be_so(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    qtbot.keyClick(window, Qt.Key.Key_V)
    panes, view = workspace.of(PanesView), workspace.of(FindView)
    grid = panes.grids["left"]
    panes.only.setChecked(False)
    qtbot.waitUntil(lambda: grid.count() == 2)
    titles = [it.name for it in session.panes.found.pages[0].columns] if session.panes.found else []
    cell = grid.grid.model().index(0, titles.index("event_count"))

    choose(menu_at(qtbot, workspace, grid.grid, grid.grid.visualRect(cell).center()), "Find when…")
    assert view.isVisible()
    assert view.condition.text() == "event_count "
    assert view.stream.full_text() == f"when the condition became true in {STREAM} of streams"
    qtbot.keyClicks(view.condition.line, ">= 3")
    qtbot.keyClick(view.condition.line, Qt.Key.Key_Return)
    asked(qtbot, session, "Posted at 6 · event_count = 3 · scan, ")

    assert session.selection.as_of == 6
    assert session.bookmarks.all[0].name == f"event_count >= 3 · {STREAM} of streams"
    qtbot.mouseClick(view.state, Qt.MouseButton.LeftButton)
    assert view.stream.full_text() == f"when the condition became true in {session.finding.stream}"
    assert not view.state.isVisible()
