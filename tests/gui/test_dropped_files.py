"""A file that is dropped on the window, wherever the pointer is: opened, or offered for import."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.dialogs.import_dialog import ImportDialog
from gui.main_window import MainWindow
from gui.views.events_view import EventsView
from gui.views.panes_view import PanesView
from tests.gui.driven_window import is_counted, open_store
from tests.store.event_files import event, write_lines


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "shop events.jsonl", *map(event, (1, 2, 3)))


def drop(window: MainWindow, over: QWidget, *paths: Path, also_as_text: bool = True) -> bool:
    """As a file manager does: it tells the names as text, too. Returns whether it was taken."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(it)) for it in paths])
    if also_as_text:
        mime.setText("\n".join(map(str, paths)))
    at = over.mapTo(window, over.rect().center())
    _enter(window, at, mime)
    here = (QPointF(at), Qt.DropAction.CopyAction, mime)
    dropped = QDropEvent(*here, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    dropped.ignore()
    QApplication.sendEvent(window.windowHandle(), dropped)
    return dropped.isAccepted()


def _enter(window: MainWindow, at: QPoint, mime: QMimeData) -> None:
    entered = QDragEnterEvent(
        at,
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    assert entered.type() == QEvent.Type.DragEnter
    QApplication.sendEvent(window.windowHandle(), entered)


def _offered(qtbot: QtBot, window: MainWindow) -> ImportDialog:
    qtbot.waitUntil(lambda: bool(_dialogs(window)))
    return _dialogs(window)[0]


def _dialogs(window: MainWindow) -> list[ImportDialog]:
    return [it for it in window.findChildren(ImportDialog) if it.isVisible()]


def test_an_event_file_on_the_start_page_is_offered_for_import(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    assert drop(window, window.start, file)

    dialog = _offered(qtbot, window)
    assert dialog.source.text() == str(file)
    assert window.session is None  # nothing was imported unseen
    dialog.reject()


def test_a_store_on_the_start_page_is_opened(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    assert drop(window, window.start, store)

    qtbot.waitUntil(lambda: is_counted(window, store))


def test_a_store_on_an_open_store_takes_its_place(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    other = tmp_path / "other.foldline"
    other.write_bytes(store.read_bytes())

    assert drop(window, workspace.of(EventsView).grid, other)

    qtbot.waitUntil(lambda: is_counted(window, other))


def test_an_event_file_on_an_open_store_is_offered_and_nothing_comes_into_it(
    qtbot: QtBot, window: MainWindow, store: Path, file: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    head = session.selection.head

    assert drop(window, workspace.of(EventsView).grid, file)

    dialog = _offered(qtbot, window)
    assert dialog.source.text() == str(file)
    assert dialog.into.text() == str(file.with_suffix(".foldline"))  # a new store beside it
    assert session.selection.head == head
    dialog.reject()


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
@pytest.mark.parametrize("also_as_text", [True, False])
def test_a_file_on_a_text_field_is_offered_too_and_is_no_text(
    qtbot: QtBot,
    window: MainWindow,
    store: Path,
    file: Path,
    kind: type[QLineEdit | QPlainTextEdit],
    also_as_text: bool,
) -> None:
    _, workspace = open_store(qtbot, window, store)
    if kind is QPlainTextEdit:
        workspace.show_panel_of("views")
        workspace.of(PanesView).tabs.choose("sql")
    qtbot.waitUntil(lambda: bool(_fields(workspace, kind)))
    fields = _fields(workspace, kind)
    before = [_text(it) for it in fields]

    for field in fields:
        assert drop(window, field, file, also_as_text=also_as_text)
        _offered(qtbot, window).reject()
        qtbot.waitUntil(lambda: not _dialogs(window))

    assert [_text(it) for it in fields] == before


def test_text_on_a_text_field_is_still_its_text(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    line = workspace.of(EventsView).search
    mime = QMimeData()
    mime.setText("type = Arrived")
    at = line.mapTo(window, line.rect().center())
    _enter(window, at, mime)
    dropped = QDropEvent(
        QPointF(at),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )

    QApplication.sendEvent(window.windowHandle(), dropped)

    assert line.text() == "type = Arrived"


def _fields(
    workspace: QWidget, kind: type[QLineEdit | QPlainTextEdit]
) -> list[QLineEdit | QPlainTextEdit]:
    return [it for it in workspace.findChildren(kind) if it.isVisible() and it.isEnabled()]


def _text(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()
