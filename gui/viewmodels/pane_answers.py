"""What is asked of a row or a cell of a pane: the events that made it, and why it is what it is."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.cell_answer import CellAnswerViewModel
from gui.viewmodels.row_history import RowHistoryViewModel
from gui.work.tasks import Tasks
from replay.questions.pane_groups import Group
from replay.questions.view_query import ViewPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRow:
    """A row of a pane: its place among the panes, the query store that has it (empty: none), and
    where its line is (None: the one in view)."""

    page: ViewPage
    group: Group
    at: int
    source: str
    line: Path | None


class PaneAnswers(QObject):
    """Both at once. `failed(error)`. GUI thread."""

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, there: Tasks) -> None:
        super().__init__()
        self.history = RowHistoryViewModel(tasks, selection, there)
        self.cell = CellAnswerViewModel(tasks, selection, there)
        for part in (self.history, self.cell):
            part.failed.connect(self.failed)

    def ask_row(self, it: ChosenRow | None, *, goes_there: bool = False) -> None:
        """The events that made a row; then to the latest, if wanted."""
        if it is not None:
            self.history.ask(
                it.page.view,
                it.group.key,
                until=it.page.as_of,
                goes_there=goes_there,
                source=it.source,
                line=it.line,
            )

    def ask_cell(self, it: ChosenRow | None, column: int) -> None:
        """Why a cell is what it is."""
        if it is not None and 0 <= column < len(it.page.columns):
            name, as_of = it.page.columns[column].name, it.page.as_of
            self.cell.ask(
                it.page.view, it.group.key, name, at=as_of, source=it.source, line=it.line
            )
