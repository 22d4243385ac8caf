"""The second time of the occurred axis: what counts is what was known, at a position. And which
events were known late."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.late_marks import LateMarksViewModel
from gui.viewmodels.time_text import full_time_text
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.states.moment import parse_moment_text, position_of
from store.interface import EventReader

BEFORE_ALL: Final = said("as known before anything was recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How much was known, as the window writes it."""

    position: int
    words: str  # `as known at 2,345, 2026-10-01 00:00:00.000`
    shown: str  # shorter, for the read-out
    at_us: int | None = None  # when the last event that counts was recorded; None: none counts


class TwoTimesViewModel(QObject):
    """`changed()` when `known` is another one; `failed(error)`."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.known: Known | None = None  # None: the second time is off
        self.late = LateMarksViewModel(tasks)
        self.late.failed.connect(self.failed)
        self._tasks, self._selection = tasks, selection
        selection.known_changed.connect(self._ask)

    @Slot()
    def know_all(self) -> None:
        """What is recorded by now is known; what comes later is not."""
        self._selection.set_known(self._selection.head)

    @Slot()
    def know_cursor(self) -> None:
        """What was recorded up to the event at the cursor."""
        self._selection.set_known(self._selection.as_of)

    @Slot()
    def know_anchor(self) -> None:
        """What was recorded up to A; nothing changes without an A."""
        if self._selection.anchor is not None:
            self._selection.set_known(self._selection.anchor)

    def know(self, text: str) -> None:
        """What was recorded by a position or a time, as a person types it."""
        work = partial(_position, text=text)
        self._tasks.latest(
            "known at", work, done=self._selection.set_known, failed=self.failed.emit
        )

    def forget(self) -> None:
        """Positions mean other events."""
        self.late.forget()
        self.known = None
        self._ask()

    @Slot()
    def _ask(self) -> None:
        position = self._selection.known
        if position is None:
            self._tasks.cancel("known words")
            self._show(None)
        else:
            work = partial(_known, position=position)
            self._tasks.latest("known words", work, done=self._show, failed=self.failed.emit)

    def _show(self, known: Known | None) -> None:
        is_true = (known and known.position) == self._selection.known
        if is_true and known != self.known:
            self.known = known
            self.changed.emit()


def known_words(log: EventReader, position: int | None) -> str:
    """`as known at 2,345, 2026-10-01 00:00:00.000`; empty where all that is recorded counts."""
    if position is None:
        return ""
    if not position:
        return BEFORE_ALL
    time = full_time_text(log.running_max_us(position))
    return said("as known at {position:,}, {time}", position=position, time=time)


def _known(reads: Reads, *, position: int) -> Known:
    at_us = reads.log.running_max_us(position) if position else None
    time = "–" if at_us is None else full_time_text(at_us)
    shown = said("known {position:,} · {time}", position=position, time=time)
    words = known_words(reads.log, position)
    return Known(position=position, words=words, shown=shown, at_us=at_us)


def _position(reads: Reads, *, text: str) -> int:
    return position_of(reads.log, parse_moment_text(text))
