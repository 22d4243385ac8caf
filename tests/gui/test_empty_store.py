"""In a store without events nothing is done with an event: menus say why, keys do nothing."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.action_reasons import NO_EVENT
from gui.main_window import MainWindow
from store.opening import open_store as open_log
from tests.gui.driven_window import settle
from tests.gui.every_surface import open_dialogs

OF_AN_EVENT = {"bookmark", "note", "bookmark range", "without"}


def test_what_concerns_an_event_is_grey_with_a_reason_and_its_keys_open_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "new.foldline"
    open_log(path, create=True).close()
    window.show()
    window.open_store(path)
    qtbot.waitUntil(lambda: window.session is not None and bool(window.session.status.views))
    session = window.open_session()
    settle(qtbot, session)
    menu = window.menus["Go"]

    menu.aboutToShow.emit()
    grey = {
        it.objectName(): it.toolTip()
        for it in menu.actions()
        if it.objectName() in OF_AN_EVENT and not it.isEnabled()
    }
    menu.aboutToHide.emit()
    for modifier in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        qtbot.keyClick(window, Qt.Key.Key_B, modifier)
    qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, session)

    assert set(grey) == OF_AN_EVENT
    assert all(NO_EVENT in it for it in grey.values())
    assert open_dialogs() == []
    assert not session.bookmarks.all
