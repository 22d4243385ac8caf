"""What is done with the own commands of a branch: shown as a preview first, then done."""

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from gui.viewmodels.branch_commands import BranchCommandsViewModel, Detail
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.form.job_rows import JobRows
from gui.widgets.grid.rows_and_value import RowsAndValue
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import said


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogWords:
    """How it is called and what it says."""

    title: str
    about: str
    columns: tuple[str, ...]
    button: str
    cancelled: str
    options: tuple[tuple[str, str], ...] = ()  # id and text of what can be ticked
    goes: str = ""  # the button that leads to what was done; empty: none


class BranchCommandsDialog(DeliberateDialog):
    """Stays open beside the window. Nothing is written before its button is pressed.
    `goal_wanted(position)`: an event of the log is to be shown."""

    goal_wanted = Signal(int)

    def __init__(
        self, work: BranchCommandsViewModel, words: DialogWords, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(words.title)
        self.setAccessibleName(words.title)
        self.resize(980, 560)
        self._work, self._words = work, words
        self._is_left = False
        work.setParent(self)
        self.list = RowsAndValue(
            said("Commands of the branch"),
            said("Outcome of the command"),
            empty=said("The commands of the branch are listed here."),
            no_value=said("There is nothing more to show."),
        )
        self.options = {id_: QCheckBox(text) for id_, text in words.options}
        self.message = Words("dim")
        self.run_button = QPushButton(words.button)
        self.go = QPushButton(words.goes or words.button)
        self.close_button = QPushButton(said("Close"))
        self._job = JobRows(
            work,
            words.button,
            problem=said("Problem"),
            say=self.message.say,
            cancelled=lambda: words.cancelled,
        )
        self._lay_out()
        self._connect()
        self.deliberate()
        self._show()

    def _lay_out(self) -> None:
        self.run_button.setProperty("primary", True)
        self.go.setVisible(bool(self._words.goes))
        rows = QVBoxLayout(self)
        rows.setSpacing(8)
        rows.addWidget(Words("dim", self._words.about))
        for box in self.options.values():
            rows.addWidget(box)
        rows.addWidget(self._job.problem)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.message)
        buttons = (self.go,) if self._words.goes else ()
        self._job.lay_out_end(rows, self.close_button, *buttons, self.run_button)
        self._job.progress.hide()

    def _connect(self) -> None:
        for id_, box in self.options.items():
            box.toggled.connect(lambda is_on, id_=id_: self._work.set_option(id_, is_on=is_on))
        self.list.row_chosen.connect(self._show_detail)
        self.run_button.clicked.connect(self._run)
        self.go.clicked.connect(self._go)
        self.close_button.clicked.connect(self.reject)
        self._work.changed.connect(self._show)
        self._work.done.connect(self._job.finish)
        self.finished.connect(self._leave)

    def look(self) -> None:
        """Begin the preview."""
        self._work.preview()

    def reject(self) -> None:
        """Closing it stops what runs."""
        self._work.cancel()
        super().reject()

    @Slot()
    def _leave(self) -> None:
        """It is deleted once what runs has ended."""
        self._is_left = True
        if not self._work.is_running:
            self.deleteLater()

    @Slot()
    def _run(self) -> None:
        self._job.begin()
        self._work.run()

    @Slot()
    def _go(self) -> None:
        self.goal_wanted.emit(self._work.listed.goal)

    @Slot()
    def _show(self) -> None:
        if self._is_left:
            self._leave()
            return
        work, listed = self._work, self._work.listed
        lines = [TextRow(texts=it.texts, is_warning=it.is_warning) for it in listed.lines]
        self.list.show_rows(self._words.columns, lines)
        if work.is_running and not work.is_working:
            self.message.say(said("Looking at what would come of it…"), role="dim")
        else:
            self.message.say(listed.said.text, role=listed.said.role)
        for box in self.options.values():
            box.setEnabled(not work.is_working)
        self.run_button.setEnabled(work.can_run)
        self.go.setEnabled(bool(listed.goal) and not work.is_running)
        self._choose_first()
        self._show_detail(self.list.rows.grid.current_row())

    def _choose_first(self) -> None:
        """Where nobody has chosen a row: what stops it, else the first one."""
        lines, grid = self._work.listed.lines, self.list.rows.grid
        if lines and grid.current_row() < 0:
            stops = (at for at, it in enumerate(lines) if it.is_warning)
            grid.setCurrentIndex(grid.model().index(next(stops, 0), 0))

    @Slot(int)
    def _show_detail(self, row: int) -> None:
        lines = self._work.listed.lines
        it = lines[row].detail if 0 <= row < len(lines) else Detail()
        self.list.show_chosen(it.title, it.text, it.value, name=it.name, tone=it.tone)
