"""A process that we have started: its pipes, its deadlines, its end and that of its children."""

import io
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import IO, Final, cast

from replay.background import stand_back
from replay.children.environment import environment

LOOK_S: Final = 0.1  # between two looks at whether an answer is still wanted
CHUNK: Final = 1 << 16

Left = Callable[[], float]  # seconds until it is too late; may raise to give up at once


class TooLate(Exception):
    """The process did not read, write or end in time. It still runs."""


class Gone(Exception):
    """The process has ended, or closed its pipe."""


class Deadline:
    """So many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end_s = monotonic() + seconds

    def __call__(self) -> float:
        """The seconds that are left."""
        return self._end_s - monotonic()


class Child:
    """Started at once, with our modules and its own group of processes. Raises OSError.

    Each pipe is for one thread at a time; `offer`, `end_input` and `kill` may come from any.
    A stream is PIPE, DEVNULL, STDOUT (errors into the output) or None, which is ours.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        input: int | None = subprocess.PIPE,
        output: int | None = subprocess.PIPE,
        errors: int | None = subprocess.DEVNULL,
        variables: Mapping[str, str] | None = None,
        keeps: Collection[int] = (),
        has_own_group: bool = True,
        gives_way: bool = False,
    ) -> None:
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=input,
            stdout=output,
            stderr=errors,
            env={**environment(), **(variables or {})},
            pass_fds=tuple(keeps),
            start_new_session=has_own_group,  # Ctrl+C in a terminal reaches us alone
        )
        self._has_own_group = has_own_group
        self._buffer = bytearray()
        if gives_way:
            stand_back(self._process.pid)
        if self._process.stdin is not None and hasattr(os, "set_blocking"):
            os.set_blocking(self._process.stdin.fileno(), False)  # whoever hangs holds up nobody

    @property
    def pid(self) -> int:
        """Of the process itself."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def has_unread(self) -> bool:
        """Whether it has said more than was taken by `read_line` and `read_exactly`."""
        return bool(self._buffer)

    def offer(self, data: bytes) -> None:
        """Send something, unless it does not listen now or has ended."""
        if self._process.stdin is not None:
            with suppress(OSError, ValueError):
                self._process.stdin.write(data)

    def write(self, data: bytes, left_s: Left) -> None:
        """Send all of it. Raises TooLate, Gone."""
        left, pipe = memoryview(data), self._open(self._process.stdin)
        while left:
            try:
                left = left[os.write(pipe, left[:CHUNK]) :]
            except BlockingIOError:
                _wait_until_ready(pipe, selectors.EVENT_WRITE, left_s)
            except OSError:
                raise Gone from None

    def read_some(self, left_s: Left) -> bytes:
        """What it says next. Raises TooLate, Gone."""
        pipe = self._open(self._process.stdout)
        _wait_until_ready(pipe, selectors.EVENT_READ, left_s)
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            raise Gone
        return chunk

    def read_line(self, left_s: Left) -> bytes:
        """The next line, without its end. Raises TooLate, Gone."""
        while b"\n" not in self._buffer:
            self._buffer += self.read_some(left_s)
        line, _, rest = bytes(self._buffer).partition(b"\n")
        self._buffer[:] = rest
        return line

    def lines(self) -> Iterator[bytes]:
        """Every line of its output as it comes, until that ends. For a thread that may wait."""
        return _lines(self._process.stdout)

    def error_lines(self) -> Iterator[bytes]:
        """The same of its errors."""
        return _lines(self._process.stderr)

    def finish(self, timeout_s: float) -> tuple[bytes, bytes]:
        """All its output and errors, once it has ended; its input stays open until then. Raises
        TooLate; then it is killed."""
        said: tuple[list[bytes], list[bytes]] = ([], [])
        sources = (self.lines(), self.error_lines())
        threads = [Thread(target=list.extend, args=it) for it in zip(said, sources, strict=True)]
        for thread in threads:
            thread.start()
        try:
            self.wait(timeout_s)
        finally:
            self.kill()
            for thread in threads:
                thread.join()
        return b"".join(said[0]), b"".join(said[1])

    def wait(self, timeout_s: float | None = None) -> int:
        """Its exit code, once it has ended; below 0 the signal that ended it. Raises TooLate."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise TooLate from None

    def end_input(self) -> None:
        """Say that there is nothing more: our workers end then."""
        if self._process.stdin is not None:
            with suppress(OSError):  # what was not yet sent is lost, with the process
                self._process.stdin.close()

    def terminate(self) -> None:
        """Tell it to end, in its own time; what it has started is its own to end."""
        if self.is_running:
            self._process.terminate()

    def kill(self) -> None:
        """End it and what it has started, now. It leads its group as long as nobody waited."""
        if not self.is_running:
            return
        if self._has_own_group and sys.platform != "win32":
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def close(self) -> None:
        """End it, if it runs, and free its pipes. Twice is once."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _open(self, pipe: IO[bytes] | None) -> int:
        if pipe is None or pipe.closed:
            raise Gone
        return pipe.fileno()


def _wait_until_ready(pipe: int, event: int, left_s: Left) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        while (left := left_s()) > 0:
            if selector.select(min(left, LOOK_S)):
                return
    raise TooLate


def _lines(pipe: IO[bytes] | None) -> Iterator[bytes]:
    if pipe is not None:
        with io.BufferedReader(cast(io.RawIOBase, pipe)) as buffered:
            yield from buffered
