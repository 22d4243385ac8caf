"""Changing an event type in the window: three reasons, tried, and the code copied."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
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

    try_(qtbot, dialog, "does not accept 1 of them")

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

    try_(qtbot, dialog, "1 event is stored in this shape.")

    assert 'becomes="SeatsWanted"' in dialog.code.toPlainText()


def test_a_type_is_retired_only_with_a_reason(qtbot: QtBot, dialog: EventChangeDialog) -> None:
    dialog.retired.setChecked(True)
    assert not dialog.edits[0][0].isEnabled()

    qtbot.mouseClick(dialog.try_, Qt.MouseButton.LeftButton)
    assert dialog.errors["retired"].full_text() == "Enter why it is no longer needed."
    assert dialog.focusWidget() is dialog.why
    assert not dialog.copy.isEnabled()
    qtbot.keyClicks(dialog.why, "nobody asks")
    try_(qtbot, dialog, "1 event is stored")

    assert dialog.rows.text(0, 2) == "no effect"
    assert 'retired={"OrderPlaced": "nobody asks"}' in dialog.code.toPlainText()


def test_what_is_missing_is_said_beside_it_and_moves_nothing(
    qtbot: QtBot, dialog: EventChangeDialog
) -> None:
    kind, field, value = dialog.edits[0]
    where = [it.geometry() for it in (dialog.try_, field, dialog.why)]

    qtbot.mouseClick(dialog.try_, Qt.MouseButton.LeftButton)
    assert dialog.errors["fields"].full_text() == "Choose what to do with a field."
    kind.setCurrentIndex(kind.findData("add"))
    assert dialog.errors["fields"].full_text() == ""
    qtbot.mouseClick(dialog.try_, Qt.MouseButton.LeftButton)
    assert dialog.errors["fields"].full_text() == "Enter the field's name."
    qtbot.keyClicks(field, "currency")
    qtbot.mouseClick(dialog.try_, Qt.MouseButton.LeftButton)
    assert dialog.errors["fields"].full_text() == "Enter the value."
    assert dialog.focusWidget() is value
    dialog.renamed.setChecked(True)
    qtbot.keyClicks(dialog.becomes, "Order Placed")
    qtbot.mouseClick(dialog.try_, Qt.MouseButton.LeftButton)
    assert dialog.errors["renamed"].full_text() == "A name consists of letters, digits and _."

    assert [it.geometry() for it in (dialog.try_, field, dialog.why)] == where


def test_a_value_that_is_plain_text_needs_no_quotes(
    qtbot: QtBot, dialog: EventChangeDialog
) -> None:
    kind, field, value = dialog.edits[0]
    kind.setCurrentIndex(kind.findData("add"))
    qtbot.keyClicks(field, "currency")
    qtbot.keyClicks(value, "EUR")

    try_(qtbot, dialog, "1 event is stored in this shape.")

    assert 'data.setdefault("currency", "EUR")' in dialog.code.toPlainText()


def test_each_way_says_what_it_does_and_when_it_is_right(dialog: EventChangeDialog) -> None:
    said = [it.text() for it in dialog.findChildren(QLabel)]

    for way in (dialog.retired, dialog.fields, dialog.renamed):
        assert any("Use this when" in it and it == way.accessibleDescription() for it in said)


def test_a_field_that_bears_the_meaning_is_said_to_need_a_new_type(
    qtbot: QtBot, dialog: EventChangeDialog
) -> None:
    kind, field, _ = dialog.edits[0]
    kind.setCurrentIndex(kind.findData("drop"))
    qtbot.keyClicks(field, "seats")

    try_(qtbot, dialog, "seats bears the meaning of OrderPlaced")

    assert "record a new type, not a new version" in dialog.tried.text()
