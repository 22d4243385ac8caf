"""Consequences: what follows from the edits of the branch in view, each line a link."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.viewmodels.consequences import MAIN, ConsequencesViewModel
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.line_choice import LineChoice
from gui.widgets.words import Words
from gui.words import said

TITLES: Final = (said("what"), said("difference"), said("where"))
EMPTY: Final = said("Consequences of the branch's edits are listed here.")


class ConsequencesView(QWidget):
    """Enter on a line goes to its event, to the state with A before it, or to its view row."""

    def __init__(self, consequences: ConsequencesViewModel) -> None:
        super().__init__()
        self.setAccessibleName(said("Consequences"))
        self._consequences = consequences
        self.run = QPushButton(said("List consequences"))
        self.cancel = QPushButton(said("Cancel"))
        self.line = LineChoice(said("Compared with"))
        self.said = Words("dim")
        self.list = TextGrid(said("Consequences of the edits"), empty=EMPTY)
        self._lay_out()
        self.line.chosen.connect(consequences.choose)
        self.run.clicked.connect(consequences.start)
        self.cancel.clicked.connect(consequences.cancel)
        self.list.row_activated.connect(consequences.go_to)
        consequences.changed.connect(self._show)
        self._show()

    def spots(self) -> list[Spot]:
        """The lines, each with its event, stream or view."""
        return [cells_spot(self.list.grid, self._consequences.things)]

    def _lay_out(self) -> None:
        self.run.setToolTip(said("Compare the branch with main. Nothing is written or sent"))
        head = QHBoxLayout()
        for it in (self.run, self.cancel):
            head.addWidget(it)
        head.addWidget(self.said, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addLayout(head)
        rows.addWidget(self.line)
        rows.addWidget(self.list, 1)

    @Slot()
    def _show(self) -> None:
        work = self._consequences
        lines = work.offered() if work.is_branch else []
        self.line.offer(lines, work.against, is_branch=work.is_against_branch)
        self.run.setEnabled(work.is_branch and not work.is_running)
        self.cancel.setEnabled(work.is_running)
        self.said.say(work.said.text, role=work.said.role)
        self.list.say_when_empty(EMPTY if work.is_branch else MAIN)
        self.list.show_rows(TITLES, [TextRow(texts=it) for it in work.rows()])


PANEL: Final = TabPanel(
    id="consequences",
    title=said("Consequences"),
    parent="processes",
    order=6,
    make=lambda it: ConsequencesView(it.consequences),
    begin=lambda it: it.run.setFocus(),
)
