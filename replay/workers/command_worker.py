"""The process in which models run for the window:
python -P -m replay.workers.command_worker STORE [--file=DEVICE:INODE] [MODEL_FILE…].

It reads questions as JSON lines and answers each with one. Whatever a model does here (loops,
crashes, eats memory) is this process's loss: its parent ends it and starts another.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Final

from replay.children.command import FILE_ARGUMENT
from replay.children.questions import Troubled, answer_line, trouble_line
from replay.ctrl_c import CtrlC, listening
from replay.own.installed_models import installed_models, with_installed
from replay.own.memory_limit import limit_memory
from replay.own.own_code import Watch, held
from replay.own.user_models import load_module
from replay.states.model_set import ModelSet, models_in, processes_in
from replay.words import said
from replay.workers.worker import Worker
from store.errors import HistoryEdited, StoreError
from store.interface import CommandStore
from store.opening import open_store
from store.place import Place, place_of

LOADING_S: Final = 15.0  # less than the parent waits for the start, more than for an answer


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    limit_memory()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a model prints is no answer
    place = place_of(arguments[0])

    def stop(sentence: str) -> None:
        _say_failure(answers, sentence, "")
        os._exit(1)

    watch = Watch(stop, limit_s=LOADING_S)
    which, rest = _which_file(arguments[1:])
    try:
        files = _given_files(rest)
        installed = installed_models(watch)
        models = with_installed(_own_models(files, watch), installed)
    except StoreError as error:
        details = getattr(error, "details", "")
        _say_failure(
            answers, said("the model file cannot be loaded: {error}", error=error), details
        )
        return 1
    own = tuple(map(Path, files))
    make = partial(Worker, models=models, place=place, installed=installed, model_files=own)
    try:
        line = _Line(place, which, make)
    except StoreError as error:
        _say_failure(answers, str(error), "", hint=error.hint)
        return 1
    try:
        with listening() as told:
            return _serve(line, answers, told)
    finally:  # also when it is told to end: the log is left as one whole file
        line.close()


class _Line:
    """An open log, or an open branch, and who answers about it. One thread."""

    def __init__(self, place: Place, file: str, make: Callable[[CommandStore], Worker]) -> None:
        """Raises as open_store does."""
        self._place, self._file, self._make = place, file, make
        self._store = open_store(place.path, file=file)
        self._worker = make(self._store)

    def answer(self, line: bytes) -> bytes:
        """As Worker.answer does, of the history that a branch has by now."""
        if self._place.branch_name and self._is_edited():
            self._open_again()
        return self._worker.answer(line)

    def close(self) -> None:
        self._worker.close()
        self._store.close()

    def _is_edited(self) -> bool:
        try:
            self._store.head()
        except HistoryEdited:
            return True
        return False

    def _open_again(self) -> None:
        """Where that fails the former history goes on telling that it was edited."""
        with suppress(StoreError):
            store = open_store(self._place.path, file=self._file)
            self.close()
            self._store, self._worker = store, self._make(store)


def _serve(worker: _Line, answers: IO[bytes], told: CtrlC) -> int:
    try:
        answers.write(answer_line(0, None))
        answers.flush()
        for line in sys.stdin.buffer:
            answers.write(worker.answer(line))
            answers.flush()
    except KeyboardInterrupt:
        return told.exit_code
    return 0


def _say_failure(
    answers: IO[bytes],
    reason: str,
    details: str,
    *,
    hint: str = said("Correct the file and load it again."),
) -> None:
    answers.write(trouble_line(Troubled(n=0, reason=reason, hint=hint, details=details)))
    answers.flush()


def _which_file(arguments: list[str]) -> tuple[str, list[str]]:
    """Which file the log has to be, if that is said, and the other arguments."""
    if arguments and arguments[0].startswith(FILE_ARGUMENT):
        return arguments[0].removeprefix(FILE_ARGUMENT), arguments[1:]
    return "", arguments


def _given_files(arguments: list[str]) -> dict[str, str]:
    """Model files given as PATH=SHA256."""
    return dict(it.rsplit("=", 1) for it in arguments)


def _own_models(files: Mapping[str, str], watch: Watch) -> ModelSet:
    """The models and process managers of files, by path and digest."""
    modules = []
    for path, digest in files.items():
        with watch.holding(said("the import of {name}", name=Path(path).name)):
            modules.append(load_module(Path(path), expected_digest=digest))
    models = [model for it in modules for model in models_in(it)]
    processes = [process for it in modules for process in processes_in(it)]
    return ModelSet(held(tuple(models), watch), held(tuple(processes), watch))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
