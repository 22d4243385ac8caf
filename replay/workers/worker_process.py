"""The parent's side of the process in which models run: ask it, end it when it takes too long."""

import os
import selectors
import subprocess
import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any, Final

from replay.children.command import COMMAND_WORKER, worker_command
from replay.children.environment import environment
from replay.own.user_models import ModelFailed, digest
from store import json_text

START_S: Final = 20.0
PATIENCE_S: Final = 10.0  # for one answer


class WorkerError(ModelFailed):
    """A request was answered with an error. `fields` names those of a form, with messages."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(str(facts["reason"]), str(facts.get("details", "")))
        self.hint = str(facts.get("hint", ""))
        self.fields: list[tuple[tuple[str | int, ...], str]] = [
            (tuple(it["path"]), it["message"]) for it in facts.get("fields", ())
        ]


class CommandWorker:
    """One process for a store, started with the first question. Ask from any thread: questions
    wait for one another. `close` may come from any thread and ends a question under way."""

    def __init__(
        self, store: Path, model_files: Sequence[Path] = (), *, patience_s: float = PATIENCE_S
    ) -> None:
        self._store = store
        self._files = tuple(model_files)
        self._patience_s = patience_s
        self._numbers = count(1)
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._is_closed = False

    def ask(self, do: str, **facts: Any) -> Any:
        """The answer of the process. Raises WorkerError for what went wrong there, ModelFailed
        when it took too long or ended."""
        with self._asking:
            if self._is_closed:
                raise ModelFailed("the store is closed")
            process = self._running()
            number = next(self._numbers)
            self._write(process, {"n": number, "do": do, **facts})
            return self._answer(process, self._patience_s)

    def reload(self, model_files: Sequence[Path]) -> None:
        """Work with these model files from the next question on."""
        with self._asking:
            self._files = tuple(model_files)
            self._end()

    def close(self) -> None:
        """End the process."""
        self._is_closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._asking:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        files = [f"{it.resolve()}={digest(it)}" for it in self._files]
        command = worker_command(COMMAND_WORKER, str(self._store), *files)
        self._process = process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
        self._buffer = b""
        self._answer(process, START_S)
        return process

    def _write(self, process: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
        try:
            if process.stdin is not None:
                process.stdin.write(json_text.encode(request).encode() + b"\n")
                process.stdin.flush()
        except OSError as error:
            raise ModelFailed("the process of the models has ended") from error

    def _answer(self, process: subprocess.Popen[bytes], patience_s: float) -> Any:
        line = self._line(process, monotonic() + patience_s)
        if line is None:
            self._end()
            raise ModelFailed(
                f"the model gave no answer within {patience_s:g} seconds and was stopped"
            )
        if not line:
            code = process.wait()
            self._end()
            raise ModelFailed(f"the process of the models ended by itself (code {code})")
        answer = json_text.decode(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer["ok"]

    def _line(self, process: subprocess.Popen[bytes], deadline: float) -> bytes | None:
        """The next line; empty when it has ended, None when it is too late."""
        if process.stdout is None:
            return b""
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                left = deadline - monotonic()
                if left <= 0 or not selector.select(left):
                    return None
                chunk = os.read(process.stdout.fileno(), 1 << 16)
                if not chunk:
                    return b""
                self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what it was sent last is lost, with it
