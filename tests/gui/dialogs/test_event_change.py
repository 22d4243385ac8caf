"""Changing an event type in the window: three reasons, tried, and the code copied."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.dialogs.event_change_dialog import EventChangeDialog
from gui.main_window import MainWindow
from store.sqlite.store import open_store
from tests.gui.driven_window import PATIENCE_MS, seek
from tests.gui.driven_window import open_store as show_store
from tests.replay.conference_office import Office


@pytest.fixture
def store(tmp_path: Path) -> Path:
    office = Office(tmp_path / "conference.foldline")
    office.register("o1", general=1)
    office.close()
    return office.path


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, store: Path) -> EventChangeDialog:
    session, _ = show_store(qtbot, window, store)
    placed = next(it.position for it in _events(store) if it.type == "OrderPlaced")
    seek(qtbot, session, placed)
    window.actions_["change event"].trigger()
    (found,) = [it for it in window.findChildren(EventChangeDialog) if it.isVisible()]
    return found


def _events(store: Path):  # type: ignore[no-untyped-def]
    opened = open_store(store)
    found = list(opened.read())
    opened.close()
    return found


def try_(qtbot: QtBot, dialog: EventChangeDialog, told: str) -> None:
    qtbot.mouseClick(dialog.try_, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: told in dialog.tried.text() and dialog.try_.isEnabled(), timeout=PATIENCE_MS
    )


def test_the_type_under_the_cursor_is_offered(dialog: EventChangeDialog) -> None:
    assert dialog.type.currentText() == "OrderPlaced"
    assert dialog.fields.isChecked()
    assert not dialog.why.isEnabled()
    assert not dialog.copy.isEnabled()


def test_a_field_gets_another_name(qtbot: QtBot, dialog: EventChangeDialog, store: Path) -> None:
    before = [it.data_json for it in _events(store)]
    kind, field, value = dialog.edits[0]
    kind.setCurrentIndex(kind.findData("rename"))
    qtbot.keyClicks(field, "accessCode")
    qtbot.keyClicks(value, "code")

    try_(qtbot, dialog, "does not take 1 of them")

    assert "accessCode" in dialog.rows.text(0, 1)
    assert "code: " in dialog.rows.text(0, 2)
    assert "accessCode" in dialog.rows.text(0, 3)
    assert 'data["code"] = data.pop("accessCode")' in dialog.code.toPlainText()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == dialog.code.toPlainText()
    assert [it.data_json for it in _events(store)] == before


def test_a_type_gets_another_name(qtbot: QtBot, dialog: EventChangeDialog) -> None:
    dialog.renamed.setChecked(True)
    qtbot.keyClicks(dialog.becomes, "SeatsWanted")

    try_(qtbot, dialog, "1 events are stored in this shape.")

    assert 'becomes="SeatsWanted"' in dialog.code.toPlainText()


def test_a_type_is_retired_only_with_a_reason(qtbot: QtBot, dialog: EventChangeDialog) -> None:
    dialog.retired.setChecked(True)
    assert not dialog.edits[0][0].isEnabled()

    try_(qtbot, dialog, "Say why")
    assert not dialog.copy.isEnabled()
    qtbot.keyClicks(dialog.why, "nobody asks")
    try_(qtbot, dialog, "1 events")

    assert dialog.rows.text(0, 2) == "no effect"
    assert 'retired={"OrderPlaced": "nobody asks"}' in dialog.code.toPlainText()
