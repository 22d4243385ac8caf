"""Whatever shows a branch names it, so that nobody takes it for the log."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.dialogs.copy_dialog import CopyDialog
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.snapshots_dialog import SnapshotsDialog
from gui.main_window import MainWindow
from gui.views.sql_view import SqlView
from gui.widgets.branch_band import BranchBand
from gui.widgets.keyed_dialog import KeyedDialog
from store.branches.create import create_branch
from tests.gui.driven_window import open_store, settle


@pytest.fixture(name="branch")
def a_branch(store: Path) -> Path:
    return create_branch(store, "fix", fork=100)


def opened(window: MainWindow, kind: type[KeyedDialog]) -> KeyedDialog:
    (found,) = [it for it in window.findChildren(kind) if it.isVisible()]
    return found


def bands(dialog: KeyedDialog) -> list[str]:
    return [it.label.full_text() for it in dialog.findChildren(BranchBand) if it.isVisible()]


def test_the_page_for_sql_names_the_branch_that_is_asked(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path
) -> None:
    session, workspace = open_store(qtbot, window, branch)
    workspace.show_panel(SqlView)
    band = workspace.of(SqlView).branch
    qtbot.waitUntil(band.isVisible)
    assert band.label.full_text() == "branch fix"
    settle(qtbot, session)

    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(SqlView)
    qtbot.waitUntil(workspace.of(SqlView).isVisible)
    assert not workspace.of(SqlView).branch.isVisible()
    settle(qtbot, session)


@pytest.mark.parametrize(
    ("action", "kind", "title"),
    [
        ("export", ExportDialog, "Export events"),
        ("backup", CopyDialog, "Back up the store"),
        ("snapshots", SnapshotsDialog, "Snapshots"),
    ],
)
def test_a_dialog_about_a_branch_names_it_and_one_about_the_log_does_not(
    qtbot: QtBot,
    window: MainWindow,
    store: Path,
    branch: Path,
    action: str,
    kind: type[KeyedDialog],
    title: str,
) -> None:
    session, _ = open_store(qtbot, window, branch)
    window.actions_.do(action)
    dialog = opened(window, kind)
    assert dialog.windowTitle() == f"{title} – branch fix"
    assert bands(dialog) == ["branch fix"]
    dialog.close()
    settle(qtbot, session)

    session, _ = open_store(qtbot, window, store)
    window.actions_.do(action)
    dialog = opened(window, kind)
    assert dialog.windowTitle() == title
    assert bands(dialog) == []
    dialog.close()
    settle(qtbot, session)


def test_files_that_are_offered_for_a_branch_name_it_and_are_no_branches(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path
) -> None:
    session, _ = open_store(qtbot, window, branch)
    window.actions_.do("export")
    export = opened(window, ExportDialog)
    assert isinstance(export, ExportDialog)
    assert Path(export.out.text()).name == "orders-branch-fix.jsonl"
    export.close()
    window.actions_.do("backup")
    copy = opened(window, CopyDialog)
    assert isinstance(copy, CopyDialog)
    assert Path(copy.out.text()).name == "orders-branch-fix-backup.foldline"
    copy.close()
    settle(qtbot, session)


def test_the_file_for_an_audit_trail_names_the_branch(
    qtbot: QtBot, window: MainWindow, branch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = list[str]()

    def ask(_over: object, _title: str, start: str, _filter: str) -> tuple[str, str]:
        offered.append(Path(start).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    session, _ = open_store(qtbot, window, branch)
    window.actions_.do("export audit")

    assert offered == ["audit-branch-fix.csv"]
    settle(qtbot, session)
