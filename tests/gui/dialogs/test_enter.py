"""Enter in a field of a dialog does nothing that cannot be taken back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui.dialogs.checkpoint_dialog import CheckpointDialog
from gui.dialogs.copy_dialog import CopyDialog
from gui.viewmodels.copying import CopyingViewModel
from gui.viewmodels.signing import SigningViewModel
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.work.jobs import Jobs
from store.place import Place
from tests.gui.driven_window import PATIENCE_MS

DIALOGS = Path(__file__).parents[3] / "gui" / "dialogs"
HARMLESS = {
    "trust_dialog.py": "cancel",
    "bookmark_dialog.py": "keep",  # a note can be changed
    # A branch can be deleted, named otherwise, and its edits are undone.
    "branch_dialog.py": "create_button",
    "branch_name_dialog.py": "keep",
    "event_text_dialog.py": "keep",
    "move_event_dialog.py": "move_button",
}


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


def defaults(source: str) -> list[str]:
    """The buttons that a dialog lets Enter press from anywhere."""
    return [
        node.func.value.attr if isinstance(node.func.value, ast.Attribute) else "?"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setDefault"
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value is True
    ]


def test_no_dialog_lets_enter_do_what_cannot_be_taken_back() -> None:
    found = {it.name: defaults(it.read_text("utf-8")) for it in DIALOGS.glob("*.py")}

    wrong = {name: it for name, it in found.items() if it and it != [HARMLESS.get(name)]}
    assert wrong == {}
    assert defaults("self.run_button.setDefault(True)") == ["run_button"]


def opened(
    jobs: Jobs, store: Path, folder: Path, kind: str
) -> tuple[DeliberateDialog, QPushButton]:
    """A dialog that could do its work, and the button that does it."""
    if kind == "copy":
        copy = CopyDialog(CopyingViewModel(jobs, "backup", Place(store)), None)
        copy.out.setText(str(folder / "copy.foldline"))
        return copy, copy.run_button
    sign = CheckpointDialog(SigningViewModel(jobs, "sign", Place(store)), None)
    sign.key.setText(str(folder / "mine.key"))
    return sign, sign.keys_button


@pytest.mark.parametrize("kind", ["copy", "sign"])
def test_enter_in_a_field_begins_no_work_and_on_the_button_it_does(
    qtbot: QtBot, jobs: Jobs, store: Path, tmp_path: Path, kind: str
) -> None:
    dialog, button = opened(jobs, store, tmp_path, kind)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=PATIENCE_MS)

    for it in dialog.findChildren(QLineEdit):
        if it.isEnabled() and it.isVisible():
            it.setFocus()
            qtbot.keyClick(it, Qt.Key.Key_Return)
    assert jobs.running == []
    assert dialog.isVisible()

    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert len(jobs.running) == 1
    qtbot.waitUntil(lambda: not jobs.running, timeout=PATIENCE_MS)
    dialog.close()
