"""Build a view: groups and columns, tried on the log before they are kept. No code."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.panel import TabPanel
from gui.viewmodels.build import BuildViewModel
from gui.viewmodels.completion import CompletionViewModel, Offers
from gui.viewmodels.filter_text import EXAMPLE, LANGUAGE, kind_of_filter, wrong_place
from gui.widgets.dropdown import Dropdown
from gui.widgets.filter_box import FilterBox
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.scrolled_form import ScrolledForm
from gui.widgets.words import Words
from gui.words import said
from gui.work.wishes import DraftColumn, DraftView

FOLDS: Final = (
    ("count", said("count of")),
    ("last", "last"),
    ("first", "first"),
    ("sum", said("sum of")),
    ("min", said("minimum of")),
    ("max", said("maximum of")),
    ("distinct", said("distinct values of")),
    ("first_time", said("time of the first")),
    ("last_time", said("time of the last")),
)
COLUMNS: Final = 5
FOLD_LETTERS: Final = 6  # room of a choice; its list is as wide as it must be
ABOUT: Final = said(
    "One row for each stream, or for each value of a field such as "
    "conferenceId. Fields are paths into the payload: registrant.email. A "
    "column without a name is left out."
)


class BuildView(QWidget):
    """A form for the view on the left, and what it would hold on the right."""

    def __init__(self, build: BuildViewModel, completion: CompletionViewModel) -> None:
        super().__init__()
        self.setAccessibleName(said("Build a view"))
        self._build = build
        self.name, self.group = QLineEdit(), QLineEdit("stream")
        self.types = QLineEdit()
        self.where = FilterBox(said("Only where"), EXAMPLE, kind=kind_of_filter, wrong=wrong_place)
        self.columns = [(QLineEdit(), Dropdown(), QLineEdit()) for _ in range(COLUMNS)]
        self.preview, self.save = QPushButton(said("Preview")), QPushButton(said("Save"))
        self.remove = QPushButton(said("Remove"))
        self.message = Words("dim")
        self.rows = TextGrid(
            said("Preview"),
            empty=said("The rows of the view are listed here. Fill in the form, then Preview."),
        )
        self._lay_out()
        self.where.offers_wanted.connect(completion.ask)
        completion.offered.connect(self._show_offers)
        build.changed.connect(self._show)
        build.previewed.connect(self._show_rows)
        self.preview.clicked.connect(self._preview)
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)
        self._show()

    def draft(self) -> DraftView:
        """What is set; a column without a name is left out."""
        columns = [
            DraftColumn(
                name=name.text().strip(), fold=fold.currentData(), field=field.text().strip()
            )
            for name, fold, field in self.columns
        ]
        return DraftView(
            name=self.name.text().strip(),
            group_by=self.group.text().strip(),
            columns=tuple(it for it in columns if it.name),
            types=tuple(self.types.text().replace(",", " ").split()),
            where=self.where.text(),
        )

    def _lay_out(self) -> None:
        form = QFormLayout()
        for title, editor, hint in (
            (said("Name"), self.name, said("lower-case letters, digits and _")),
            (said("Group by"), self.group, said("stream, or a field")),
            (said("Types"), self.types, said("all, or a comma-separated list")),
        ):
            editor.setAccessibleName(title)
            editor.setPlaceholderText(hint)
            form.addRow(title, editor)
        self.where.setToolTip(LANGUAGE)
        form.addRow(said("Only where"), self.where)
        for number, (name, fold, field) in enumerate(self.columns, 1):
            for key, words in FOLDS:
                fold.addItem(words, key)
            fold.setMinimumContentsLength(FOLD_LETTERS)
            fold.setSizeAdjustPolicy(
                Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            name.setPlaceholderText(said("column"))
            field.setPlaceholderText(said("field"))
            name.setAccessibleName(said("Name of column {number}", number=number))
            fold.setAccessibleName(said("Function of column {number}", number=number))
            field.setAccessibleName(said("Field of column {number}", number=number))
            line = QHBoxLayout()
            for widget, share in ((name, 3), (fold, 4), (field, 3)):
                line.addWidget(widget, share)
            form.addRow(said("Column {number}", number=number), line)
        self.save.setProperty("primary", True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        buttons.addWidget(self.preview)
        buttons.addWidget(self.save)
        left, right, both = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        left.addWidget(ScrolledForm(said("The view"), ABOUT, form), 1)
        left.addLayout(buttons)
        right.addWidget(self.message)
        right.addWidget(self.rows, 1)
        both.setContentsMargins(12, 8, 12, 8)
        both.setSpacing(16)
        both.addLayout(left, 1)
        both.addLayout(right, 1)

    @Slot(object)
    def _show_offers(self, found: Offers) -> None:
        line = self.where.line
        if (line.text(), line.cursorPosition()) == (found.text, found.cursor):
            self.where.offer(found.start, [(it.text, it.detail) for it in found.offers])

    @Slot()
    def _preview(self) -> None:
        if self.where.check():
            self._build.preview(self.draft())

    @Slot()
    def _save(self) -> None:
        if self.where.check():
            self._build.save(self.draft())

    @Slot()
    def _remove(self) -> None:
        self._build.remove(self.name.text().strip())

    @Slot()
    def _show(self) -> None:
        self.message.say(self._build.said.text, role=self._build.said.role)
        for button in (self.preview, self.save, self.remove):
            button.setEnabled(not self._build.is_running)

    @Slot()
    def _show_rows(self) -> None:
        self.rows.say_when_empty(said("The view has no rows."))
        self.rows.show_rows(self._build.titles, [TextRow(texts=it) for it in self._build.rows])


PANEL: Final = TabPanel(
    id="build",
    title=said("Build a view"),
    parent="views",
    order=3,
    make=lambda it: BuildView(it.build, it.completion),
)
