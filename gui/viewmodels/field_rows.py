"""The history of the chosen field as a list, the latest change first; of the rows in sight also
what their events say."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.viewmodels.answer_words import value_words
from gui.viewmodels.blame import BlameViewModel
from gui.viewmodels.event_rows import actor
from gui.viewmodels.time_text import full_time_text
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks

TITLES: Final = (said("position"), said("old → new"), said("type"), said("time"), said("by"))
PAGE: Final = 64  # events read at once
KEPT: Final = 4_096  # events whose words are held


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    type: str
    time: str
    who: str


class FieldRowsViewModel(QObject):
    """`reset()` when it is another list, `arrived(first row, last row)` when words have come for
    rows that were asked for, `failed(error)`."""

    reset = Signal()
    arrived = Signal(int, int)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, blame: BlameViewModel) -> None:
        super().__init__()
        self._tasks, self._blame = tasks, blame
        self._said: OrderedDict[int, _Said] = OrderedDict()  # by position
        self._wanted: list[int] = []  # rows
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        self._shown: object = None
        blame.answered.connect(self._show)

    @property
    def count(self) -> int:
        """How many changes there are."""
        history = self._blame.history
        return 0 if history is None else len(history.positions)

    @property
    def current_row(self) -> int:
        """The row of the change that made the field what it is; -1 for none."""
        answer = self._blame.answer
        return -1 if answer is None or answer.at < 0 else self.count - 1 - answer.at

    def texts(self, row: int) -> tuple[str, ...] | None:
        """A row under TITLES; None while its event is on its way."""
        history = self._blame.history
        if history is None:
            return None
        at = self.count - 1 - row
        said = self._said.get(history.positions[at])
        if said is None:
            self._wanted = [*self._wanted[-PAGE:], row]
            self._asking.start()
            return None
        change = f"{value_words(history.before(at))} → {value_words(history.values[at])}"
        return (f"{history.positions[at]:,}", change, said.type, said.time, said.who)

    def position(self, row: int) -> int | None:
        """Of the event of a row."""
        history = self._blame.history
        known = history is not None and 0 <= row < self.count
        return history.positions[self.count - 1 - row] if history and known else None

    def go_to(self, row: int) -> None:
        """Put the cursor on the event of a row."""
        self._blame.go_to_change(self.count - 1 - row)

    def close(self) -> None:
        """Ask nothing more."""
        self._asking.stop()

    @Slot()
    def _show(self) -> None:
        if self._blame.history is not self._shown:
            self._shown = self._blame.history
            self._wanted.clear()
            self.reset.emit()

    @Slot()
    def _ask(self) -> None:
        history = self._blame.history
        rows = [it for it in self._wanted if it < self.count]
        self._wanted.clear()
        if history is None or not rows:
            return
        first, last = min(rows), max(rows)
        positions = {history.positions[self.count - 1 - it] for it in rows}
        unknown = tuple(it for it in positions if it not in self._said)
        work = partial(_said_by, positions=unknown)
        done = partial(self._learn, first=first, last=last)
        self._tasks.latest("field rows", work, done=done, failed=self.failed.emit)

    def _learn(self, said: dict[int, _Said], *, first: int, last: int) -> None:
        self._said.update(said)
        while len(self._said) > KEPT:
            self._said.popitem(last=False)
        self.arrived.emit(first, last)


def _said_by(reads: Reads, *, positions: tuple[int, ...]) -> dict[int, _Said]:
    from replay.correcting.marks import type_words

    return {
        it.position: _Said(
            type=type_words(reads.log, it),
            time=full_time_text(it.recorded_at_us),
            who=actor(it.metadata_json),
        )
        for it in reads.log.at_positions(positions)
    }
