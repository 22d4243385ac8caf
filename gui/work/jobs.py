"""Long work in a process of its own: imports, exports, rebuilds, with progress and cancel.

A job is a verb of the command line, run with --json --progress: it prints progress as JSON
lines and ends with its report, so the window does nothing that a script cannot. It is made of a
wish, which says what its report is read as.
"""

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from gui.work.job_lines import report_from, told_on_the_way
from gui.work.wishes import Wish
from replay.background import stand_back
from replay.children.command import verb_command
from replay.children.environment import environment
from replay.command_name import command_name

OBJECTED: Final = 1  # the exit code of a verb that has found the data at fault
ENDING_MS: Final = 3_000  # a job that is told to stop when the window closes gets this long


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job has come."""

    fraction: float | None  # 0 to 1; None while nobody knows
    text: str  # "12 s left · 120,000 events · 31,000/s": where it is cut, that stays


class Job(QObject):
    """One running verb. Signals: `progressed(Progress)`, `held(is_held)` once the verb has heard
    that it is to stand still or go on, then one of `succeeded(report)`,
    `objected(report)` when the work was done and the data is at fault, `failed(sentence, hint)` or
    `cancelled()`, then `ended()`."""

    progressed = Signal(object)
    held = Signal(bool)
    succeeded = Signal(object)
    objected = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, wish: Wish, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wish, self.title = wish, wish.title
        self.progress = Progress(fraction=None, text="starting…")
        self.is_running = False
        self._is_cancelling = False
        self._is_to_be_held = False
        self._report: Any = None
        self._errors = ""
        self._command = verb_command(*wish.arguments(), "--json", "--progress")
        self._process = QProcess(self)
        self._process.setProcessEnvironment(job_environment())
        self._process.started.connect(self._stand_back)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._report_no_start)

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
            self._process.start(self._command[0], self._command[1:])
            if self._is_to_be_held:
                self._say(b"pause\n")

    @Slot()
    def _stand_back(self) -> None:
        stand_back(self._process.processId())

    @Slot()
    def cancel(self) -> None:
        """Ask it to stop and leave no trace."""
        if self.is_running and not self._is_cancelling:
            self._is_cancelling = True
            self._say(b"cancel\n")

    def hold(self, is_held: bool) -> None:
        """Let a verb that can be paused stand still, or go on."""
        self._is_to_be_held = is_held
        if self.is_running:
            self._say(b"pause\n" if is_held else b"resume\n")

    def close(self) -> None:
        """Stop it now: the window is closing."""
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self.is_running = False
        if self.is_running:
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(ENDING_MS):
                self._process.kill()
                self._process.waitForFinished(ENDING_MS)

    def _say(self, word: bytes) -> None:
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.write(word)

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            try:
                self._hear(line)
            except ValueError:
                self._errors += line.decode("utf-8", "replace")

    def _hear(self, line: bytes) -> None:
        told = told_on_the_way(line)
        if told is None:
            self._report = report_from(line, self.wish.report)
        elif told.progress is not None:
            facts = told.progress
            self.progress = Progress(fraction=facts.fraction, text=facts.text)
            self.progressed.emit(self.progress)
        else:
            self.held.emit(told.held)

    @Slot(int)
    def _finish(self, exit_code: int) -> None:
        self._read()
        self._errors += bytes(self._process.readAllStandardError().data()).decode(
            "utf-8", "replace"
        )
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

    @Slot(QProcess.ProcessError)
    def _report_no_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.is_running = False
            self.failed.emit(self._process.errorString(), "Check that Python still stands here.")
            self.ended.emit()


class Jobs(QObject):
    """The jobs of the whole program, newest last. `changed()` when one begins, gets on or ends."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.running: list[Job] = []

    def start(self, job: Job) -> Job:
        """Run a job and list it until it ends."""
        self.running.append(job)
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

    @Slot()
    def _drop_ended(self) -> None:
        self.running = [job for job in self.running if job.is_running]
        self.changed.emit()


def sentences(*said: str) -> str:
    """What a job has failed with, and what to do, as sentences behind one another."""
    return " ".join(it if it.endswith((".", "!", "?")) else f"{it}." for it in said if it)


def job_environment() -> QProcessEnvironment:
    facts = {**environment(), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    ours = QProcessEnvironment()
    for name, value in facts.items():
        ours.insert(name, value)
    return ours


def _sentence_and_hint(errors: str, exit_code: int) -> tuple[str, str]:
    """The last sentence a verb said, and its next step, if it named one."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if not lines:
        return f"The work ended without a word (exit code {exit_code}).", ""
    spoken = [line for line in lines if line.startswith(f"{command_name()}: ")]
    if not spoken:
        return lines[-1], ""
    sentence = spoken[-1].removeprefix(f"{command_name()}: ")
    rest = lines[lines.index(spoken[-1]) + 1 :]
    return sentence[:1].upper() + sentence[1:], rest[0] if rest else ""
