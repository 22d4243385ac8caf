"""Importing: choose a file, see what was found in it, then run and read the report."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.import_words import FORMATS, NO_EVENT, PREVIEW_TITLES
from gui.viewmodels.importing import ImportingViewModel
from gui.widgets.form.choice_fields import ChoiceField, ChoiceFields
from gui.widgets.form.file_row import label_of
from gui.widgets.form.job_rows import JobRows


class ImportDialog(QDialog):
    """Everything runs in a process of its own; *Cancel* leaves no trace.

    `imported(store path)` after events were stored.
    """

    imported = Signal(str)

    def __init__(
        self, work: ImportingViewModel, parent: QWidget | None, *, source: str = "", store: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import events")
        self.setAccessibleName("Import events")
        self.resize(860, 620)
        self._work = work
        self.source, self.store = QLineEdit(source), QLineEdit(store)
        self.format = QComboBox()
        self.found = QLabel()
        self.choices = ChoiceFields()
        self._looked_at = ("", "")  # the file and the format that the choices belong to
        self.preview = QTableWidget(0, len(PREVIEW_TITLES))
        self.report = QLabel()
        self._job = JobRows(
            work,
            "Import",
            problem="Import problem",
            say=self._tell,
            cancelled=lambda: work.report,
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self._report_place = QScrollArea()
        self.run_button, self.close_button = QPushButton("Import"), QPushButton("Close")
        self._name_everything()
        self._lay_out()
        self._connect()
        self._show_ready()
        if source:
            self.look()

    @Slot()
    def look(self) -> None:
        """Find the format and show the first records."""
        source = self.source.text().strip()
        if not source:
            return
        if not self.store.text():
            self.store.setText(str(_store_beside(Path(source))))
        if (source, self._format()) != self._looked_at:
            self._looked_at = (source, self._format())
            self.choices.show_choices(())
        self._work.look(source, self._format(), self.choices.values())

    @Slot()
    def run(self) -> None:
        """Import, with progress."""
        self._job.begin()
        source, store = self.source.text().strip(), self.store.text().strip()
        self._work.run(source, store, self._format(), self.choices.values())
        self._tell("")

    def reject(self) -> None:
        """Closing the window stops a running import, which then leaves no trace."""
        self._work.cancel()
        super().reject()

    def _name_everything(self) -> None:
        self.source.setAccessibleName("File to import")
        self.store.setAccessibleName("Store to import into")
        self.format.setAccessibleName("Format")
        self.preview.setAccessibleName("First records of the file")
        self.report.setAccessibleName("Import report")
        self.source.setPlaceholderText("an event file, plain or .gz")
        self.store.setPlaceholderText("name.foldline: made when it is not there")
        self.run_button.setProperty("primary", True)
        self.run_button.setDefault(True)
        for name, title in FORMATS:
            self.format.addItem(title, name)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.addRow(
            label_of("&File", self.source), self._with_button(self.source, self._choose_source)
        )
        form.addRow(label_of("F&ormat", self.format), self._format_row())
        form.addRow(
            label_of("&Into store", self.store), self._with_button(self.store, self._choose_store)
        )
        self.preview.setHorizontalHeaderLabels(list(PREVIEW_TITLES))
        self.preview.verticalHeader().hide()
        self.preview.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.preview.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.preview.setShowGrid(False)
        self.preview.setTabKeyNavigation(False)
        header = self.preview.horizontalHeader()
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((44, 190, 150, 190)):
            self.preview.setColumnWidth(column, width)
        self.report.setWordWrap(True)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._report_place.setWidget(self.report)
        self._report_place.setWidgetResizable(True)
        self._report_place.setFrameShape(QFrame.Shape.NoFrame)
        self._report_place.hide()
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addLayout(form)
        rows.addWidget(self.choices)
        rows.addWidget(self.problem)
        rows.addWidget(self.preview, 1)
        rows.addWidget(self._report_place, 1)
        self._job.lay_out_end(rows, self.close_button, self.run_button)

    def _with_button(self, field: QLineEdit, choose: Any) -> QHBoxLayout:
        button = QPushButton("Choose…")
        button.setAccessibleName(f"Choose: {field.accessibleName()}")
        button.setAutoDefault(False)
        button.clicked.connect(choose)
        cells = QHBoxLayout()
        cells.addWidget(field, 1)
        cells.addWidget(button)
        return cells

    def _format_row(self) -> QHBoxLayout:
        self.found.setProperty("role", "dim")
        cells = QHBoxLayout()
        cells.addWidget(self.format)
        cells.addWidget(self.found, 1)
        return cells

    def _connect(self) -> None:
        self.source.editingFinished.connect(self.look)
        self.format.activated.connect(self.look)
        self.choices.chosen.connect(self.look)
        self.run_button.clicked.connect(self.run)
        self.close_button.clicked.connect(self.reject)
        self._work.changed.connect(self._show_ready)
        self._work.looked.connect(self._show_preview)
        self._work.imported.connect(self._show_report)
        self._work.failed.connect(self.found.clear)
        self.source.textChanged.connect(self._show_ready)
        self.store.textChanged.connect(self._show_ready)

    def _format(self) -> str:
        return str(self.format.currentData() or "")

    @Slot()
    def _choose_source(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "File to import", self.source.text())
        if chosen:
            self.source.setText(chosen)
            self.look()

    @Slot()
    def _choose_store(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            "Store to import into",
            self.store.text(),
            "Foldline stores (*.foldline)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.store.setText(chosen)

    @Slot()
    def _show_ready(self) -> None:
        is_running = self._work.is_running
        is_ready = bool(self.source.text().strip() and self.store.text().strip())
        self.run_button.setEnabled(is_ready and not is_running)
        self.found.setText(self._work.found)
        if not is_running:
            self.progress.hide()

    @Slot()
    def _show_preview(self) -> None:
        self.problem.dismiss()
        self.found.setText(self._work.found)
        self.choices.show_choices(
            [ChoiceField(it.name, it.title, it.values, it.chosen) for it in self._work.choices]
        )
        rows = self._work.rows
        self.preview.clearSpans()
        self.preview.setRowCount(len(rows))
        for at, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.preview.setItem(at, column, QTableWidgetItem(text))
            if texts[1].startswith(NO_EVENT):
                self.preview.setSpan(at, 1, 1, len(texts) - 1)

    @Slot(str)
    def _show_report(self, store: str) -> None:
        self._job.finish()
        self._tell(self._work.report)
        if self._work.has_stored:
            self.imported.emit(store)

    def _tell(self, report: str) -> None:
        self.report.setText(report)
        self._report_place.setVisible(bool(report))


def _store_beside(source: Path) -> Path:
    """events.jsonl.gz → events.foldline, in the same folder."""
    name = source.name.removesuffix(".gz")
    return source.with_name(f"{Path(name).stem or 'events'}.foldline")
