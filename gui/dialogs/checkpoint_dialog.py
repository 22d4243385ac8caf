"""Signing a checkpoint of the open store, and proving the store by one."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.signing import SigningViewModel
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.file_row import file_row
from gui.widgets.form.job_rows import JobRows
from gui.widgets.words import Words
from gui.words import said

CHECKPOINTS: Final = said("Signed checkpoints (*.json);;All files (*)")
CHECKPOINT_ENDING: Final = ".checkpoint.json"


class CheckpointDialog(DeliberateDialog):
    """A key, a file for the checkpoint, and what came of it. Nothing that is there is written
    over; *Cancel* signs nothing."""

    def __init__(self, work: SigningViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(work.words.title)
        self.setAccessibleName(work.words.title)
        self.resize(640, 300)
        self._work = work
        self.key = QLineEdit(work.offered(work.words.key_ending))
        self.checkpoint = QLineEdit(work.offered(CHECKPOINT_ENDING))
        self.report = Words()
        self._job = JobRows(
            work,
            work.words.title,
            problem=said("{title}: problem", title=work.words.title),
            say=self.report.say,
            cancelled=self._cancelled,
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self.keys_button = QPushButton(said("Create keys"))
        self.run_button, self.close_button = (
            QPushButton(work.words.button),
            QPushButton(said("Close")),
        )
        self._lay_out()
        self.deliberate()
        self._connect()

    def _lay_out(self) -> None:
        self.run_button.setProperty("primary", True)
        self.keys_button.setAutoDefault(False)
        self.keys_button.setToolTip(
            said("Create a private key with this name and a public key beside it")
        )
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        label, cells = file_row(self._work.words.key, self.key, self._choose_key)
        if self._work.kind == "sign":
            cells.addWidget(self.keys_button)
        form.addRow(label, cells)
        form.addRow(*file_row(said("Check&point"), self.checkpoint, self._choose_checkpoint))
        form.addRow("", Words("faint", self._work.words.about))
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addLayout(form)
        self._job.lay_out(rows, self.report, self.close_button, self.run_button)

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.run)
        self.keys_button.clicked.connect(self.make_keys)
        self.close_button.clicked.connect(self.reject)
        self._work.changed.connect(self._allow)
        self._work.keys_made.connect(self._show_keys)
        self._work.done.connect(self._show_done)
        self._work.refuted.connect(self._show_refuted)

    @Slot()
    def run(self) -> None:
        """Sign or prove, with progress."""
        self._begin()
        self._work.run(key=self.key.text().strip(), checkpoint=self.checkpoint.text().strip())

    @Slot()
    def make_keys(self) -> None:
        """Make keys under the name that stands in the field."""
        self._begin()
        self._work.make_keys(self.key.text().strip())

    def reject(self) -> None:
        """Closing the window stops what runs."""
        self._work.cancel()
        super().reject()

    def _begin(self) -> None:
        self._job.begin()
        self.report.say("")

    @Slot()
    def _allow(self) -> None:
        for button in (self.run_button, self.keys_button):
            button.setEnabled(not self._work.is_running)

    @Slot()
    def _choose_key(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, said("Key"), self.key.text())
        if chosen:
            self.key.setText(chosen)

    @Slot()
    def _choose_checkpoint(self) -> None:
        """A name that is taken is refused when it is signed, so nobody is asked here."""
        where = self.checkpoint.text()
        if self._work.kind == "prove":
            chosen, _ = QFileDialog.getOpenFileName(self, said("Checkpoint"), where, CHECKPOINTS)
        else:
            option = QFileDialog.Option.DontConfirmOverwrite
            chosen, _ = QFileDialog.getSaveFileName(
                self, said("Checkpoint"), where, CHECKPOINTS, options=option
            )
        if chosen:
            self.checkpoint.setText(chosen)

    @Slot(str, str)
    def _show_keys(self, key: str, words: str) -> None:
        self.key.setText(key)
        self._show_done(words)

    @Slot(str)
    def _show_done(self, words: str) -> None:
        self._job.finish()
        self.report.say(words)

    @Slot(str)
    def _show_refuted(self, words: str) -> None:
        self.progress.hide()
        self.problem.show_problem(words, to_do=said("Compare the store with an earlier backup."))

    def _cancelled(self) -> str:
        return said("Cancelled. Nothing was signed or verified.")
