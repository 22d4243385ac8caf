"""Importing: choose a file, see what would come in by which rules, then run and read the report."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.import_draft import (
    ENCODING,
    FIELD_WORDS,
    FROM_FILE,
    ORDER,
    ORDER_CHOICES,
    ROW_FORMS,
    ImportDraft,
    RuleRow,
    mapping_of,
)
from gui.viewmodels.import_words import (
    FORMATS,
    NO_EVENT,
    PREVIEW_TITLES,
    mixing_question,
    target_note,
)
from gui.viewmodels.importing import ImportingViewModel
from gui.widgets.dropdown import Dropdown
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form.choice_fields import ChoiceField, ChoiceFields
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.file_row import label_of
from gui.widgets.form.job_rows import JobRows
from gui.widgets.form.mixing_box import ask_to_mix
from gui.widgets.form.noted_fields import NamedField
from gui.widgets.form.rule_fields import RuleFields
from gui.widgets.form.rule_rows import RowForm
from gui.widgets.form.store_rows import StoreRows
from gui.widgets.grid.record_table import RecordTable
from gui.widgets.underline_tabs import UnderlineTabs
from gui.words import said
from gui.work.reports import FileChoice
from gui.work.source_text import line_of

PAUSE_MS: Final = 300  # of typing, after which the preview follows
IMPORT: Final = said("Import")
PROBLEM: Final = said("Import problem")
RULES: Final = said("Rules of an import (*.json)")
WIDTHS: Final = (44, 170, 140, 240, 120, 110, 110, 90)
ALWAYS: Final = 5  # columns that are there also where they are empty
UNREADABLE: Final = said("The file cannot be read. The message above says why.")
NO_RECORD: Final = said("The file contains no records.")
NO_FILE: Final = said("Choose a file to see its first events here. Nothing is imported yet.")


class ImportDialog(DeliberateDialog):
    """Nothing is stored before *Import* is pressed, and that only when what would come in is shown.
    Everything runs in a process of its own; *Cancel* leaves no trace.

    `imported(store path)` after events were stored.
    """

    imported = Signal(str)

    def __init__(
        self, work: ImportingViewModel, parent: QWidget | None, *, source: str = "", store: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(said("Import events"))
        self.setAccessibleName(said("Import events"))
        self.resize(1120, 720)
        self._work = work
        self.source, self._form = QLineEdit(source), QFormLayout()
        self.format = Dropdown()
        self.found = ElidedLabel(role="dim")
        self.why = ElidedLabel(role="dim")  # nothing can be imported yet
        self.choices = ChoiceFields()
        self.fields = RuleFields(
            said("Rules of the import"),
            [NamedField(*it) for it in FIELD_WORDS],
            [RowForm(*it) for it in ROW_FORMS],
            FROM_FILE,
        )
        self.fields.fill({ORDER: ORDER_CHOICES[0]}, [])
        self.load_button = QPushButton(said("Load rules…"))
        self.save_button = QPushButton(said("Save rules…"))
        self._loaded_choices: Mapping[str, str] = {}  # of a file of rules, until they are shown
        self._looked_at = ("", "")  # the file and the format that the choices belong to
        self.preview = RecordTable(
            said("First records of the file"), PREVIEW_TITLES, WIDTHS, always=ALWAYS, empty=NO_FILE
        )
        self.report = QLabel()
        self.results = UnderlineTabs(said("Contents of the file"))
        self.question: QMessageBox | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._job = JobRows(
            work, IMPORT, problem=PROBLEM, say=self._tell, cancelled=lambda: work.bringing.report
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self.run_button = QPushButton(said("I&mport"))
        self.try_button = QPushButton(said("&Dry run"))
        self.close_button = QPushButton(said("Close"))
        self._name_everything()
        self._lay_out(store)
        self._connect()
        self.deliberate()
        self._show_ready()
        if source:
            self.look()

    def draft(self) -> ImportDraft:
        """Everything that is typed and chosen by now."""
        values = self.fields.roles.values()
        return ImportDraft(
            source=self.source.text().strip(),
            into=self.into.text(),
            format=str(self.format.currentData() or ""),
            choices=self.choices.values() or self._loaded_choices,
            encoding=values.get(ENCODING, ""),
            mapping=mapping_of(values),
            rows=tuple(RuleRow(*it) for it in self.fields.rules.rows()),
            order=values.get(ORDER, ""),
        )

    @Slot()
    def look(self) -> None:
        """Find the format and show the first records, by the rules."""
        self._pause.stop()
        source = self.source.text().strip()
        if not source:
            return
        self.into.follow(self._work.new_store_for(source))
        if (source, self.format.currentData()) != self._looked_at:
            self._looked_at = (source, self.format.currentData())
            self.choices.show_choices(())
        self._work.look(self.draft())

    @Slot()
    def run(self) -> None:
        """Import; into a store that has events only after it was asked."""
        if not self._work.is_seen(self.draft()):
            self.look()
        elif self._work.bringing.mixes:
            asked = mixing_question(self._work.bringing.target)
            self.question = ask_to_mix(self, *asked, add=self._run)
        else:
            self._run()

    @Slot()
    def rehearse(self) -> None:
        """Tell everything that an import would do."""
        self._begin(is_rehearsal=True)

    def reject(self) -> None:
        """Closing the window stops a running import, which then leaves no trace."""
        self._work.cancel()
        super().reject()

    @Slot()
    def _run(self) -> None:
        self._begin(is_rehearsal=False)

    def _begin(self, *, is_rehearsal: bool) -> None:
        self._job.begin()
        self._tell("")
        self._work.run(self.draft(), is_rehearsal=is_rehearsal)

    def _name_everything(self) -> None:
        self.source.setAccessibleName(said("File to import"))
        self.format.setAccessibleName(said("Format"))
        self.report.setAccessibleName(said("Import report"))
        self.source.setPlaceholderText(
            said("an event file (may be compressed), a folder, or git:PATH")
        )
        self.run_button.setProperty("primary", True)
        for name, title in FORMATS:
            self.format.addItem(title, name)

    def _lay_out(self, store: str) -> None:
        form = self._form
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.addRow(
            label_of(said("&File"), self.source),
            self._with_button(self.source, self._choose_source),
        )
        form.addRow(label_of(said("F&ormat"), self.format), _side_by_side(self.format, self.found))
        self.into = StoreRows(form, store=store, open_store=self._work.bringing.open_store)
        self.report.setWordWrap(True)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        place = QScrollArea()
        place.setWidget(self.report)
        place.setWidgetResizable(True)
        place.setFrameShape(QFrame.Shape.NoFrame)
        self.results.add("preview", said("First events"), self.preview)
        self.results.add("report", said("Report"), place)
        rows = QVBoxLayout(self)
        rows.setSpacing(8)
        rows.addLayout(form)
        rows.addWidget(self.choices)
        rows.addWidget(self.problem)
        rows.addWidget(self.fields, 3)
        rows.addWidget(self.results, 4)
        rows.addWidget(self.progress)
        self.progress.hide()
        end = QHBoxLayout()
        end.addWidget(self.load_button)
        end.addWidget(self.save_button)
        end.addWidget(self.why, 1)
        for button in (self.close_button, self.try_button, self.run_button):
            end.addWidget(button)
        rows.addLayout(end)

    def _with_button(self, field: QLineEdit, choose: Any) -> QHBoxLayout:
        button = QPushButton(said("Choose…"))
        button.setAccessibleName(
            said("Choose: {accessiblename}", accessiblename=field.accessibleName())
        )
        button.clicked.connect(choose)
        cells = QHBoxLayout()
        cells.addWidget(field, 1)
        cells.addWidget(button)
        return cells

    def _connect(self) -> None:
        self._pause.timeout.connect(self.look)
        self.typed.connect(self.look)
        for edited in (self.source.textEdited, self.into.typed, self.fields.edited):
            edited.connect(self._wait)
        self.into.chosen.connect(self.look)
        self.format.activated.connect(self.look)
        self.choices.chosen.connect(self.look)
        self.run_button.clicked.connect(self.run)
        self.try_button.clicked.connect(self.rehearse)
        self.close_button.clicked.connect(self.reject)
        self.load_button.clicked.connect(self._load_rules)
        self.save_button.clicked.connect(self._save_rules)
        self._work.changed.connect(self._show_ready)
        self._work.looked.connect(self._show_preview)
        self._work.imported.connect(self._show_report)
        self._work.rehearsed.connect(self._show_rehearsal)
        self._work.failed.connect(self._show_failure)

    @Slot()
    def _wait(self) -> None:
        """The preview follows the hand, once it rests."""
        self._pause.start()
        self._show_ready()

    @Slot()
    def _choose_source(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, said("Files to import"), self.source.text())
        if chosen:
            self.source.setText(line_of(chosen))
            self.look()

    @Slot()
    def _load_rules(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, said("Rules of an import"), "", RULES)
        if chosen and (draft := self._work.load_rules(chosen, self.draft())):
            self.format.setCurrentIndex(max(self.format.findData(draft.format), 0))
            self.fields.fill(draft.values, draft.rows)
            self.choices.show_choices(())
            self._loaded_choices = draft.choices
            self.look()

    @Slot()
    def _save_rules(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, said("Save the rules"), "rules.json", RULES)
        if chosen:
            self._work.save_rules(self.draft(), chosen)

    @Slot()
    def _show_ready(self) -> None:
        is_seen = self._work.is_seen(self.draft())
        self.run_button.setEnabled(is_seen)
        self.try_button.setEnabled(is_seen)
        self.found.set_text(self._work.found)
        self.why.set_text("" if is_seen else self._work.waits_for(self.draft()))
        if not self._work.is_running:
            self.progress.hide()

    @Slot()
    def _show_preview(self) -> None:
        self.problem.dismiss()
        self._loaded_choices = {}
        self.choices.show_choices(_fields_of(self._work.choices))
        self.into.show_target(*target_note(self._work.bringing.target))
        self._show_rules()
        self.preview.empty.say(NO_RECORD)
        self.preview.show_rows(
            self._work.rows, is_sentence=lambda texts: texts[1].startswith(NO_EVENT)
        )
        self.report.setText(self._work.bringing.report)
        self.results.choose("preview")
        self._show_ready()

    @Slot()
    def _show_failure(self) -> None:
        """What was shown of another file, or of other rules, is gone."""
        if not self._work.bringing.has_looked:
            self.into.show_target(*target_note(None))
            self.choices.show_choices(_fields_of(self._work.choices))
            self.preview.setRowCount(0)
            self.preview.empty.say(UNREADABLE)
            self.report.setText(self._work.bringing.report)
        self._show_ready()

    def _show_rules(self) -> None:
        """Offer what the file has, and say beside each field what is wrong with it."""
        for name, offered in self._work.field_offers().items():
            self.fields.roles.box(name).offer(offered)
        self.fields.rules.offer(self._work.row_offers())
        notes = self._work.notes()
        rows = {at: notes[it.rule] for at, it in enumerate(self.draft().rows) if it.rule in notes}
        self.fields.show_notes(self._work.field_notes(), rows)

    @Slot()
    def _show_rehearsal(self) -> None:
        self._job.finish()
        self._tell(self._work.bringing.report)
        self._show_ready()

    @Slot(str)
    def _show_report(self, store: str) -> None:
        self._show_rehearsal()
        if self._work.bringing.has_stored:
            self.imported.emit(store)

    def _tell(self, report: str) -> None:
        self.report.setText(report)
        self.results.choose("report" if report else "preview")


def _fields_of(choices: Sequence[FileChoice]) -> list[ChoiceField]:
    return [ChoiceField(it.name, it.title, it.values, it.chosen) for it in choices]


def _side_by_side(one: QWidget, other: QWidget) -> QHBoxLayout:
    cells = QHBoxLayout()
    cells.addWidget(one)
    cells.addWidget(other, 1)
    return cells
