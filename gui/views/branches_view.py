"""Branches: the lines of the store, and the edits of the branch in view."""

from typing import Final

from PySide6.QtCore import Qt, SignalInstance, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import Panel
from gui.selection import Selection
from gui.viewmodels.branch_edits import BranchEditsViewModel
from gui.viewmodels.branches import MAIN, BranchesViewModel, BranchRow
from gui.viewmodels.edit_words import EditRow, edit_rows
from gui.viewmodels.line import LineViewModel
from gui.viewmodels.things import BranchThing, EventThing, TextThing, Thing
from gui.viewmodels.time_text import full_time_text
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.section import Section
from gui.widgets.words import Words
from gui.words import counted, said

LINES: Final = (
    said("line"),
    said("forks from"),
    said("fork"),
    said("edits"),
    said("own events"),
    said("made"),
    said("note"),
)
EDITS: Final = (said("edit"), said("position"), said("by"), said("at"), said("remark"))
NO_EDITS: Final = said(
    "Edits are listed here. Open the menu of an event and choose Edit in this branch."
)
OF_MAIN: Final = said(
    "The log itself is in view, and it is never edited. Press Y to make a branch at the cursor."
)
NOTHING_SENT: Final = said(
    "Commands, timers and process managers work inside the branch. Nothing is sent to the outside."
)


class BranchesView(QWidget):
    """What its buttons ask for is told by the view model of the branches."""

    def __init__(
        self,
        branches: BranchesViewModel,
        line: LineViewModel,
        edits: BranchEditsViewModel,
        selection: Selection,
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Branches"))
        self._branches, self._line, self._edits = branches, line, edits
        self._selection = selection
        self._rows: tuple[EditRow, ...] = ()
        self.lines = TextGrid(said("Lines of the store"))
        self.edits = TextGrid(said("Edits of the branch"), empty=OF_MAIN)
        self.show_line = QPushButton(said("Show"))
        self.new = QPushButton(said("Branch here…"))
        self.name = QPushButton(said("Name and note…"))
        self.update_line = QPushButton(said("Bring up to date"))
        self.drop = QPushButton(said("Delete…"))
        self.undo, self.redo = QPushButton(said("Undo")), QPushButton(said("Redo"))
        self.about = Words("dim")
        self._lay_out()
        self._connect()
        self._show_lines()
        self._show_edits()

    def spots(self) -> list[Spot]:
        """The edits, each with its event."""
        return [
            cells_spot(self.edits.grid, self._edit_things),
            cells_spot(self.lines.grid, self._line_things),
        ]

    def _edit_things(self, row: int, _column: int) -> list[Thing]:
        it = self._rows[row]
        return [TextThing(text=it.words)] if it.place is None else [EventThing(position=it.place)]

    def _line_things(self, row: int, _column: int) -> list[Thing]:
        it = self._row(row)
        return [BranchThing(name="" if it is None else it.name)]

    def _lay_out(self) -> None:
        lines = _column(
            self.lines, self.show_line, self.new, self.name, self.update_line, self.drop
        )
        edits = QWidget()
        rows = QVBoxLayout(edits)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.about)
        rows.addWidget(self.edits, 1)
        rows.addLayout(_cells(self.undo, self.redo))
        self._lines_section = Section(said("Lines"), lines)
        self._edits_section = Section(said("Edits"), edits)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self._lines_section)
        split.addWidget(self._edits_section)
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 0, 12, 8)
        whole.addWidget(split)

    def _connect(self) -> None:
        self._branches.changed.connect(self._show_lines)
        self._line.changed.connect(self._show_edits)
        self._edits.changed.connect(self._allow)
        self.lines.row_activated.connect(self._want)
        self.lines.row_chosen.connect(self._allow)
        self.edits.row_chosen.connect(self._go)
        self.edits.row_activated.connect(self._go)
        self.show_line.clicked.connect(self._want_chosen)
        self.new.clicked.connect(self._branches.new_wanted)
        self.name.clicked.connect(lambda: self._tell(self._branches.name_wanted))
        self.update_line.clicked.connect(lambda: self._tell(self._branches.update_wanted))
        self.drop.clicked.connect(lambda: self._tell(self._branches.drop_wanted))
        self.undo.clicked.connect(self._edits.undo)
        self.redo.clicked.connect(self._edits.redo)

    @Slot()
    def _show_lines(self) -> None:
        rows = self._branches.rows
        main = TextRow(texts=(self._marked("", MAIN), *[""] * (len(LINES) - 1)))
        self.lines.show_rows(LINES, [main, *(self._line_row(it) for it in rows)])
        self._lines_section.set_count(
            counted("1 branch", "{count:,} branches", len(rows)) if rows else ""
        )
        self._allow()

    def _line_row(self, it: BranchRow) -> TextRow:
        texts = (
            self._marked(it.name, it.name),
            it.leaves or MAIN,
            *("" if number is None else f"{number:,}" for number in (it.fork, it.edits)),
            "" if it.own_events is None else f"{it.own_events:,}",
            it.age,
            it.problem or it.note,
        )
        return TextRow(texts=texts, is_warning=bool(it.problem))

    def _marked(self, name: str, text: str) -> str:
        """The line in view has a sign."""
        return f"● {text}" if name == self._line.name else f"   {text}"

    @Slot()
    def _show_edits(self) -> None:
        branch = self._line.branch
        self._rows = () if branch is None else edit_rows(branch)
        shown = [
            TextRow(
                texts=(
                    it.words,
                    it.where,
                    it.by,
                    full_time_text(it.at_us),
                    it.status,
                ),
                is_warning=it.is_unfit,
            )
            for it in self._rows
        ]
        self.edits.say_when_empty(NO_EDITS if self._line.is_branch else OF_MAIN)
        self.edits.show_rows(EDITS, shown)
        self._edits_section.set_count(f"{len(shown):,}" if shown else "")
        self.about.say(NOTHING_SENT if self._line.is_branch else "")
        self._allow()

    @Slot()
    def _allow(self) -> None:
        chosen = self._row(self.lines.grid.current_row())
        for button in (self.name, self.update_line, self.drop):
            button.setEnabled(chosen is not None)
        self.undo.setEnabled(self._line.can_undo)
        self.redo.setEnabled(self._line.can_redo)

    def _row(self, row: int) -> BranchRow | None:
        """The branch in a row; None of the log."""
        rows = self._branches.rows
        return rows[row - 1] if 0 < row <= len(rows) else None

    @Slot(int)
    def _want(self, row: int) -> None:
        it = self._row(row)
        self._branches.line_wanted.emit("" if it is None else it.name)

    @Slot()
    def _want_chosen(self) -> None:
        self._want(self.lines.grid.current_row())

    def _tell(self, signal: SignalInstance) -> None:
        if (it := self._row(self.lines.grid.current_row())) is not None:
            signal.emit(it)

    @Slot(int)
    def _go(self, row: int) -> None:
        if 0 <= row < len(self._rows) and (place := self._rows[row].place) is not None:
            self._selection.seek(place)


def _column(widget: QWidget, *buttons: QPushButton) -> QWidget:
    column = QWidget()
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(widget, 1)
    rows.addLayout(_cells(*buttons))
    return column


def _cells(*buttons: QPushButton) -> QHBoxLayout:
    cells = QHBoxLayout()
    for it in buttons:
        cells.addWidget(it)
    cells.addStretch(1)
    return cells


PANEL: Final = Panel(
    id="branches",
    title=said("Branches"),
    area="tab",
    order=10,
    make=lambda it: BranchesView(it.branches, it.line, it.branch_edits, it.selection),
    begin=lambda it: it.lines.grid.setFocus(),
)
