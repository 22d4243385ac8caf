"""Re-run: recorded commands decided on again by the rules of today, as an experiment."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.rerunning import RerunningViewModel
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import said
from gui.work.reports import CommandRerun

TITLES: Final = (said("command"), said("stream"), said("event"), said("what differs now"))
ABOUT: Final = said(
    "An experiment: decides each recorded command again by the current rules, "
    "with its original state and answers. Nothing is written or sent. "
    "Replaying events, as a view rebuild does, never runs these rules."
)


class RerunView(QWidget):
    """Enter on a row goes to its event. `branch_wanted()`: they are to be run in a branch."""

    branch_wanted = Signal()

    def __init__(self, rerunning: RerunningViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Re-run commands"))
        self._rerunning, self._selection = rerunning, selection
        self.run_all = QPushButton(said("Re-run all commands"))
        self.run_range = QPushButton(said("Re-run from A to the cursor"))
        self.run_branch = QPushButton(said("Re-run into a branch…"))
        self.cancel = QPushButton(said("Cancel"))
        self.said = Words("dim")
        self.list = TextGrid(
            said("Commands with a different outcome"),
            empty=said("Commands with a different outcome are listed here."),
        )
        self._lay_out()
        self.run_all.clicked.connect(self._run_all)
        self.run_range.clicked.connect(self._run_range)
        self.run_branch.clicked.connect(self.branch_wanted)
        self.cancel.clicked.connect(rerunning.cancel)
        self.list.row_activated.connect(self._go)
        rerunning.changed.connect(self._show)
        selection.anchor_changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        self.run_range.setToolTip(
            said("Set A with Shift+X at one end, and move the cursor to the other")
        )
        buttons = QHBoxLayout()
        self.run_branch.setToolTip(
            said("Make a branch in which the commands from A on, or all, are decided again")
        )
        for button in (self.run_all, self.run_range, self.run_branch, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(Words("dim", ABOUT))
        rows.addLayout(buttons)
        rows.addWidget(self.said)
        rows.addWidget(self.list, 1)
        rows.addStretch(0)

    @Slot()
    def _show(self) -> None:
        running = self._rerunning.is_running
        self.run_all.setEnabled(not running)
        self.run_range.setEnabled(not running and self._selection.anchor is not None)
        self.cancel.setEnabled(running)
        words = self._rerunning.said
        self.said.say(
            said("Re-running the commands…") if running else words.text,
            role="dim" if running else words.role,
        )
        found = self._rerunning.differing
        self.list.show_rows(TITLES, [_row(it) for it in found])
        self.list.setVisible(bool(found))

    @Slot()
    def _run_all(self) -> None:
        self._rerunning.start(is_range=False)

    @Slot()
    def _run_range(self) -> None:
        self._rerunning.start(is_range=True)

    @Slot(int)
    def _go(self, row: int) -> None:
        self._selection.seek(self._rerunning.differing[row].position)


def _row(it: CommandRerun) -> TextRow:
    texts = (it.command, it.stream, f"{it.position:,}", "; ".join(it.differences))
    return TextRow(texts=texts, is_warning=True)


PANEL: Final = TabPanel(
    id="rerun",
    title=said("Re-run"),
    parent="commands",
    order=2,
    make=lambda it: RerunView(it.rerunning, it.selection),
    begin=lambda it: it.run_all.setFocus(),
)
