"""What failed while processes ran: what is dead, tried again, or waits behind something that is."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.process_facts import DeadLetter
from gui.viewmodels.processes import ProcessesViewModel
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import said

TITLES: Final = (
    said("status"),
    said("attempts"),
    said("what"),
    said("error"),
    said("last attempt"),
    said("next"),
)
NONE: Final = said("There are no failures.")
RETRIED: Final = said("These failed and are retried automatically. Everything else continues.")
DEAD: Final = said(
    "Dead letters have used all their attempts and wait for you. Everything else continues."
)


class DeadLettersView(QWidget):
    """Enter on a row goes to its event. `counted(title)` names the tab."""

    counted = Signal(str)

    def __init__(self, processes: ProcessesViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Dead letters"))
        self._processes, self._selection = processes, selection
        self.words = Words("dim")
        self.list = TextGrid(said("Failures"), empty=said("Failures are listed here."))
        self.retry = QPushButton(said("Retry"))
        self.reason = QLineEdit()
        self.give_up = QPushButton(said("Give up"))
        self._lay_out()
        processes.changed.connect(self._show)
        self.list.row_activated.connect(self._go)
        self.retry.clicked.connect(self._retry)
        self.give_up.clicked.connect(self._give_up)
        self.reason.textChanged.connect(self._enable)
        self._show()

    def catch_up(self) -> None:
        """Name the tab: this was made later than what it shows."""
        self._show()

    def _lay_out(self) -> None:
        self.retry.setToolTip(said("Retry it with a full set of attempts, while processes run"))
        self.give_up.setToolTip(said("Skip the event, fail the command, or withdraw the message"))
        self.reason.setPlaceholderText(said("reason for giving up"))
        self.reason.setAccessibleName(said("Reason for giving up"))
        foot = QHBoxLayout()
        foot.addWidget(self.retry)
        foot.addStretch(1)
        foot.addWidget(self.reason, 2)
        foot.addWidget(self.give_up)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.words)
        rows.addWidget(self.list, 1)
        rows.addStretch(0)  # while there is no list
        rows.addLayout(foot)

    @Slot()
    def _show(self) -> None:
        found = self._processes.letters
        dead = sum(it.is_dead for it in found)
        words = DEAD if dead else RETRIED if found else NONE
        self.words.say(words, role="warn" if found else "dim")
        self.list.show_rows(TITLES, [_row(it) for it in found])
        self.list.setVisible(bool(found))
        if found and self.list.grid.current_row() < 0:
            self.list.go_to_row(0)
        self._enable()
        self.counted.emit(
            said("Dead letters ({dead:,})", dead=dead) if dead else said("Dead letters")
        )

    @Slot()
    def _enable(self) -> None:
        is_any = bool(self._processes.letters)
        self.retry.setEnabled(is_any)
        self.reason.setEnabled(is_any)
        self.give_up.setEnabled(is_any and bool(self.reason.text().strip()))

    @Slot()
    def _retry(self) -> None:
        if (letter := self._chosen()) is not None:
            self._processes.retry_letter(letter.number)

    @Slot()
    def _give_up(self) -> None:
        if (letter := self._chosen()) is not None:
            self._processes.give_up_letter(letter.number, self.reason.text())
            self.reason.clear()

    @Slot(int)
    def _go(self, row: int) -> None:
        letter = self._processes.letters[row]
        if letter.stream:
            self._selection.choose_stream(letter.stream)
        if letter.position:
            self._selection.seek(letter.position)

    def _chosen(self) -> DeadLetter | None:
        row, found = self.list.grid.current_row(), self._processes.letters
        return found[row] if 0 <= row < len(found) else None


def _row(it: DeadLetter) -> TextRow:
    texts = (it.status, str(it.attempts or ""), it.what, it.error, _time(it.at), _time(it.next_at))
    return TextRow(texts=texts, is_warning=it.is_dead)


def _time(moment: str) -> str:
    return moment[:19].replace("T", " ")


PANEL: Final = TabPanel(
    id="dead_letters",
    title=said("Dead letters"),
    parent="processes",
    order=5,
    make=lambda it: DeadLettersView(it.processes, it.selection),
    retitled=lambda it: it.counted,
)
