"""A workspace goes into a file, bookmarks and notes with it, and comes back from it."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from tests.gui.driven_window import open_store, seek, settle


def test_place_filter_and_bookmarks_come_back(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    file = tmp_path / "mine.json"
    seek(qtbot, session, 42)
    session.filter.set_where("count > 10")
    session.bookmarks.add(42, "here", note="look")
    session.saved_filters.save("beyond ten")
    window.actions_["export workspace"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    qtbot.waitUntil(file.exists)
    session.bookmarks.remove(42)
    session.bookmarks.add(7, "mine")
    session.filter.clear()
    session.saved_filters.forget("beyond ten")
    seek(qtbot, session, 3)

    workspace.import_from(file)

    qtbot.waitUntil(lambda: session.selection.as_of == 42)
    assert session.filter.where == "count > 10"
    assert session.saved_filters.names == ("beyond ten",)
    told = [(it.position, it.name, it.note) for it in session.bookmarks.all]
    assert told == [(7, "mine", ""), (42, "here", "look")]
    settle(qtbot, session)


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "x"}', None])
def test_a_file_that_is_no_workspace_is_told_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path, content: str | None
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 42)
    file = tmp_path / "other.json"
    known = {"format": "foldline workspace", "version": 99, "place": {}}
    file.write_text(json.dumps(known) if content is None else content, "utf-8")

    workspace.import_from(file)

    qtbot.waitUntil(lambda: str(file) in window.banner.accessibleDescription())
    assert session.selection.as_of == 42
