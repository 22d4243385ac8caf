"""Ctrl+C in the event table: every chosen row, wherever it is, or how many are not there."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.viewmodels import row_copies
from gui.views.events_view import EventsView
from tests.gui.driven_window import PATIENCE_MS, open_store


def copy_all(qtbot: QtBot, window: MainWindow, store: Path) -> EventsView:
    """Copy every row, as Ctrl+C does when all are chosen."""
    _, workspace = open_store(qtbot, window, store)
    view = workspace.of(EventsView)
    QGuiApplication.clipboard().clear()
    view.grid.copy_wanted.emit((0, 299))
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=PATIENCE_MS)
    return view


def test_rows_that_were_never_in_sight_are_copied_too(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    view = copy_all(qtbot, window, store)

    lines = QGuiApplication.clipboard().text().splitlines()
    assert [int(it.split("\t")[0]) for it in lines] == list(range(1, 301))
    assert view.copying.text() == ""


def test_rows_too_many_to_copy_are_counted_with_how_to_have_them_all(
    qtbot: QtBot, window: MainWindow, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_copies, "MOST_COPIED", 50)

    view = copy_all(qtbot, window, store)

    assert len(QGuiApplication.clipboard().text().splitlines()) == 50
    assert view.copying.text().startswith("50 of 300 rows were copied; ")
    assert "File ▸ Export…" in view.copying.text()
