"""Name a query store whose rows a pane shows: its address, and what is there."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QPushButton, QVBoxLayout, QWidget

from gui.viewmodels.naming_store import NamingStoreViewModel
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.file_row import label_of
from gui.widgets.form.job_rows import JobRows
from gui.widgets.form.server_fields import AddressBox, PasswordField
from gui.widgets.words import Words
from gui.words import said

TITLE: Final = said("Rows of a query store")
EXAMPLE: Final = said("opensearch://user@host:9200/name")


class QueryStoreDialog(DeliberateDialog):
    """The server is only read. *Cancel* does nothing."""

    def __init__(self, work: NamingStoreViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAccessibleName(TITLE)
        self.resize(640, 300)
        self._work = work
        self.address, self.password, self.report = AddressBox(EXAMPLE), PasswordField(), Words()
        self._job = JobRows(
            work,
            said("Test the connection"),
            problem=said("Query store: problem"),
            say=self.report.say,
            cancelled=lambda: said("Cancelled. The connection was not tested."),
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self.forget_button = QPushButton(said("Forget"))
        self.test_button = QPushButton(said("Test"))
        self.add_button = QPushButton(said("Show its rows"))
        self.close_button = QPushButton(said("Cancel"))
        self._set_up()
        self._lay_out()
        self.deliberate()
        self._connect()
        self._allow()

    def _set_up(self) -> None:
        self.address.offer(self._work.kept, chosen="")
        self.add_button.setProperty("primary", True)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(label_of(said("&Address"), self.address), self.address)
        form.addRow(label_of(said("&Password"), self.password), self.password)
        about = said(
            "Not needed if the environment, a password file or the system's keyring has it. It is "
            "kept until you quit, and stored in no file. The address is stored with this log."
        )
        form.addRow("", Words("faint", about))
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addLayout(form)
        buttons = (self.forget_button, self.close_button, self.test_button, self.add_button)
        self._job.lay_out(rows, self.report, *buttons)

    def _connect(self) -> None:
        self.address.editTextChanged.connect(self._allow)
        self.forget_button.clicked.connect(self.forget)
        self.test_button.clicked.connect(self.test)
        self.add_button.clicked.connect(self.add)
        self.close_button.clicked.connect(self.reject)
        self._work.changed.connect(self._allow)
        self._work.seen.connect(self._show_seen)
        self._work.named.connect(self.accept)

    @Slot()
    def test(self) -> None:
        """Tell what is there, or why nothing can be told."""
        self._job.begin()
        self.report.say("")
        self._work.test(self.address.currentText(), self.password.text())
        if not self._work.is_running:
            self.progress.hide()

    @Slot()
    def add(self) -> None:
        """Keep the address, and close."""
        self.problem.dismiss()
        self.report.say("")
        self._work.add(self.address.currentText(), self.password.text())

    @Slot()
    def forget(self) -> None:
        """Keep the address no longer."""
        self._work.forget(self.address.currentText())
        self.address.removeItem(self.address.findText(self.address.currentText()))
        self.address.setCurrentText("")

    def reject(self) -> None:
        """Closing the window stops a test."""
        self._work.cancel()
        super().reject()

    @Slot()
    def _allow(self) -> None:
        text = self.address.currentText().strip()
        self.test_button.setEnabled(bool(text) and not self._work.is_running)
        self.add_button.setEnabled(bool(text))
        self.forget_button.setEnabled(self.address.findText(text) >= 0)

    @Slot(str)
    def _show_seen(self, words: str) -> None:
        self._job.finish()
        self.report.say(words)
