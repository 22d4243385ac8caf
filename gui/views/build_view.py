"""Build a view: groups and columns, tried on the log before they are kept. No code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.panel import TabPanel
from gui.session import Session
from gui.viewmodels.counts import counted
from gui.viewmodels.filter_text import wrong_place
from gui.widgets.checked_line import CheckedLine
from gui.widgets.dropdown import Dropdown
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.scrolled_form import ScrolledForm
from gui.widgets.words import Words
from gui.work.jobs import Job, Jobs, sentences

FOLDS: Final = (
    ("count", "count of"),
    ("last", "last"),
    ("first", "first"),
    ("sum", "sum of"),
    ("min", "least"),
    ("max", "greatest"),
    ("distinct", "different values of"),
    ("first_time", "time of the first"),
    ("last_time", "time of the last"),
)
COLUMNS: Final = 5
FOLD_LETTERS: Final = 6  # room of a choice; its list is as wide as it must be
ABOUT: Final = (
    "One row for each stream, or for each value of a field such as conferenceId. Fields are "
    "paths into the payload: registrant.email. Leave a column's name empty to leave it out."
)
EMPTY: Final = "Preview shows here what the view would hold; Save keeps it."
WHERE: Final = (
    "Fields of the data, or type, stream, category, actor, position, version, recorded, occurred; "
    "compared by = != < <= > >= ~ (a pattern with *), in (a, b), between a and b; joined by and, "
    "or, not."
)


class BuildView(QWidget):
    """`saved()` when a view was kept or let go."""

    saved = Signal()

    def __init__(self, jobs: Jobs, store: Path) -> None:
        super().__init__()
        self.setAccessibleName("Build a view")
        self._jobs, self._store = jobs, store
        self.name, self.group = QLineEdit(), QLineEdit("stream")
        self.types = QLineEdit()
        self.where = CheckedLine("Only where", wrong_place)
        self.columns = [(QLineEdit(), Dropdown(), QLineEdit()) for _ in range(COLUMNS)]
        self.preview, self.save = QPushButton("Preview"), QPushButton("Save")
        self.remove = QPushButton("Remove")
        self.told = Words("dim", EMPTY)
        self.rows = TextGrid("Preview")
        self._lay_out()
        self.preview.clicked.connect(self._preview)
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)

    def arguments(self) -> list[str]:
        """What is set, as the command line has it."""
        found = ["build", str(self._store), self.name.text().strip()]
        found += ["--group-by", self.group.text().strip()]
        for name, fold, field in self.columns:
            if name.text().strip():
                path = f":{field.text().strip()}" if field.text().strip() else ""
                found += ["--column", f"{name.text().strip()}={fold.currentData()}{path}"]
        for type_ in self.types.text().replace(",", " ").split():
            found += ["--type", type_]
        if self.where.text().strip():
            found += [f"--where={self.where.text()}"]
        return found

    def _lay_out(self) -> None:
        form = QFormLayout()
        for title, editor, hint in (
            ("Name", self.name, "small letters, digits and _"),
            ("Group by", self.group, "stream, or a field"),
            ("Types", self.types, "all; or some, with commas"),
        ):
            editor.setAccessibleName(title)
            editor.setPlaceholderText(hint)
            form.addRow(title, editor)
        self.where.line.setPlaceholderText("data.total > 250 and actor = ada")
        self.where.setToolTip(WHERE)
        form.addRow("Only where", self.where)
        for number, (name, fold, field) in enumerate(self.columns, 1):
            for key, words in FOLDS:
                fold.addItem(words, key)
            fold.setMinimumContentsLength(FOLD_LETTERS)
            fold.setSizeAdjustPolicy(
                Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            name.setPlaceholderText("column")
            field.setPlaceholderText("field")
            name.setAccessibleName(f"Name of column {number}")
            fold.setAccessibleName(f"Fold of column {number}")
            field.setAccessibleName(f"Field of column {number}")
            line = QHBoxLayout()
            for widget, share in ((name, 3), (fold, 4), (field, 3)):
                line.addWidget(widget, share)
            form.addRow(f"Column {number}", line)
        self.save.setProperty("primary", True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        buttons.addWidget(self.preview)
        buttons.addWidget(self.save)
        left, right, both = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        left.addWidget(ScrolledForm("The view", ABOUT, form), 1)
        left.addLayout(buttons)
        right.addWidget(self.told)
        right.addWidget(self.rows, 1)
        both.setContentsMargins(12, 8, 12, 8)
        both.setSpacing(16)
        both.addLayout(left, 1)
        both.addLayout(right, 1)

    @Slot()
    def _preview(self) -> None:
        if self.where.check():
            self._run([*self.arguments(), "--preview", "--limit", "500"])

    @Slot()
    def _save(self) -> None:
        if self.where.check():
            self._run(self.arguments())

    @Slot()
    def _remove(self) -> None:
        self._run([*self.arguments()[:3], "--remove"])

    def _run(self, arguments: list[str]) -> None:
        job = Job("Build a view", arguments, self)
        job.succeeded.connect(self._show)
        job.failed.connect(self._tell)
        job.ended.connect(self._allow)
        for button in (self.preview, self.save, self.remove):
            button.setEnabled(False)
        self._jobs.start(job)

    @Slot(object)
    def _show(self, report: Mapping[str, Any]) -> None:
        if "rows" not in report:
            name = self.name.text().strip()
            self.told.say(f"{name} is {'saved' if 'saved' in report else 'gone'}.", role="ok")
            self.saved.emit()
            return
        rows = report["rows"]
        self.told.say(
            f"{counted(report['count'], 'row')} as of now; nothing is kept yet.", role="dim"
        )
        titles = tuple(rows[0]) if rows else ("key",)
        texts = [tuple("" if it is None else str(it) for it in row.values()) for row in rows]
        self.rows.show_rows(titles, [TextRow(texts=it) for it in texts])

    @Slot(str, str)
    def _tell(self, what: str, hint: str) -> None:
        self.told.say(sentences(what, hint), role="error")

    @Slot()
    def _allow(self) -> None:
        for button in (self.preview, self.save, self.remove):
            button.setEnabled(True)


def _made(session: Session) -> BuildView:
    view = BuildView(session.jobs, session.path)
    view.saved.connect(session.panes.list_views)
    return view


PANEL: Final = TabPanel(
    id="build",
    title="Build a view",
    parent="views",
    order=3,
    make=_made,
)
