"""What process managers have decided and not sent yet, and which instances stand still."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.process_facts import Stuck, UnsentCommand
from gui.viewmodels.processes import ProcessesViewModel
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import said

UNSENT_TITLES: Final = (
    said("what"),
    said("command"),
    said("for"),
    said("sent by"),
    said("saved"),
    said("due"),
    said("attempts"),
)
STUCK_TITLES: Final = (said("instance"), said("state"), said("since"), said("why"))
NONE: Final = said("All commands of process managers were sent, and no timer is set.")
SOME: Final = said(
    "Each command is saved together with the state that decided it, and sent while processes run. "
    "A failed attempt is repeated under the same id, so it takes effect at most once."
)
NONE_STUCK: Final = said("No instance is stuck.")
SOME_STUCK: Final = said("These instances are stuck. Nothing that is under way will resume them.")


class UnsentView(QWidget):
    """Enter on a row goes to its instance. `counted(title)` names the tab."""

    counted = Signal(str)

    def __init__(self, processes: ProcessesViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Unsent commands"))
        self._processes, self._selection = processes, selection
        self.words = Words("dim")
        self.unsent = TextGrid(
            said("Unsent commands of process managers"),
            empty=said("Unsent commands are listed here."),
        )
        self.stuck_words = Words("dim")
        self.stuck = TextGrid(
            said("Stuck instances"),
            empty=said("Stuck instances are listed here."),
        )
        self._lay_out()
        processes.changed.connect(self._show)
        self.unsent.row_activated.connect(self._go_to_instance)
        self.stuck.row_activated.connect(self._go_to_stuck)
        self._show()

    def catch_up(self) -> None:
        """Name the tab: this was made later than what it shows."""
        self._show()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.words)
        rows.addWidget(self.unsent, 3)
        rows.addWidget(self.stuck_words)
        rows.addWidget(self.stuck, 2)
        rows.addStretch(0)

    @Slot()
    def _show(self) -> None:
        unsent, stuck = self._processes.unsent, self._processes.stuck
        self.words.say(_and(SOME if unsent else NONE, self._processes.part_of("unsent")))
        self.unsent.show_rows(UNSENT_TITLES, [_unsent_row(it) for it in unsent])
        self.unsent.setVisible(bool(unsent))
        told = _and(SOME_STUCK if stuck else NONE_STUCK, self._processes.part_of("stuck"))
        self.stuck_words.say(told, role="warn" if stuck else "dim")
        self.stuck.show_rows(STUCK_TITLES, [_stuck_row(it) for it in stuck])
        self.stuck.setVisible(bool(stuck))
        self.counted.emit(_title(unsent, stuck))

    @Slot(int)
    def _go_to_instance(self, row: int) -> None:
        stream = self._processes.unsent[row].instance
        if stream:
            self._processes.choose(stream)
            self._selection.choose_stream(stream)

    @Slot(int)
    def _go_to_stuck(self, row: int) -> None:
        found = self._processes.stuck[row]
        self._processes.choose(found.stream)
        self._selection.choose_stream(found.stream)
        self._selection.seek(found.position)


def _title(unsent: tuple[UnsentCommand, ...], stuck: tuple[Stuck, ...]) -> str:
    due = sum(not it.is_timer for it in unsent)
    told = [f"{due:,}"] if due else []
    told += [said("{count:,} stuck", count=len(stuck))] if stuck else []
    return said("Unsent ({told})", told=", ".join(told)) if told else said("Unsent")


def _and(told: str, part: str) -> str:
    return f"{told} {part}".strip()


def _unsent_row(it: UnsentCommand) -> TextRow:
    kind = said("timer") if it.is_timer else said("unsent")
    texts = (
        kind,
        it.command,
        it.stream,
        it.instance or it.actor,
        _time(it.issued_at),
        _time(it.due_at),
        str(it.attempts or ""),
    )
    return TextRow(texts=texts, is_warning=not it.is_timer)


def _stuck_row(it: Stuck) -> TextRow:
    texts = (it.stream, it.state, _time(it.since), it.why)
    return TextRow(texts=texts, is_warning=True)


def _time(moment: str) -> str:
    return moment[:19].replace("T", " ")


PANEL: Final = TabPanel(
    id="unsent",
    title=said("Unsent"),
    parent="processes",
    order=1,
    make=lambda it: UnsentView(it.processes, it.selection),
    retitled=lambda it: it.counted,
)
