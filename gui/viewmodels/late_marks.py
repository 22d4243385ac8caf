"""Which of the listed events came late, asked for behind their rows: a list never waits for it."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.states.late_events import Late, LateEvents, Placed

KEPT: Final = 20_000  # events of which it is known; what was longest unused goes first
ASKED_AT_ONCE: Final = 2_000  # events; those listed last go first

Found = dict[int, Late]


class LateMarksViewModel(QObject):
    """`changed()` when more late events are known; `failed(error)`."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._late = LateEvents()
        self._known: OrderedDict[int, Late | None] = OrderedDict()
        self._wanted: OrderedDict[int, Placed] = OrderedDict()
        self._asked: tuple[Placed, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)

    def of(self, row: Placed) -> Late | None:
        """By what the event of a row is late; None where it is not, or not known yet: then that
        is found out."""
        position = row.position
        if position in self._known:
            self._known.move_to_end(position)
            return self._known[position]
        if position not in self._wanted:
            self._wanted[position] = row
            if len(self._wanted) > ASKED_AT_ONCE:
                self._wanted.popitem(last=False)
            self._go_on()
        return None

    def forget(self) -> None:
        """Positions mean other events."""
        self._late = LateEvents()
        self._known.clear()
        self._tasks.cancel("late marks")
        self._asked = ()
        self.changed.emit()

    def _go_on(self) -> None:
        if self._wanted and not self._asked and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _ask(self) -> None:
        self._asked = tuple(self._wanted.values())
        self._wanted = OrderedDict()
        work = partial(_found, late=self._late, rows=self._asked)
        self._tasks.latest("late marks", work, done=self._show, failed=self._give_up)

    def _show(self, found: Found) -> None:
        for it in self._asked:
            self._known[it.position] = found.get(it.position)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self._asked = ()
        if found:
            self.changed.emit()
        self._go_on()

    def _give_up(self, error: Exception) -> None:
        self._asked = ()
        self.failed.emit(error)


def _found(reads: Reads, *, late: LateEvents, rows: Sequence[Placed]) -> Found:
    """On a reader thread."""
    return late.of(reads.log, rows)
