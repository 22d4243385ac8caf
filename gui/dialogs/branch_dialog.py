"""A new branch: its name and a note."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.problems import problem_of
from gui.viewmodels.branch_making import BranchMakingViewModel
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.words import Words
from gui.words import said


class BranchDialog(KeyedDialog):
    """Enter makes it. `made(path)` once it is there; what is wrong is told here."""

    made = Signal(object)

    def __init__(self, work: BranchMakingViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(said("New branch"))
        self.setAccessibleName(said("New branch"))
        self.resize(460, 240)
        self._work = work
        self.name = QLineEdit(work.suggested)
        self.note = QLineEdit()
        self.alone = QCheckBox(said("Leave out everything after this position"))
        self.again = QCheckBox(said("Decide later commands again after an edit"))
        self.wrong = Words("error")
        self.create_button = QPushButton(said("Create"))
        self._lay_out()
        work.made.connect(self._finish)
        work.failed.connect(self._fail)
        self.name.textChanged.connect(self._check)
        self.name.selectAll()
        self.name.setFocus()

    def _lay_out(self) -> None:
        self.name.setAccessibleName(said("Name of the branch"))
        self.note.setAccessibleName(said("Note"))
        self.note.setPlaceholderText(said("what it is for"))
        self.alone.setVisible(not self._work.has_edit and not self._work.is_rerun)
        self.again.setVisible(not self._work.is_rerun)
        self.again.setChecked(self._work.decides_again)
        self.again.setToolTip(
            said("Without it, events after an edit stay as recorded. It can be changed at any time")
        )
        self.wrong.setAccessibleName(said("Problem"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.create_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._make)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(said("&Name"), self.name)
        form.addRow(said("No&te"), self.note)
        form.addRow("", self.alone)
        form.addRow("", self.again)
        rows = QVBoxLayout(self)
        rows.addWidget(Words("dim", self._work.words))
        rows.addLayout(form)
        rows.addWidget(self.wrong)
        rows.addStretch(1)
        rows.addWidget(buttons)
        self.create_button.setDefault(True)  # now that it is in the dialog

    @Slot()
    def _check(self) -> None:
        name = self.name.text().strip()
        self.wrong.say(self._work.wrong(name) if name else "")

    @Slot()
    def _make(self) -> None:
        if self._work.is_busy:
            return
        name = self.name.text().strip()
        problem = self._work.wrong(name)
        self.wrong.say(problem)
        if problem:
            self.name.setFocus()
            return
        self.create_button.setEnabled(False)
        alone = self.alone.isChecked() and not self._work.has_edit
        note, again = self.note.text().strip(), self.again.isChecked()
        self._work.make(name, note, is_alone=alone, decides_again=again)

    @Slot(object)
    def _finish(self, path: object) -> None:
        self.made.emit(path)
        self.accept()

    @Slot(Exception)
    def _fail(self, error: Exception) -> None:
        problem = problem_of(error)
        self.create_button.setEnabled(True)
        self.wrong.say(f"{problem.what}. {problem.hint}".strip())
