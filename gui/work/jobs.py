"""Long work in a process of its own: imports, exports, rebuilds, with progress and cancel.

A job is a verb of the command line, run with --json --progress: it prints progress as JSON
lines and ends with its report, so the window does nothing that a script cannot. It is made of a
wish, which says what its report is read as.
"""

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.window_words import in_window
from gui.words import said
from gui.work.child_signals import ChildSignals
from gui.work.wishes import Wish
from replay.children.command import verb_command
from replay.children.job_messages import (
    JobFound,
    JobHeld,
    JobProgress,
    report_from,
    told_on_the_way,
)
from replay.command_name import command_name

OBJECTED: Final = 1  # the exit code of a verb that has found the data at fault
ENDING_S: Final = 3.0  # a job that is told to stop when the window closes gets this long


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job has come."""

    fraction: float | None  # 0 to 1; None while nobody knows
    store: str = ""  # that it writes to, where it chose that itself
    text: str  # "12 s left · 120,000 events · 31,000/s": where it is cut, that stays
    dropped: int = 0  # what came again and changed nothing


class Job(QObject):
    """One running verb. Signals: `progressed(Progress)`, `found(bytes)` with the JSON of each thing
    that the verb lists, as soon as it is found, `held(is_held)` once the verb has heard that it is
    to stand still or go on, then one of `succeeded(report)`,
    `objected(report)` when the work was done and the data is at fault, `failed(sentence, hint)` or
    `cancelled()`, then `ended()`."""

    progressed = Signal(object)
    found = Signal(object)
    held = Signal(bool)
    succeeded = Signal(object)
    objected = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, wish: Wish, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wish, self.title = wish, wish.title
        self.progress = Progress(fraction=None, text=said("starting…"))
        self.is_running = False
        self._is_cancelling = False
        self._is_to_be_held = False
        self._report: Any = None
        self._errors = ""
        self._command = verb_command(*wish.arguments(), "--json", "--progress")
        self._process = ChildSignals(self)
        self._process.said.connect(self._hear)
        self._process.complained.connect(self._hear_complaint)
        self._process.ended.connect(self._finish)

    def start(self) -> None:
        """Begin on the next turn of the event loop: the click is answered first."""
        self.is_running = True
        QTimer.singleShot(0, self._spawn)

    @Slot()
    def _spawn(self) -> None:
        if self._is_cancelling:
            self.is_running = False
            self.cancelled.emit()
            self.ended.emit()
        elif self.is_running:
            self._run()

    def _run(self) -> None:
        try:
            self._process.start(self._command, gives_way=True)
        except OSError as error:
            self.is_running = False
            self.failed.emit(error.strerror, said("Check that Python is still installed here."))
            self.ended.emit()
            return
        if self._is_to_be_held:
            self._process.say("pause")

    @Slot()
    def cancel(self) -> None:
        """Ask it to stop and leave no trace."""
        if self.is_running and not self._is_cancelling:
            self._is_cancelling = True
            self._process.say("cancel")

    def hold(self, is_held: bool) -> None:
        """Let a verb that can be paused stand still, or go on."""
        self._is_to_be_held = is_held
        if self.is_running:
            self._process.say("pause" if is_held else "resume")

    def close(self) -> None:
        """Stop it now: the window is closing."""
        was_running, self.is_running = self.is_running, False
        self._process.stop(grace_s=ENDING_S)
        if was_running:
            self.cancelled.emit()
            self.ended.emit()

    @Slot(object)
    def _hear(self, line: bytes) -> None:
        match told_on_the_way(line):
            case JobProgress() as it:
                self.progress = Progress(
                    fraction=it.fraction,
                    text=it.text,
                    store=it.store or "",
                    dropped=it.dropped or 0,
                )
                self.progressed.emit(self.progress)
            case JobFound(it):
                self.found.emit(bytes(it))
            case JobHeld(is_held):
                self.held.emit(is_held)
            case None:
                self._hear_report(line)

    def _hear_report(self, line: bytes) -> None:
        try:
            self._report = report_from(line, self.wish.report)
        except ValueError:
            self._hear_complaint(line)

    @Slot(object)
    def _hear_complaint(self, line: bytes) -> None:
        self._errors += line.decode("utf-8", "replace")

    @Slot(int)
    def _finish(self, exit_code: int) -> None:
        self.is_running = False
        if exit_code == 0 and self._report is not None:
            self.succeeded.emit(self._report)
        elif self._is_cancelling:
            self.cancelled.emit()
        elif exit_code == OBJECTED and self._report is not None and not self._errors.strip():
            self.objected.emit(self._report)
        else:
            self.failed.emit(*_sentence_and_hint(self._errors, exit_code))
        self.ended.emit()


class Jobs(QObject):
    """The jobs of the whole program, newest last. `changed()` when one begins, gets on or ends."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.running: list[Job] = []
        self._asides: list[Job] = []

    @property
    def newest(self) -> Job | None:
        """The newest one that a person started, and may cancel."""
        return next((it for it in reversed(self.running) if it not in self._asides), None)

    def start(self, job: Job, *, is_aside: bool = False) -> Job:
        """Run a job and list it until it ends. `is_aside`: nobody asked for it, so that no place
        where one waits for jobs shows it."""
        self.running.append(job)
        if is_aside:
            self._asides.append(job)
        job.ended.connect(self._drop_ended)
        job.progressed.connect(self.changed)
        job.start()
        self.changed.emit()
        return job

    def close(self) -> None:
        """Stop every job."""
        for job in list(self.running):
            job.close()
        self.running.clear()
        self._asides.clear()

    @Slot()
    def _drop_ended(self) -> None:
        self.running = [job for job in self.running if job.is_running]
        self._asides = [job for job in self._asides if job.is_running]
        self.changed.emit()


def sentences(*said: str) -> str:
    """What a job has failed with, and what to do, as sentences behind one another."""
    return " ".join(it if it.endswith((".", "!", "?")) else f"{it}." for it in said if it)


def _sentence_and_hint(errors: str, exit_code: int) -> tuple[str, str]:
    """The last sentence a verb said, and its next step, if it named one."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if not lines:
        return said(
            "The job ended without a report (exit code {exit_code}).", exit_code=exit_code
        ), ""
    spoken = [line for line in lines if line.startswith(f"{command_name()}: ")]
    if not spoken:
        return in_window(lines[-1]), ""
    sentence = spoken[-1].removeprefix(f"{command_name()}: ")
    rest = lines[lines.index(spoken[-1]) + 1 :]
    return in_window(sentence[:1].upper() + sentence[1:]), in_window(rest[0] if rest else "")
