"""Bookmarks are named, noted, changed and removed: with the mouse, and again with keys alone."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui.dialogs.bookmark_dialog import BookmarkDialog
from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.navigator_view import NavigatorView
from gui.workspace import Workspace
from tests.gui.drawn_text import drawn_texts
from tests.gui.driven_window import open_store, seek
from tests.gui.every_surface import open_dialogs
from tests.gui.menus import choose, row_menu


def asked(qtbot: QtBot) -> BookmarkDialog:
    """The dialog, once it is in sight and has the keyboard."""
    qtbot.waitUntil(lambda: any(isinstance(it, BookmarkDialog) for it in open_dialogs()))
    dialog = next(it for it in open_dialogs() if isinstance(it, BookmarkDialog))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.name.hasFocus)
    return dialog


def is_gone(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not any(isinstance(it, BookmarkDialog) for it in open_dialogs()))


def want_note(qtbot: QtBot, window: MainWindow) -> None:
    """Shift+B, once the window has the keyboard again."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    grid = window.open_workspace().of(EventsView).grid
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    type_key(Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def type_key(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """To whoever has the keyboard."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifiers)


def type_words(words: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, words)


def listed(workspace: Workspace) -> str:
    """What the navigator draws of the bookmarks."""
    marks = workspace.of(NavigatorView).marks
    return " ".join(it.text for it in drawn_texts(marks.viewport()))


def notes(session: Session) -> list[tuple[int, str, str]]:
    return [(it.position, it.name, it.note) for it in session.bookmarks.all]


def test_a_bookmark_is_made_changed_and_removed_with_the_mouse(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)
    qtbot.waitUntil(lambda: session.events.row(7) is not None)

    choose(row_menu(qtbot, workspace, 7, "type"), "Bookmark, with a note…")
    dialog = asked(qtbot)
    dialog.name.setText("eighth")
    press(dialog.keep)
    is_gone(qtbot)
    qtbot.waitUntil(lambda: "eighth" in listed(workspace))

    choose(row_menu(qtbot, workspace, 7, "type"), "Edit the bookmark and note…")
    dialog = asked(qtbot)
    assert dialog.name.text() == "eighth"
    dialog.note.setPlainText("look here")
    press(dialog.keep)
    is_gone(qtbot)
    qtbot.waitUntil(lambda: notes(session) == [(8, "eighth", "look here")])

    choose(row_menu(qtbot, workspace, 7, "type"), "Edit the bookmark and note…")
    press(asked(qtbot).remove)
    is_gone(qtbot)
    qtbot.waitUntil(lambda: notes(session) == [])
    qtbot.waitUntil(lambda: not workspace.of(NavigatorView).marks.isVisible())


def test_a_bookmark_is_made_changed_left_and_removed_with_keys_alone(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)

    want_note(qtbot, window)
    dialog = asked(qtbot)
    type_words("eighth")
    type_key(Qt.Key.Key_Tab)
    qtbot.waitUntil(dialog.note.hasFocus)
    type_words("look here")
    type_key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    is_gone(qtbot)
    qtbot.waitUntil(lambda: notes(session) == [(8, "eighth", "look here")])
    qtbot.waitUntil(lambda: "eighth" in listed(workspace))

    want_note(qtbot, window)
    asked(qtbot)
    type_words("something else")
    type_key(Qt.Key.Key_Escape)
    is_gone(qtbot)
    assert notes(session) == [(8, "eighth", "look here")]

    want_note(qtbot, window)
    dialog = asked(qtbot)
    for _ in range(5):
        if dialog.remove.hasFocus():
            break
        type_key(Qt.Key.Key_Tab)
    assert dialog.remove.hasFocus()
    type_key(Qt.Key.Key_Space)
    is_gone(qtbot)
    qtbot.waitUntil(lambda: notes(session) == [])
