"""Teach what the events of a category do to the state, with the state of a real stream beside."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.taught_form import STEP_FORM
from gui.viewmodels.taught_steps import FIELDS, KINDS, StepDraft
from gui.viewmodels.teaching import TeachingViewModel
from gui.widgets.boxes import column_of, row_of
from gui.widgets.form.kind_form import FormField, KindForm
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.section import Section
from gui.widgets.suggest_box import SuggestBox
from gui.widgets.theirs_bar import TheirsBar
from gui.widgets.tree.json_nodes import Mark
from gui.widgets.tree.json_text_view import JsonTextView
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.value_stepper import ValueStepper
from gui.widgets.words import Words
from gui.words import said

DOES: Final = said("Action")
NOTHING: Final = said("No steps yet. Events of this type do nothing.")
ABOUT: Final = said(
    "Select an event type and define what its events do to the state. The "
    "preview shows a real stream. Save also saves the guessed steps."
)
LEAVING: Final = said("There are unsaved changes. Press Esc again to discard them, or save them.")
VERSIONS: Final = (
    said("version"),
    said("saved at"),
    said("by"),
    said("types"),
    said("note"),
)
FORM: Final = tuple(FormField(id=id_, title=title, tip=tip) for id_, title, tip in STEP_FORM)


class TeachDialog(KeyedDialog):
    """Asks and previews; what is kept is kept by *Save* and *Put back* alone."""

    def __init__(self, teaching: TeachingViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._teaching = teaching
        self._is_leaving = False
        title = said("Teach the state of {category}", category=teaching.category)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.types = CountedList(said("Event types"), empty=said("Event types are listed here."))
        self.sample = JsonTextView(
            said("Sample of the data"), empty=said("An event of the selected type is shown here.")
        )
        self.next_sample = QPushButton(said("&Next sample"))
        self.list = TextGrid(said("Steps"), empty=said("Steps are listed here. Add one below."))
        self.form = KindForm(DOES, KINDS, FIELDS, FORM)
        self.problem = Words("error")
        self.add, self.remove = QPushButton(said("&Add a step")), QPushButton(said("&Remove"))
        self.up = QPushButton(said("&Up"))
        self.tabs = UnderlineTabs(said("Preview and versions"))
        self.stream = SuggestBox(said("Stream in the preview"))
        self.preview = ValueStepper(said("Preview of the state"))
        self.told = Words("warn")
        self.offered = Words("faint")
        self.versions = TextGrid(said("Versions"), empty=said("Saved versions are listed here."))
        self.look, self.put_back = QPushButton(said("S&how")), QPushButton(said("Res&tore"))
        self.note = QLineEdit()
        self.export = QPushButton(said("&Export as model…"))
        self.save = QPushButton(said("&Save"))
        self.close_ = QPushButton(said("&Close"))
        self.message = Words("dim")
        self.theirs = TheirsBar()
        self._sample_at = 0
        self._lay_out()
        self._connect()
        self._show_types()
        self._show_type()
        self.types.setFocus()

    def chosen_type(self) -> str:
        """Whose steps are shown; empty before the events were looked at."""
        return next(iter(self.types.chosen()), "")

    def chosen_step(self) -> int:
        """Its number, from 0; −1 where there is none."""
        count = len(self._steps())
        return min(max(self.list.grid.current_row(), 0), count - 1)

    def reject(self) -> None:
        """Esc, or the window's cross: not at once while something is not kept."""
        if self._teaching.is_changed and not self._is_leaving:
            self._is_leaving = True
            self.message.say(LEAVING, role="warn")
            return
        super().reject()

    # Laying out.

    def _lay_out(self) -> None:
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        for at, (part, share) in enumerate(
            ((self._types_part(), 3), (self._steps_part(), 5), (self._right_part(), 4))
        ):
            both.addWidget(part)
            both.setStretchFactor(at, share)
        both.setSizes([340, 440, 400])
        rows = QVBoxLayout(self)
        rows.addWidget(Words("dim", ABOUT))
        rows.addWidget(both, 1)
        rows.addWidget(self.message)
        rows.addWidget(self.theirs)
        cells = QHBoxLayout()
        self.note.setAccessibleName(said("Note for this version"))
        self.note.setPlaceholderText(said("a note for this version"))
        cells.addWidget(self.note, 1)
        for button in (self.export, self.save, self.close_):
            cells.addWidget(button)
        rows.addLayout(cells)
        self.save.setProperty("primary", True)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.resize(1180, 700)

    def _types_part(self) -> QWidget:
        sample = QWidget()
        rows = QVBoxLayout(sample)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.sample, 1)
        rows.addWidget(self.next_sample)
        self._sample_part = Section(said("Sample"), sample)
        return column_of((Section(said("Event types"), self.types), 3), (self._sample_part, 4))

    def _steps_part(self) -> QWidget:
        buttons = row_of(self.add, self.remove, self.up)
        self._steps_section = Section(said("Steps"), self.list)
        return column_of((self._steps_section, 1), (buttons, 0), (self.form, 0), (self.problem, 0))

    def _right_part(self) -> QWidget:
        preview = column_of(
            (QLabel(said("Stream")), 0),
            (self.stream, 0),
            (self.offered, 0),
            (self.preview, 1),
            (self.told, 0),
        )
        versions = column_of((self.versions, 1), (row_of(self.look, self.put_back), 0))
        self.tabs.add("preview", said("Preview"), preview)
        self.tabs.add("versions", said("Versions"), versions)
        return self.tabs

    def _connect(self) -> None:
        teaching = self._teaching
        teaching.loaded.connect(self._show_types)
        teaching.loaded.connect(self._begin)
        teaching.changed.connect(self._show)
        teaching.previewed.connect(self._show_preview)
        teaching.listed.connect(self._show_versions)
        self.types.keys_chosen.connect(self._show_type)
        self.types.key_activated.connect(self._go_to_steps)
        self.next_sample.clicked.connect(self._next_sample)
        self.list.row_chosen.connect(self._show_form)
        self.list.row_activated.connect(self._go_to_form)
        self.form.edited.connect(self._take)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.up.clicked.connect(self._move_up)
        self.stream.activated.connect(self._choose_stream)
        self.stream.line.returnPressed.connect(self._choose_stream)
        self.preview.back_wanted.connect(teaching.step_back)
        self.preview.on_wanted.connect(teaching.step_on)
        self.look.clicked.connect(partial(self._with_version, teaching.show_version))
        self.put_back.clicked.connect(partial(self._with_version, teaching.put_back))
        self.versions.row_activated.connect(partial(self._with_version, teaching.show_version))
        self.save.clicked.connect(self._save)
        self.note.returnPressed.connect(self._save)
        self.export.clicked.connect(self._ask_file)
        self.close_.clicked.connect(self.reject)
        self.theirs.look_wanted.connect(teaching.look_for_others)
        self.theirs.load_wanted.connect(teaching.load_theirs)
        self.theirs.keep_wanted.connect(teaching.keep_mine)
        QShortcut(QKeySequence("Alt+Left"), self, teaching.step_back)
        QShortcut(QKeySequence("Alt+Right"), self, teaching.step_on)
        QShortcut(QKeySequence("Ctrl+S"), self, self._save)

    # Showing.

    @Slot()
    def _begin(self) -> None:
        """The first type is chosen; the streams can be."""
        first = next(iter(self._teaching.sampled), "")
        self.types.choose([first] if first else [])
        self._show_type()

    @Slot()
    def _show(self) -> None:
        said = self._teaching.said
        self.message.say(said.text, role=said.role)
        self.theirs.setVisible(bool(self._teaching.theirs))
        self._is_leaving = False
        self._show_types()
        self._show_steps()

    @Slot()
    def _show_types(self) -> None:
        found = self._teaching.rows()
        self.types.set_items(
            [
                CountedItem(
                    key=it.name,
                    text=it.name,
                    count=f"{it.count:,} {it.note}" if it.note else f"{it.count:,}",
                )
                for it in found
            ]
        )

    @Slot()
    def _show_type(self) -> None:
        self._sample_at = 0
        self.list.go_to_row(0)
        self._show_sample()
        self._show_steps()

    def _show_sample(self) -> None:
        texts = self._teaching.sample_texts(self.chosen_type())
        at = self._sample_at % len(texts) if texts else 0
        self.sample.show_json(texts[at] if texts else "")
        self._sample_part.set_count(
            said("{at} of {count}", at=at + 1, count=len(texts)) if texts else ""
        )
        self.next_sample.setEnabled(len(texts) > 1)

    @Slot()
    def _show_steps(self) -> None:
        type_ = self.chosen_type()
        self._steps_section.set_title(
            said("Steps of {type_}", type_=type_) if type_ else said("Steps")
        )
        told = self._teaching.sentences(type_)
        row = self.list.grid.current_row()
        rows = [
            TextRow(texts=(f"{at}", words), is_warning=bool(problem), tone="error")
            for at, (words, problem) in enumerate(told, 1)
        ]
        self.list.show_rows(("", "step"), rows)
        if rows and not 0 <= row < len(rows):
            self.list.go_to_row(len(rows) - 1 if row > 0 else 0)
        self._show_form()

    @Slot()
    def _show_form(self) -> None:
        steps, at = self._steps(), self.chosen_step()
        self.form.setVisible(bool(steps))
        self.remove.setEnabled(bool(steps))
        self.up.setEnabled(at > 0)
        self.add.setEnabled(bool(self.chosen_type()))
        if not steps:
            self.problem.say(NOTHING if self.chosen_type() else "", role="dim")
            return
        type_, draft = self.chosen_type(), steps[at]
        self.form.show_kind(draft.do, draft.texts(), self._teaching.offers(type_, draft))
        self.problem.say(self._teaching.problems.get((type_, at), ""), role="error")

    @Slot()
    def _show_preview(self) -> None:
        teaching, shown = self._teaching, self._teaching.shown
        self.stream.show_text(teaching.stream.name, teaching.streams)
        self.offered.say(teaching.streams_words)
        count, at = len(teaching.stream.positions), teaching.at
        if shown is None:
            self.preview.tree.clear()
            self.preview.tell("", at=0, count=0)
            return
        last = f" · {shown.last_type}" if shown.last_type else ""
        self.preview.tell(
            said("event {at:,} of {count:,}{last}", at=at, count=count, last=last),
            at=at,
            count=count,
        )
        marks = {it.path: Mark(it.kind, it.before) for it in shown.marks}
        self.preview.tree.show_value(shown.state, title=shown.title, marks=marks)
        untaught = said("Not taught: {untaught}", untaught=shown.untaught) if shown.untaught else ""
        words = shown.problem or ". ".join(it for it in (shown.cut, untaught) if it)
        self.told.say(words, role="error" if shown.problem else "warn")

    @Slot()
    def _show_versions(self) -> None:
        found = reversed(self._teaching.versions)
        rows = [
            TextRow(texts=(f"{it.version}", it.at, it.by, f"{len(it.types)}", it.note))
            for it in found
        ]
        self.versions.show_rows(VERSIONS, rows)
        for button in (self.look, self.put_back):
            button.setEnabled(bool(rows))
        self.tabs.set_title(
            "versions",
            said("Versions ({count})", count=len(rows)) if rows else said("Versions"),
        )

    # Doing.

    def _steps(self) -> Sequence[StepDraft]:
        return self._teaching.steps.get(self.chosen_type(), ())

    @Slot()
    def _take(self) -> None:
        """What the form says is the chosen step."""
        steps, at = list(self._steps()), self.chosen_step()
        steps[at] = steps[at].changed(self.form.kind(), self.form.texts())
        self._teaching.set_steps(self.chosen_type(), steps)

    @Slot()
    def _add(self) -> None:
        steps = [it for it in self._steps() if it.do != "ignore"]
        self._teaching.set_steps(self.chosen_type(), [*steps, StepDraft()])
        self.list.go_to_row(len(steps))
        self._show_form()
        self.form.choice.setFocus()

    @Slot()
    def _remove(self) -> None:
        steps, at = list(self._steps()), self.chosen_step()
        if steps:
            del steps[at]
            self._teaching.set_steps(self.chosen_type(), steps)

    @Slot()
    def _move_up(self) -> None:
        steps, at = list(self._steps()), self.chosen_step()
        if at > 0:
            steps.insert(at - 1, steps.pop(at))
            self.list.go_to_row(at - 1)
            self._teaching.set_steps(self.chosen_type(), steps)

    @Slot()
    def _go_to_steps(self) -> None:
        self.list.grid.setFocus()

    @Slot()
    def _go_to_form(self) -> None:
        self.form.choice.setFocus()

    @Slot()
    def _next_sample(self) -> None:
        self._sample_at += 1
        self._show_sample()

    @Slot()
    def _choose_stream(self) -> None:
        self._teaching.choose_stream(self.stream.currentText().strip())

    def _with_version(self, act: object) -> None:
        found, row = self._teaching.versions[::-1], max(self.versions.grid.current_row(), 0)
        if row < len(found) and callable(act):
            act(found[row].version)

    @Slot()
    def _save(self) -> None:
        self._teaching.save(self.note.text().strip())

    @Slot()
    def _ask_file(self) -> None:
        """Where the model goes; the dialog of the system asks before a file is written over."""
        asked = QFileDialog(self, said("Export as model"))
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setDefaultSuffix("py")
        asked.setNameFilter(said("Models (*.py)"))
        asked.selectFile(self._teaching.file_name())
        asked.fileSelected.connect(self.export_to)
        asked.finished.connect(asked.deleteLater)
        asked.open()

    @Slot(str)
    def export_to(self, path: str) -> None:
        """Write what is shown as a model file."""
        self._teaching.export(Path(path))
