"""SQL in the window with mouse and keys: names at its left, offers, samples, history."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.panes_view import PanesView
from gui.views.sql_view import SqlView
from gui.widgets.name_tree import NameTree
from tests.gui.driven_window import open_store, settle
from tests.replay.conference_office import Office


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office) -> tuple[Session, SqlView]:
    return show(qtbot, window, office)


def show(qtbot: QtBot, window: MainWindow, office: Office) -> tuple[Session, SqlView]:
    window.resize(1400, 900)
    session, workspace = open_store(qtbot, window, office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    workspace.of(PanesView).tabs.choose("sql")
    view = workspace.of(SqlView)
    qtbot.waitUntil(lambda: "seats_left" in names(view.tables))
    return session, view


def names(tree: NameTree) -> dict[str, QTreeWidgetItem]:
    tops = (tree.topLevelItem(it) for it in range(tree.topLevelItemCount()))
    return {it.text(0): it for it in tops if it is not None}


def columns_of(session: Session) -> list[str]:
    return list(session.sql.result.columns) if session.sql.result else []


def double_click(qtbot: QtBot, tree: NameTree, item: QTreeWidgetItem) -> None:
    tree.scrollToItem(item)
    place = tree.visualItemRect(item).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def child(top: QTreeWidgetItem, name: str) -> QTreeWidgetItem:
    children = (top.child(it) for it in range(top.childCount()))
    return next(it for it in children if it is not None and it.text(0) == name)


def test_names_are_put_at_the_cursor_and_a_sample_is_asked(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    """Two clicks a name; with keys →, arrows and Enter."""
    session, view = shown
    seats = names(view.tables)["seats_left"]
    assert seats.text(1) == "Seats left"
    quantity = child(seats, "quantity")
    assert "integer" in quantity.text(1)
    own = child(seats, "_position")
    assert "not in *" in own.text(1)
    view.tables.setCurrentItem(own)
    assert "position of the event that last wrote the row" in view.about.text()

    view.statement.setPlainText("SELECT ")
    view.statement.moveCursor(view.statement.textCursor().MoveOperation.End)
    seats.setExpanded(True)
    double_click(qtbot, view.tables, quantity)
    qtbot.keyClicks(view.statement, " FROM ")
    view.tables.setFocus()
    view.tables.setCurrentItem(seats)
    qtbot.keyClick(view.tables, Qt.Key.Key_Return)

    assert view.statement.toPlainText() == "SELECT quantity FROM seats_left"
    qtbot.keyClick(view.statement, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: " rows in " in view.message.text())
    view.tables.setCurrentItem(child(names(view.tables)["seats_left"], "sample question"))
    qtbot.keyClick(view.tables, Qt.Key.Key_Return)
    assert "ORDER BY quantity DESC" in view.statement.toPlainText()
    qtbot.waitUntil(lambda: columns_of(session)[1:2] == ["seat_type"])


def test_words_are_offered_while_one_types(qtbot: QtBot, shown: tuple[Session, SqlView]) -> None:
    _, view = shown
    box = view.statement
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.clear()

    qtbot.keyClicks(box, "SELECT * FROM seats_l")
    qtbot.waitUntil(lambda: box.offered()[:1] == ["seats_left"])
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert box.toPlainText() == "SELECT * FROM seats_left "
    qtbot.keyClicks(box, "WHERE quan")
    qtbot.waitUntil(lambda: box.offered()[:1] == ["quantity"])
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.toPlainText() == "SELECT * FROM seats_left WHERE quantity "
    qtbot.keyClick(box, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "conference_id" in box.offered())
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.offered() == []


def test_a_wrong_name_tells_the_nearest_and_no_terminal(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    _, view = shown
    view.statement.setPlainText("SELECT quantty FROM seats_left")

    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Did you mean quantity?" in view.message.text())

    assert "with: Views ▸ SQL" in view.message.text()
    assert "main.py" not in view.message.text()


def test_questions_asked_before_come_back_by_keys_by_the_list_and_at_the_next_start(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    session, view = show(qtbot, window, office)
    for statement in ("SELECT 1 AS one", "SELECT 2 AS two"):
        view.statement.setPlainText(statement)
        qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "1 row in" in view.message.text() and view.run.isEnabled())
    view.statement.setPlainText("SELECT ")

    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(view.statement, key)
    assert view.statement.toPlainText() == "SELECT 1 AS one"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(view.statement, key)
    assert view.statement.toPlainText() == "SELECT "
    view.earlier.setCurrentIndex(1)
    view.earlier.activated.emit(1)
    assert view.statement.toPlainText() == "SELECT 2 AS two"
    settle(qtbot, session)

    window.close_store()
    session, view = show(qtbot, window, office)
    qtbot.keyClick(view.statement, Qt.Key.Key_Up)
    assert session.sql.asked.statements == ("SELECT 1 AS one", "SELECT 2 AS two")


def test_when_seats_ran_out_ships_as_a_saved_question(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    """Two clicks: the list, and its line."""
    session, view = shown
    name = "When did seats_left run out"
    qtbot.waitUntil(lambda: view.saved.findData(name) > 0)

    view.saved.setCurrentIndex(view.saved.findData(name))
    assert not view.forget.isEnabled()
    view.saved.activated.emit(view.saved.currentIndex())
    qtbot.waitUntil(lambda: " in " in view.message.text() and view.run.isEnabled())

    assert session.sql.problem == ""
    assert session.sql.result is not None
    assert session.sql.result.columns[2:4] == ("position", "recorded_at")
