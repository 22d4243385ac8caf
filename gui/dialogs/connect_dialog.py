"""Connect to an event store on a server: its address, what is there, and the local store."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.connecting import ConnectingViewModel
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.file_row import file_row, label_of
from gui.widgets.form.job_rows import JobRows
from gui.widgets.form.server_fields import AddressBox, PasswordField
from gui.widgets.words import Words
from gui.words import said

STORES: Final = said("Foldline stores (*.foldline)")
TITLE: Final = said("Connect to a server")
EXAMPLE: Final = said("postgresql://user@host:5432/database?schema=foldline")


class ConnectDialog(DeliberateDialog):
    """The store is copied into a local one, which then grows with it. *Cancel* does nothing."""

    def __init__(self, work: ConnectingViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAccessibleName(TITLE)
        self.resize(680, 340)
        self._work = work
        self._offered = ""
        self.address, self.password = AddressBox(EXAMPLE), PasswordField()
        self.into, self.report = QLineEdit(), Words()
        self.about_password = Words("faint")
        self.keep = QCheckBox(said("Keep in the system's &keyring"))
        self._job = JobRows(
            work,
            said("Test the connection"),
            problem=said("Connect: problem"),
            say=self.report.say,
            cancelled=lambda: said("Cancelled. The connection was not tested."),
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self.test_button = QPushButton(said("Test"))
        self.connect_button = QPushButton(said("Connect"))
        self.close_button = QPushButton(said("Cancel"))
        self._set_up()
        self._lay_out()
        self.deliberate()
        self._connect()

    def _set_up(self) -> None:
        self.address.offer(self._work.recent, chosen=next(iter(self._work.recent), ""))
        self.connect_button.setProperty("primary", True)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._offer()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(label_of(said("&Address"), self.address), self.address)
        form.addRow(label_of(said("&Password"), self.password), self.password)
        form.addRow("", self.about_password)
        form.addRow("", self.keep)
        self.keep.hide()  # until there is a keyring
        form.addRow(*file_row(said("Local &store"), self.into, self._choose))
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addLayout(form)
        buttons = (self.close_button, self.test_button, self.connect_button)
        self._job.lay_out(rows, self.report, *buttons)

    def _connect(self) -> None:
        self.address.editTextChanged.connect(self._offer)
        self._work.keyring_found.connect(self.keep.show)
        self._work.look_for_keyring()
        self.test_button.clicked.connect(self.test)
        self.connect_button.clicked.connect(self.connect_now)
        self.close_button.clicked.connect(self.reject)
        self._work.changed.connect(self._allow)
        self._work.seen.connect(self._show_seen)
        self._work.mirror_wanted.connect(self.accept)

    @Slot()
    def test(self) -> None:
        """Tell what is there, or why nothing can be told."""
        self._job.begin()
        self.report.say("")
        self._work.test(self.address.currentText(), self.password.text())
        if not self._work.is_running:
            self.progress.hide()

    @Slot()
    def connect_now(self) -> None:
        """Begin the mirror, and close."""
        self.problem.dismiss()
        self._work.cancel()
        self._work.connect_to(
            self.address.currentText(),
            self.password.text(),
            self.into.text().strip(),
            has_to_be_kept=self.keep.isChecked(),
        )

    def reject(self) -> None:
        """Closing the window stops a test."""
        self._work.cancel()
        super().reject()

    @Slot()
    def _offer(self) -> None:
        """A name for the local store, unless a person has typed one; and where the password of
        such a server may be."""
        self.about_password.say(self._work.password_words(self.address.currentText()))
        if self.into.text() == self._offered:
            self._offered = self._work.offered(self.address.currentText())
            self.into.setText(self._offered)

    @Slot()
    def _allow(self) -> None:
        self.test_button.setEnabled(not self._work.is_running)

    @Slot()
    def _choose(self) -> None:
        """A store that mirrors this server already may be chosen too: it goes on."""
        option = QFileDialog.Option.DontConfirmOverwrite
        chosen, _ = QFileDialog.getSaveFileName(
            self, said("Local store"), self.into.text(), STORES, options=option
        )
        if chosen:
            self.into.setText(chosen)

    @Slot(str)
    def _show_seen(self, words: str) -> None:
        self._job.finish()
        self.report.say(words)
