"""Correct one event of the past: what is asked is previewed while it is typed, and committed when a
person says so. The process of the models computes it, and appends new events only."""

import getpass
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.correction_work import (
    Opened,
    Reality,
    Wanted,
    committed,
    opened,
    previewed,
    problem_with,
)
from gui.viewmodels.said import Said
from gui.window_words import error_words
from gui.words import counted, said
from gui.work.tasks import Tasks
from replay.correcting.kinds import Kind
from replay.correcting.told import CorrectionTold
from replay.states.diff import path_text
from replay.workers.worker_process import CommandWorker
from store.errors import StoreError

OPENING: Final = "correct-opening"
PREVIEW: Final = "correct-preview"
COMMIT: Final = "correct-commit"


class CorrectingViewModel(QObject):
    """`opened()` once the event is read; `changed()`; `committed(positions)`; `failed(error)`."""

    opened = Signal()
    changed = Signal()
    committed = Signal(object)
    failed = Signal(Exception)

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        worker: CommandWorker,
        position: int,
        *,
        kind: Kind = "wrong",
    ) -> None:
        super().__init__()
        self.position = position
        self.found: Opened | None = None
        self.wanted = Wanted(kind=kind, actor=getpass.getuser())
        self.told: CorrectionTold | None = None
        self.realities: tuple[Reality, ...] = ()
        self.said = Said()  # what is wrong with what is asked, or what came of it
        self.notice = ""  # that the log has grown meanwhile
        self.accepts_left = False
        self.is_running = self.is_committing = self.is_done = False
        self._tasks, self._selection, self._worker = tasks, selection, worker
        selection.head_changed.connect(self._look_again)

    def open(self) -> None:
        """Read the event, then preview."""
        work = partial(opened, position=self.position)
        self._tasks.latest(OPENING, work, done=self._show_event, failed=self._fail)

    def want(self, wanted: Wanted) -> None:
        """Something is set otherwise."""
        if wanted != self.wanted:
            is_another = replace(wanted, reason="", actor="") != replace(
                self.wanted, reason="", actor=""
            )
            self.wanted = wanted
            if is_another:
                self.notice = ""
                self._preview()

    def accept_left(self, is_accepted: bool) -> None:
        """Whether fields may stay different."""
        self.accepts_left = is_accepted
        self.changed.emit()

    @property
    def left(self) -> tuple[str, ...]:
        """The fields that new events alone do not reach, each behind its stream."""
        return tuple(f"{it.stream} {path_text(path)}" for it in self.realities for path in it.left)

    @property
    def left_words(self) -> str:
        """That they cannot be reached, and why; empty where all of them are."""
        if not self.left:
            return ""
        names = ", ".join(self.left)
        why = "".join(f" {it.why_left[:1].upper()}{it.why_left[1:]}." for it in self._unreached())
        return said("New events alone cannot reach: {names}.{why}", names=names, why=why)

    @property
    def can_commit(self) -> bool:
        """Whether what is previewed can be appended as it is."""
        is_ready = self.told is not None and not self.told.made_before and not self.is_running
        is_whole = not self.left or self.accepts_left
        return is_ready and is_whole and not self.is_done and not self.is_committing

    @Slot()
    def commit(self) -> None:
        """Append what is previewed, if the streams are still as they were."""
        if self.told is None or not self.can_commit:
            return
        self.is_committing = True
        work = partial(
            committed,
            worker=self._worker,
            position=self.position,
            wanted=self.wanted,
            partly=self.accepts_left,
            seen=self.told,
        )
        self._tasks.latest(COMMIT, work, done=self._show_committed, failed=self._give_up)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Nobody looks any more."""
        self._selection.head_changed.disconnect(self._look_again)
        for key in (OPENING, PREVIEW):
            self._tasks.cancel(key)

    @property
    def goal(self) -> int:
        """The first event that was appended, or by which the same had been corrected; 0 while the
        window has not heard of it."""
        told = self.told
        positions = (told.appended or told.made_before) if told is not None else ()
        return positions[0] if positions and positions[0] <= self._selection.head else 0

    @Slot()
    def go_to_goal(self) -> None:
        """Move the cursor there."""
        if self.goal:
            self._selection.seek(self.goal)

    def _unreached(self) -> list[Reality]:
        return [it for it in self.realities if it.left and it.why_left]

    def _show_event(self, found: Opened | None) -> None:
        if found is None:
            self.said = Said(text=said("There is no event at this position."), role="error")
            self.changed.emit()
            return
        self.found = found
        self.wanted = replace(self.wanted, text=found.text)
        self.opened.emit()
        self._preview()

    @Slot()
    def _look_again(self) -> None:
        if self.is_done:
            self.changed.emit()  # what was appended can be gone to by now
        elif self.found is not None and not self.is_committing:
            self._preview()

    def _preview(self) -> None:
        if self.found is None or self.is_done:
            return
        problem = problem_with(self.wanted, self.found)
        if problem.text:
            self._tasks.cancel(PREVIEW)
            self._show_problem(problem)
            return
        self.is_running, self.said = True, Said()
        self.changed.emit()
        work = partial(previewed, worker=self._worker, position=self.position, wanted=self.wanted)
        self._tasks.latest(
            PREVIEW,
            work,
            done=partial(self._show, self.wanted),
            failed=partial(self._refuse, self.wanted),
        )

    def _show(self, asked: Wanted, found: tuple[CorrectionTold, tuple[Reality, ...]]) -> None:
        if _same(asked, self.wanted) and not self.is_done:
            self._take(*found)
            self.is_running = False
            self.said = _made_before(found[0])
            self.changed.emit()

    def _take(self, told: CorrectionTold, realities: tuple[Reality, ...]) -> None:
        seen, left = self.told, self.left
        self.told, self.realities = told, realities
        if seen is not None and _asks_the_same(seen, told) and seen.newest != told.newest:
            self.notice = said("Events were appended to these streams meanwhile: computed again.")
        if self.left != left:
            self.accepts_left = False

    def _refuse(self, asked: Wanted, error: Exception) -> None:
        if not _same(asked, self.wanted) or self.is_done:
            return
        if isinstance(error, StoreError):
            text = error_words(error)
            self._show_problem(Said(text=f"{text[:1].upper()}{text[1:]}", role="error"))
        else:
            self._fail(error)

    def _show_problem(self, problem: Said) -> None:
        self.is_running = False
        self.told, self.realities, self.accepts_left = None, (), False
        self.said = problem
        self.changed.emit()

    def _show_committed(self, found: tuple[CorrectionTold, tuple[Reality, ...]]) -> None:
        told, _ = found
        self.is_committing = False
        self._take(*found)
        if told.appended:
            self.is_done, self.notice = True, ""
            self.said = Said(text=_appended(told), role="ok")
            self.committed.emit(told.appended)
        elif told.has_moved:
            self.notice = said(
                "Events were appended to these streams meanwhile, so nothing was appended. Look at "
                "what is computed now, and append it again."
            )
        else:
            self.said = _made_before(told)
        self.changed.emit()

    def _give_up(self, error: Exception) -> None:
        self.is_committing = False
        self._refuse(self.wanted, error)
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.is_running = False
        self.failed.emit(error)
        self.changed.emit()


def _same(one: Wanted, other: Wanted) -> bool:
    return replace(one, reason="", actor="") == replace(other, reason="", actor="")


def _asks_the_same(one: CorrectionTold, other: CorrectionTold) -> bool:
    return (one.kind, one.before) == (other.kind, other.before)


def _made_before(told: CorrectionTold) -> Said:
    if not told.made_before:
        return Said()
    positions = ", ".join(f"{it:,}" for it in told.made_before)
    text = said("The event was corrected just so before, at {positions}.", positions=positions)
    return Said(text=text, role="warn")


def _appended(told: CorrectionTold) -> str:
    return counted(
        "Corrected. {count:,} event was appended, at {positions}.",
        "Corrected. {count:,} events were appended, at {positions}.",
        len(told.appended),
        positions=", ".join(f"{it:,}" for it in told.appended),
    )
