"""Changes of a table: choose its states, see what happened between them, then store that."""

from typing import Final

from msgspec import structs
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.import_words import NO_EVENT, mixing_question, target_note
from gui.viewmodels.table_changes import TITLES, ChangesDraft, TableChangesViewModel
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form.checked_names import CheckedNames
from gui.widgets.form.choice_fields import ChoiceField, ChoiceFields
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.file_row import file_row, label_of
from gui.widgets.form.job_rows import JobRows
from gui.widgets.form.mixing_box import ask_to_mix
from gui.widgets.form.store_rows import StoreRows
from gui.widgets.grid.record_table import RecordTable
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.words import Words
from gui.words import said
from gui.work.source_text import line_of

PAUSE_MS: Final = 300  # of typing, after which the preview follows
TITLE: Final = said("Changes of a table")
WIDTHS: Final = (44, 200, 120, 320)
ABOUT: Final = said(
    "Two or more states of a table, as CSV, TSV, JSON, Parquet or SQLite, show which rows were "
    "added, changed and removed. The events are inferred, and marked so wherever they are shown."
)


class TableChangesDialog(DeliberateDialog):
    """Nothing is stored before *Import* is pressed, and that only when what would come in is shown.

    `imported(store path)` after events were stored.
    """

    imported = Signal(str)

    def __init__(self, work: TableChangesViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAccessibleName(TITLE)
        self.resize(1000, 720)
        self._work = work
        self._offered_of: tuple[str, ...] = ()  # the states whose columns are offered
        self.before, self.after = QLineEdit(), QLineEdit()
        self.first = QCheckBox(said("&Rows of the first state were added, too"))
        self.choices = ChoiceFields()
        self.key = CheckedNames(
            said("Key columns"), empty=said("The columns are listed once both states are selected.")
        )
        self.table, self.counts = QLineEdit(), ElidedLabel()
        self.why = ElidedLabel(role="dim")  # nothing can be imported yet
        self.preview = RecordTable(
            said("First changes"),
            TITLES,
            WIDTHS,
            always=len(TITLES),
            empty=said("The first changes are shown once both states and a key are selected."),
        )
        self.report = Words()
        self.results = UnderlineTabs(said("What changed"))
        self.question: QMessageBox | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._job = JobRows(
            work,
            said("Import"),
            problem=said("Problem with the states"),
            say=self._tell,
            cancelled=lambda: work.bringing.report,
        )
        self.problem, self.progress = self._job.problem, self._job.progress
        self.run_button = QPushButton(said("I&mport"))
        self.close_button = QPushButton(said("Close"))
        self._lay_out()
        self._connect()
        self.deliberate()
        self._show_ready()

    def draft(self) -> ChangesDraft:
        """Everything that is typed and chosen by now."""
        return ChangesDraft(
            before=self.before.text().strip(),
            after=self.after.text().strip(),
            key=self.key.checked(),
            table=self.table.text().strip(),
            has_first=self.first.isChecked(),
            choices=self.choices.values(),
            into=self.into.text(),
        )

    @Slot()
    def look(self) -> None:
        """Find the columns and then, by the key, the changes."""
        self._pause.stop()
        if self.draft().states:
            self.into.follow(self._work.new_store_for(self.draft()))
        draft = self.draft()
        is_new = draft.states != self._offered_of  # its columns may be others
        self._work.look(structs.replace(draft, key=()) if is_new else draft)
        self._show_ready()

    @Slot()
    def _look_anew(self) -> None:
        """Another table has other columns."""
        self._offered_of = ()
        self.look()

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

    def reject(self) -> None:
        """Closing the window stops what runs."""
        self._work.cancel()
        super().reject()

    @Slot()
    def _run(self) -> None:
        self._job.begin()
        self._tell("")
        self._work.run(self.draft())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.addRow(*file_row(said("&Before"), self.before, self._choose_before))
        form.addRow(*file_row(said("&After"), self.after, self._choose_after))
        form.addRow("", self.first)
        form.addRow(label_of(said("&Key columns"), self.key), self.key)
        form.addRow(label_of(said("&Table"), self.table), self.table)
        self.into = StoreRows(form, store="", open_store=self._work.bringing.open_store)
        self.table.setAccessibleName(said("Table"))
        self.before.setPlaceholderText(said("the earliest state: a file with rows"))
        self.after.setPlaceholderText(said("one file, or several in the order of time"))
        self.table.setPlaceholderText(said("streams begin with it; the name of the last file"))
        self.run_button.setProperty("primary", True)
        self.results.add("preview", said("First changes"), self.preview)
        self.results.add("report", said("Report"), _at_the_top(self.report))
        rows = QVBoxLayout(self)
        rows.setSpacing(8)
        rows.addWidget(Words("faint", ABOUT))
        rows.addLayout(form)
        rows.addWidget(self.choices)
        rows.addWidget(self.problem)
        rows.addWidget(self.counts)
        rows.addWidget(self.results, 1)
        rows.addWidget(self.progress)
        self.progress.hide()
        end = QHBoxLayout()
        end.addWidget(self.why, 1)
        end.addWidget(self.close_button)
        end.addWidget(self.run_button)
        rows.addLayout(end)

    def _connect(self) -> None:
        self._pause.timeout.connect(self.look)
        self.typed.connect(self.look)
        for it in (self.before, self.after, self.table):
            it.textEdited.connect(self._wait)
        self.into.typed.connect(self._wait)
        self.into.chosen.connect(self.look)
        self.first.clicked.connect(self.look)
        self.key.edited.connect(self.look)
        self.choices.chosen.connect(self._look_anew)
        self.run_button.clicked.connect(self.run)
        self.close_button.clicked.connect(self.reject)
        self._work.changed.connect(self._show_ready)
        self._work.looked.connect(self._show_changes)
        self._work.imported.connect(self._show_report)
        self._work.failed.connect(self._show_failure)

    @Slot()
    def _wait(self) -> None:
        """The preview follows the hand, once it rests."""
        self._pause.start()
        self._show_ready()

    @Slot()
    def _choose_before(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, said("State before"), self.before.text())
        if chosen:
            self.before.setText(chosen)
            self.look()

    @Slot()
    def _choose_after(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, said("States after"), self.after.text())
        if chosen:
            self.after.setText(line_of(chosen))
            self.look()

    @Slot()
    def _show_ready(self) -> None:
        is_seen = self._work.is_seen(self.draft())
        self.run_button.setEnabled(is_seen)
        self.why.set_text("" if is_seen else self._work.waits_for(self.draft()))
        if not self._work.is_running:
            self.progress.hide()

    @Slot()
    def _show_changes(self) -> None:
        self.problem.dismiss()
        self.choices.show_choices(
            [ChoiceField(it.name, it.title, it.values, it.chosen) for it in self._work.choices]
        )
        self.into.show_target(*target_note(self._work.bringing.target))
        self.counts.set_text(self._work.counts)
        self.preview.show_rows(
            self._work.rows, is_sentence=lambda texts: texts[1].startswith(NO_EVENT)
        )
        self.results.choose("preview")
        self._offer_columns()
        self._show_ready()

    def _offer_columns(self) -> None:
        """Once for these states. What is checked stays where there is such a column; where nothing
        is, the usual key is checked."""
        self.key.offer(list(self._work.columns))
        states = self.draft().states
        if states == self._offered_of:
            return
        self._offered_of = states
        if not self.key.checked():
            self.key.check(self._work.usual_key())
        if self.key.checked():
            self.look()

    @Slot()
    def _show_failure(self) -> None:
        """What was shown of other states is gone."""
        if not self._work.bringing.has_looked:
            self.into.show_target(*target_note(None))
            self.counts.set_text("")
            self.preview.setRowCount(0)
        self._show_ready()

    @Slot(str)
    def _show_report(self, store: str) -> None:
        self._job.finish()
        self._tell(self._work.bringing.report)
        self._show_ready()
        if self._work.bringing.has_stored:
            self.imported.emit(store)

    def _tell(self, report: str) -> None:
        self.report.say(report)
        self.results.choose("report" if report else "preview")


def _at_the_top(words: Words) -> QWidget:
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.addWidget(words)
    rows.addStretch(1)
    return page
