"""Exporting: everything or what is listed, in a format, to a file."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.exporting import ExportingViewModel
from gui.viewmodels.import_words import WRITABLE
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.file_row import label_of
from gui.widgets.form.job_rows import JobRows
from gui.widgets.words import Words
from gui.words import said

ANSWERS: Final = said(
    "Answers of external systems are written to a second file "
    "(….answers.jsonl).\nKeep it as long as the events. Data that models store "
    "only to step back is left out."
)


class ExportDialog(DeliberateDialog):
    """The file appears only when it is whole; *Cancel* leaves nothing behind."""

    def __init__(self, work: ExportingViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(said("Export events"))
        self.setAccessibleName(said("Export events"))
        self.resize(640, 320)
        self._work = work
        self.out = QLineEdit()
        self.format = QComboBox()
        self.packed = QCheckBox(said("gzip"))
        self.listed = QCheckBox(said("Only the listed events"))
        self.losses = Words("dim")
        self.report = QLabel()
        self._job = JobRows(
            work,
            said("Export"),
            problem=said("Export problem"),
            say=self.report.setText,
            cancelled=self._cancelled,
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self.run_button, self.close_button = QPushButton(said("Export")), QPushButton(said("Close"))
        for name, title, _suffix in WRITABLE:
            self.format.addItem(title, name)
        self._lay_out()
        self.deliberate()
        self._connect()
        self._name_file()
        self._count()

    def _lay_out(self) -> None:
        self.out.setAccessibleName(said("File to write"))
        self.format.setAccessibleName(said("Format"))
        self.losses.setAccessibleName(said("What the format cannot store"))
        self.listed.setEnabled(self._work.has_choice)
        self.run_button.setProperty("primary", True)
        choose = QPushButton(said("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        file = QHBoxLayout()
        file.addWidget(self.out, 1)
        file.addWidget(choose)
        kind = QHBoxLayout()
        kind.addWidget(self.format, 1)
        kind.addWidget(self.packed)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.addRow(label_of(said("F&ormat"), self.format), kind)
        form.addRow(label_of(said("&File"), self.out), file)
        form.addRow("", self.listed)
        form.addRow("", self.losses)
        form.addRow("", Words("faint", ANSWERS))
        self.report.setWordWrap(True)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addLayout(form)
        self._job.lay_out(rows, self.report, self.close_button, self.run_button)

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._name_file)
        self.format.currentIndexChanged.connect(self._count)
        self.listed.toggled.connect(self._count)
        self.packed.toggled.connect(self._name_file)
        self.run_button.clicked.connect(self.run)
        self.close_button.clicked.connect(self.reject)
        self._work.changed.connect(self._allow)
        self._work.exported.connect(self._show_report)
        self._work.losing.connect(self._show_losses)

    @Slot()
    def run(self) -> None:
        """Write the file, with progress."""
        self._job.begin()
        self._work.run(
            self.out.text().strip(),
            str(self.format.currentData()),
            is_listed_only=self.listed.isChecked(),
        )

    def reject(self) -> None:
        """Closing the window stops a running export."""
        self._work.cancel()
        super().reject()

    @Slot()
    def _allow(self) -> None:
        self.run_button.setEnabled(not self._work.is_running)

    @Slot()
    def _name_file(self) -> None:
        at, is_packed = self.format.currentIndex(), self.packed.isChecked()
        self.out.setText(self._work.file_for(at, is_packed=is_packed))

    @Slot()
    def _count(self) -> None:
        chosen = str(self.format.currentData())
        self._work.count(chosen, is_listed_only=self.listed.isChecked())

    @Slot()
    def _choose(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, said("File to write"), self.out.text())
        if chosen:
            self.out.setText(chosen)

    @Slot(str)
    def _show_losses(self, words: str) -> None:
        self.losses.say(words)

    @Slot(str)
    def _show_report(self, words: str) -> None:
        self._job.finish()
        self.report.setText(words)

    def _cancelled(self) -> str:
        return said("Cancelled. Nothing was written.")
