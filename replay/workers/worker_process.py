"""The parent's side of the process in which models run: ask it, end it when it takes too long."""

import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final

from replay.children.child import Child, Deadline, Gone, TooLate
from replay.children.command import COMMAND_WORKER, FILE_ARGUMENT, worker_command
from replay.children.questions import (
    A,
    Answered,
    Malformed,
    Question,
    Troubled,
    line_of,
    read_answer,
    value_of,
)
from replay.own.user_models import ModelFailed, digest
from replay.words import said
from replay.workers.worker_messages import CorrectEvent, IssueCommand
from store.place import Place
from store.same_log import SameLog

START_S: Final = 20.0
PATIENCE_S: Final = 10.0  # for one answer
CORRECTING_S: Final = 60.0  # longer where whole streams are folded twice
SERVER_S: Final = 60.0  # longer where the answer waits for a server: it may be asked again for 30 s


class WorkerError(ModelFailed):
    """A request was answered with an error. `fields` names those of a form, with messages."""

    def __init__(self, trouble: Troubled) -> None:
        super().__init__(trouble.reason, trouble.details)
        self.hint = trouble.hint
        self.fields: list[tuple[tuple[str | int, ...], str]] = [
            (it.path, it.message) for it in trouble.fields
        ]


class CommandWorker:
    """One process for a store, started with the first question. Ask from any thread: questions
    wait for one another. `close` may come from any thread and ends a question under way."""

    def __init__(
        self,
        place: Place,
        model_files: Sequence[Path] = (),
        *,
        patience_s: float = PATIENCE_S,
        log: SameLog | None = None,
    ) -> None:
        """With `log` it works on that very file, and answers nothing while it is not there."""
        self._place = place
        self._log = log
        self._files = tuple(model_files)
        self._digests: dict[Path, str] = {}  # of the files as they were first run: as trusted
        self.patience_s = patience_s  # with one answer
        self._numbers = count(1)
        self._asking = threading.Lock()
        self._process: Child | None = None
        self._is_closed = False
        self._is_old = False  # the process has read what is no longer so

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.is_running

    def ask(self, question: Question[A]) -> A:
        """The answer of the process. Raises WorkerError for what went wrong there, ModelFailed
        when it took too long or ended, LogReplaced."""
        if self._log is not None:
            self._log.require()
        with self._asking:
            if self._is_closed:
                raise ModelFailed(said("the store is closed"))
            process = self._running()
            number = next(self._numbers)
            answered = self._answer(process, line_of(number, question), self._patience(question))
            try:
                return value_of(answered, question)
            except Malformed as error:
                raise ModelFailed(str(error)) from None

    def _patience(self, question: Question[A]) -> float:
        """Longer for what asks a server, or folds whole streams."""
        from store.remote.origin import origin_of  # a window starts without it

        if isinstance(question, IssueCommand) and origin_of(self._place.path) is not None:
            return self.patience_s + SERVER_S
        if isinstance(question, CorrectEvent):
            return self.patience_s + CORRECTING_S
        return self.patience_s

    def reload(self, model_files: Sequence[Path]) -> None:
        """Work with these model files from the next question on."""
        with self._asking:
            self._files = tuple(model_files)
            self._digests.clear()
            self._end()

    def begin_anew(self) -> None:
        """What the process has read when it started is no longer so: another one answers from the
        next question on. Waits for nothing."""
        self._is_old = True

    def close(self) -> None:
        """End the process."""
        self._is_closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._asking:
            self._end()

    def _running(self) -> Child:
        if self._process is not None and self._process.is_running and not self._is_old:
            return self._process
        self._is_old = False
        self._end()
        for it in self._files:
            self._digests.setdefault(it, digest(it))
        files = [f"{it.resolve()}={self._digests[it]}" for it in self._files]
        which = [f"{FILE_ARGUMENT}{self._log.file}"] if self._log is not None else []
        command = worker_command(COMMAND_WORKER, self._place.text, *which, *files)
        try:
            self._process = process = Child(command)
        except OSError as error:
            reason = said(
                "the system cannot start a process for the models ({strerror})",
                strerror=error.strerror,
            )
            raise ModelFailed(reason) from error
        self._answer(process, b"", START_S)
        return process

    def _answer(self, process: Child, request: bytes, patience_s: float) -> Answered:
        """What it answers to the request, within so many seconds."""
        left_s = Deadline(patience_s)
        try:
            process.write(request, left_s)
            line = process.read_line(left_s)
        except TooLate:
            self._end()
            raise ModelFailed(
                said(
                    "the model did not answer within {patience_s:g} seconds and was stopped",
                    patience_s=patience_s,
                )
            ) from None
        except Gone:
            process.kill()  # it may have closed its pipe only
            code = process.wait()
            self._end()
            raise ModelFailed(
                said("the process of the models ended unexpectedly (code {code})", code=code)
            ) from None
        return self._read(line)

    def _read(self, line: bytes) -> Answered:
        """Raises WorkerError; ModelFailed when the line is no answer, and ends the process."""
        try:
            answer = read_answer(line)
        except Malformed as error:
            self._end()
            raise ModelFailed(str(error)) from None
        if isinstance(answer, Troubled):
            raise WorkerError(answer)
        return answer

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()
