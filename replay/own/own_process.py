"""The parent's side of the process in which a person's own projection folds: `own_worker`.

Sends it events and takes what it says of each; ends it when it is too long at one of them, says
too much, or nothing that can be read.
"""

import mmap
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import Final, TypeAlias

import msgspec

from replay.children.child import Child, Gone, TooLate
from replay.children.command import OWN_WORKER, worker_command
from replay.own.own_messages import (
    LENGTH,
    MARKER_BYTES,
    Asked,
    Done,
    Failed,
    Fold,
    Found,
    FromWorker,
    Loaded,
    OwnView,
    Refused,
    ToWorker,
    Value,
    frame,
    from_worker,
)
from replay.own.user_models import ModelFailed
from replay.views.failure import CannotFold, Failure, failure_of
from replay.words import said
from store.errors import Cancelled
from store.events import RecordedEvent

LIMIT_S: Final = 10.0  # for one event
START_S: Final = 20.0  # to load the file
DID_NOT_COME_BACK: Final = "DidNotComeBack"
BYTES_PER_FOLD: Final = 128 * 2**20  # of what it says to one request; more is refused

Find: TypeAlias = Callable[[Asked], list[Value] | None]


class OwnFailed(Exception):
    """A person's own projection could not fold an event."""

    def __init__(self, kind: str, reason: str, *, position: int, trace: str = "") -> None:
        super().__init__(reason)
        self.kind, self.position, self.trace = kind, position, trace

    @property
    def is_stuck(self) -> bool:
        """Whether it would cost its whole time again, so that nobody tries unasked."""
        return self.kind == DID_NOT_COME_BACK


def failure_there(error: Exception) -> Failure:
    """What was raised: where, as the process says, if it was raised in that."""
    if not isinstance(error, OwnFailed):
        return failure_of(error)
    return Failure(
        error=error,
        words=f"{error.kind}: {error}",
        trace=error.trace,
        position=error.position,
        is_stuck=error.is_stuck,
    )


class NoProcess(CannotFold):
    hint = said("Try again when the system can start another process.")

    def __init__(self, error: OSError) -> None:
        super().__init__(
            said(
                "no process could be started for a projection ({strerror})", strerror=error.strerror
            )
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """What became of a request: the events that are done, and the failure behind them, if any."""

    done: Sequence[Done]
    failure: OwnFailed | None


class OwnProcess:
    """One process for one file, started when it is needed. One thread.

    `is_cancelled` is asked while it works; then Cancelled is raised and the process ended.
    """

    def __init__(
        self,
        path: Path | None,
        expected_digest: str = "",
        *,
        worker: str = OWN_WORKER,
        further: Sequence[str] = (),
    ) -> None:
        """`worker` is what it runs: the projections of the file, or latest states by its models,
        and then there may be none; `further` are arguments of its command."""
        self._worker, self._further = worker, tuple(further)
        self._file = "" if path is None else f"{path.resolve()}={expected_digest}"
        self.is_cancelled: Callable[[], bool] = lambda: False
        self._process: Child | None = None
        self._loaded: Loaded | None = None
        self._buffer = bytearray()
        self._marker = _Marker()
        self._at = self._last = self._received = 0
        self._limit_s = self._deadline = 0.0

    @property
    def is_running(self) -> bool:
        """Whether there is a process that remembers what it folded."""
        return self._process is not None and self._process.is_running

    def views(self) -> tuple[OwnView, ...]:
        """What the file defines. Raises ModelFailed, NoProcess."""
        try:
            return self._start().views
        except _Ended as ended:
            self.close()
            raise ModelFailed(
                said("{name} cannot be loaded: {ended}", name=self._name, ended=ended), ended.trace
            ) from None

    def loaded(self, at: int) -> Loaded:
        """What the models are that it folds rules by; it is started where it does not run. Raises
        OwnFailed of the event `at`, NoProcess, Cancelled."""
        if self.is_running and self._loaded is not None:
            return self._loaded
        try:
            return self._start()
        except _Ended as ended:
            self.close()
            raise OwnFailed(ended.kind, str(ended), position=at, trace=ended.trace) from None
        except BaseException:
            self.close()
            raise

    def fold(self, request: Fold, find: Find) -> Folded:
        """Have events folded; `find` gives the rows and values that it asks for. Raises Cancelled,
        NoProcess, and what `find` raises; then the process is ended."""
        done: list[Done] = []
        try:
            if not self.is_running:
                self._start()
            self._at, self._last = request.events[0].position - 1, request.events[-1].position
            self._allow(request.limit_s)
            self._send(request)
            failed = self._listen(request, find, done)
            if self._buffer:
                self.close()  # it says more than it was asked
        except _Ended as ended:
            position = self._marker.among(request.events[len(done) :])
            failed = OwnFailed(ended.kind, str(ended), position=position, trace=ended.trace)
            self.close()
        except BaseException:
            self.close()
            raise
        return Folded(done, failed)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        self._buffer.clear()
        self._marker.close()
        if process is not None:
            process.close()

    def _start(self) -> Loaded:
        self.close()
        self._process = _spawn(self._worker, self._file, self._marker, self._further)
        self._received = 0
        self._allow(START_S)
        match self._receive(said("loading")):
            case Loaded() as loaded:
                self._loaded = loaded
                return loaded
            case Refused(reason, trace):
                raise _Ended("ModelFailed", reason, trace)
            case other:
                raise _Ended(
                    "ModelFailed", said("it sent {name__} first", name__=type(other).__name__)
                )

    def _listen(self, request: Fold, find: Find, done: list[Done]) -> OwnFailed | None:
        self._received = 0
        for event in request.events:
            while isinstance(it := self._receive(said("processing the event")), Asked):
                self._send(Found(find(it)))
            if isinstance(it, Failed) and it.position == event.position:
                return OwnFailed(it.kind, it.reason, position=it.position, trace=it.trace)
            if not isinstance(it, Done) or it.position != event.position:
                raise _Ended(
                    "Confused", said("it sent {name__} out of order", name__=type(it).__name__)
                )
            done.append(it)
            if it.is_last:
                break
        return None

    def _allow(self, limit_s: float) -> None:
        self._limit_s, self._deadline = limit_s, monotonic() + limit_s

    def _send(self, message: ToWorker) -> None:
        """Send a message, no longer than the deadline. Raises _Ended, Cancelled."""
        with self._watched(said("not reading its input")) as process:
            process.write(frame(message), self._left_s)

    def _receive(self, what: str) -> FromWorker:
        """The next message, no later than the deadline. Raises _Ended, Cancelled."""
        while (text := self._complete()) is None:
            with self._watched(what) as process:
                chunk = process.read_some(self._left_s)
            self._buffer += chunk
            self._received += len(chunk)
            if self._received > BYTES_PER_FOLD:
                raise _Ended(
                    "TooMuch",
                    said(
                        "it wrote more than {bytes_per_fold:,} MB",
                        bytes_per_fold=BYTES_PER_FOLD // 2**20,
                    ),
                )
        try:
            return from_worker.decode(text)
        except msgspec.MsgspecError as error:
            raise _Ended(
                "Confused", said("it sent an unreadable message ({error})", error=error)
            ) from None

    def _complete(self) -> bytes | None:
        """The next message when it has come whole."""
        length = int.from_bytes(self._buffer[:LENGTH], "big")
        if len(self._buffer) < LENGTH or len(self._buffer) < LENGTH + length:
            return None
        text = bytes(self._buffer[LENGTH : LENGTH + length])
        del self._buffer[: LENGTH + length]
        return text

    @contextmanager
    def _watched(self, what: str) -> Iterator[Child]:
        """The process; that it is too late or has ended is said in words."""
        if self._process is None:
            raise _Ended("Ended", said("its process is closed"))
        try:
            yield self._process
        except TooLate:
            told = said(
                "it was still {what} after {limit_s:g} s and was stopped",
                what=what,
                limit_s=self._limit_s,
            )
            raise _Ended(DID_NOT_COME_BACK, told) from None
        except Gone:
            raise self._ended(self._process) from None

    def _left_s(self) -> float:
        """The seconds that it has; all of them again once it has come to another event."""
        if self.is_cancelled():
            raise Cancelled
        if self._at < (at := self._marker.position) <= self._last:
            self._at = at
            self._allow(self._limit_s)
        return self._deadline - monotonic()

    def _ended(self, process: Child) -> "_Ended":
        """Why there is nothing more to be heard."""
        if self.is_cancelled():
            raise Cancelled
        try:
            code = process.wait(self._limit_s)
        except TooLate:
            return _Ended("Ended", said("the process has stopped responding"))
        return _Ended("Ended", said("the process ended unexpectedly (code {code})", code=code))

    @property
    def _name(self) -> str:
        return Path(self._file.rpartition("=")[0]).name


class _Ended(Exception):
    """The process is of no use any more."""

    def __init__(self, kind: str, reason: str, trace: str = "") -> None:
        super().__init__(reason)
        self.kind, self.trace = kind, trace


def views_in(path: Path, expected_digest: str) -> tuple[OwnView, ...]:
    """What a file defines, run in a process of its own. Raises ModelFailed, NoProcess."""
    with closing(OwnProcess(path, expected_digest)) as process:
        return process.views()


class _Marker:
    """Memory shared with the process: at which event it is. It may hold anything."""

    def __init__(self) -> None:
        self._memory: mmap.mmap | None = None

    @property
    def position(self) -> int:
        """What the process has put there; 0 before it did."""
        return 0 if self._memory is None else int.from_bytes(self._memory[:], sys.byteorder)

    def among(self, events: Sequence[RecordedEvent]) -> int:
        """The position, when it is that of one of the events; otherwise the first one's."""
        position = self.position
        return position if position in {it.position for it in events} else events[0].position

    def share(self, file: int) -> None:
        """Take the memory behind a file that the process is given too."""
        self.close()
        os.truncate(file, MARKER_BYTES)
        self._memory = mmap.mmap(file, MARKER_BYTES)

    def close(self) -> None:
        """Let the memory go."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None


def _spawn(worker: str, file: str, marker: _Marker, further: Sequence[str]) -> Child:
    try:
        with TemporaryFile() as shared:
            marker.share(shared.fileno())
            command = worker_command(worker, file, str(shared.fileno()), *further)
            return Child(command, keeps=[shared.fileno()])
    except OSError as error:
        raise NoProcess(error) from error
