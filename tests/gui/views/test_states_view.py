"""One stream's state at A, at the cursor and now, side by side."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.states_view import StatesView
from tests.gui.conftest import fill
from tests.gui.driven_window import PATIENCE_MS, open_store, seek


def counts(view: StatesView) -> list[object]:
    """What the field says in each state; None where there is no state."""
    values = [tree.json.shown.value for tree in view.trees]
    return [it["count"] if it else None for it in values]


def test_a_key_shows_the_state_at_a_at_the_cursor_and_now_and_they_follow(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.selection.choose_stream("order-0")
    seek(qtbot, session, 100)

    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    view = workspace.of(StatesView)
    qtbot.waitUntil(lambda: counts(view) == [None, 99, 297], timeout=PATIENCE_MS)

    assert "A is not set" in view.words[0].full_text()
    session.selection.set_anchor(10)
    qtbot.waitUntil(lambda: counts(view) == [9, 99, 297], timeout=PATIENCE_MS)
    assert [it.full_text() for it in view.words] == [
        "Counted at 10",
        "Counted at 100, 2 differ",
        "Counted at 298, 2 differ",
    ]
    assert view.trees[1].json.shown.marks[("count",)].before == 9
    session.selection.choose_stream("order-1")
    qtbot.waitUntil(lambda: counts(view) == [7, 97, 298], timeout=PATIENCE_MS)
    session.selection.set_axis("occurred")
    fill(store, 3)
    qtbot.waitUntil(lambda: counts(view) == [7, 97, 301], timeout=PATIENCE_MS)
    assert view.trees[2].go_to(("note",))
    view.trees[2].path_chosen.emit(("note",))
    assert [it.current_path() for it in view.trees[:2]] == [("note",)] * 2


def test_a_search_marks_hits_in_all_of_them(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.selection.choose_stream("order-0")
    session.selection.set_anchor(1)
    seek(qtbot, session, 100)
    workspace.show_panel(StatesView)
    view = workspace.of(StatesView)
    qtbot.waitUntil(lambda: counts(view) == [0, 99, 297], timeout=PATIENCE_MS)

    view.search.setText("9")
    qtbot.keyClick(view.search, Qt.Key.Key_Return)
    assert view.search.hits() == "0 · 2 · 2"
    qtbot.keyClick(view.search, Qt.Key.Key_Return)

    assert [it.current_path() for it in view.trees[1:]] == [("note",)] * 2
