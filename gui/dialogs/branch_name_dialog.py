"""The name and the note of a branch that is there."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.words import Words
from gui.words import said


class BranchNameDialog(KeyedDialog):
    """`kept(name, note)` when a person keeps them."""

    kept = Signal(str, str)

    def __init__(
        self, name: str, note: str, *, wrong: Callable[[str], str], parent: QWidget | None
    ) -> None:
        """`wrong` says why a branch cannot be called so; empty where it can."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = said("Branch {name}", name=name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(420, 180)
        self._before, self._wrong = name, wrong
        self.name, self.note = QLineEdit(name), QLineEdit(note)
        self.name.setAccessibleName(said("Name of the branch"))
        self.note.setAccessibleName(said("Note"))
        self.wrong = Words("error")
        self.keep = QPushButton(said("Save"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.keep, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(said("&Name"), self.name)
        form.addRow(said("No&te"), self.note)
        rows = QVBoxLayout(self)
        rows.addLayout(form)
        rows.addWidget(self.wrong)
        rows.addStretch(1)
        rows.addWidget(buttons)
        self.keep.setDefault(True)  # now that it is in the dialog
        self.name.selectAll()
        self.name.setFocus()

    @Slot()
    def _keep(self) -> None:
        name = self.name.text().strip()
        problem = "" if name == self._before else self._wrong(name)
        self.wrong.say(problem)
        if not problem:
            self.kept.emit(name, self.note.text().strip())
            self.accept()
