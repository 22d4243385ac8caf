"""Making another file of a store: a new one, a backup, a smaller one, what can be salvaged, other
event types."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.copying import CopyingViewModel
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.file_row import file_row, label_of
from gui.widgets.form.job_rows import JobRows
from gui.widgets.words import Words
from gui.words import said

STORES: Final = said("Foldline stores (*.foldline);;All files (*)")
RULES: Final = said("Rules (*.json);;All files (*)")


class CopyDialog(DeliberateDialog):
    """The file appears only when it is whole, and never in the place of another; *Cancel* leaves
    nothing behind. `open_wanted(path)` when the new file shall be opened."""

    open_wanted = Signal(str)

    def __init__(self, work: CopyingViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(work.words.title)
        self.setAccessibleName(work.words.title)
        self.resize(640, 300)
        self._work, self._made = work, ""
        self.store, self.out = QLineEdit(work.store), QLineEdit(work.out_for(work.store))
        self.rule, self.why = QLineEdit(), QLineEdit()
        self.report = QLabel()
        self._job = JobRows(
            work,
            work.words.button,
            problem=said("{button}: problem", button=work.words.button),
            say=self.report.setText,
            cancelled=self._cancelled,
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self.run_button = QPushButton(work.words.button)
        self.open_button, self.close_button = (
            QPushButton(said("Open it")),
            QPushButton(said("Close")),
        )
        self._lay_out()
        self.deliberate()
        self._connect()

    def _lay_out(self) -> None:
        self.run_button.setProperty("primary", True)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        if self._work.kind == "salvage":
            form.addRow(*file_row(said("&Damaged store"), self.store, self._choose_store))
        if self._work.kind == "migrate":
            form.addRow(*file_row(said("&Rule"), self.rule, self._choose_rule))
            self.why.setAccessibleName(said("Why"))
            form.addRow(label_of(said("&Why"), self.why), self.why)
        form.addRow(*file_row(said("New &file"), self.out, self._choose_out))
        form.addRow("", Words("faint", self._work.words.about))
        self.report.setWordWrap(True)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addLayout(form)
        buttons = self.close_button, self.open_button, self.run_button
        self._job.lay_out(rows, self.report, *buttons)
        self.open_button.hide()

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.run)
        self.close_button.clicked.connect(self.reject)
        self.open_button.clicked.connect(self._open)
        self._work.changed.connect(self._allow)
        self._work.made.connect(self._show_made)

    @Slot()
    def run(self) -> None:
        """Make the file, with progress."""
        self._job.begin()
        self.report.clear()
        self.open_button.hide()
        self._work.run(
            store=self.store.text().strip(),
            out=self.out.text().strip(),
            rule=self.rule.text().strip(),
            why=self.why.text().strip(),
        )

    def reject(self) -> None:
        """Closing the window stops what runs."""
        self._work.cancel()
        super().reject()

    @Slot()
    def _allow(self) -> None:
        self.run_button.setEnabled(not self._work.is_running)

    @Slot()
    def _choose_store(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, said("Store"), self.store.text(), STORES)
        if chosen:
            self.store.setText(chosen)
            self.out.setText(self._work.out_for(chosen))

    @Slot()
    def _choose_rule(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, said("Rule"), self.rule.text(), RULES)
        if chosen:
            self.rule.setText(chosen)

    @Slot()
    def _choose_out(self) -> None:
        """A name that is taken is refused when the file is made, so nobody is asked here."""
        option = QFileDialog.Option.DontConfirmOverwrite
        chosen, _ = QFileDialog.getSaveFileName(
            self, said("New file"), self.out.text(), STORES, options=option
        )
        if chosen:
            self.out.setText(chosen)

    @Slot(str, str)
    def _show_made(self, path: str, words: str) -> None:
        self._made = path
        if self._work.kind == "new":
            self._open()
            return
        self._job.finish()
        self.report.setText(words)
        self.open_button.show()

    @Slot()
    def _open(self) -> None:
        self.accept()
        self.open_wanted.emit(self._made)

    def _cancelled(self) -> str:
        return said("Cancelled. Nothing was written.")
