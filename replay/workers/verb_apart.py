"""Our side of a verb that runs in a process of its own: started, listened to, and waited for."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

from replay.children.child import Child
from replay.children.command import VERB_PROCESS, worker_command
from replay.command_name import complain
from replay.ctrl_c import Terminated
from replay.own.model_source import HELD
from replay.views.read_store import leave_whole
from replay.words import said
from store.place import Place

FAILED: Final = 1
PROGRESS: Final = "--progress"


def run_apart(arguments: Sequence[str], *, store: Path | None = None) -> int:
    """Run a verb in a process of its own, with the output of this one. Returns its exit code;
    what ended before it could say so is told on standard error. The store that it worked on is
    left as one whole file, however it ended."""
    code = _run(arguments)
    if store is not None and store.is_file():
        leave_whole(Place(store))
    return code


def _run(arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder, "ended")
        code = _wait(_start(arguments, mark))
        if mark.exists() or (code < 0 and _is_interrupt(code)):
            return code
    complain(
        said("your own code ended its process ({code})", code=_how(code)),
        said("Correct it. What the verb recorded before is in the log."),
    )
    return FAILED


def _start(arguments: Sequence[str], mark: Path) -> Child:
    listens = PROGRESS in arguments  # the verb reads its input itself, and ends when it is closed
    sys.stdout.flush()
    return Child(
        worker_command(VERB_PROCESS, *arguments),
        input=None if listens else subprocess.PIPE,  # it ends when this end is closed
        output=None if _is_real(sys.stdout) else subprocess.PIPE,
        errors=None if _is_real(sys.stderr) else subprocess.PIPE,
        variables={HELD: str(mark)},
        has_own_group=False,  # Ctrl+C is for it too
    )


def _wait(process: Child) -> int:
    """Until it has ended; an interrupt reaches it too, so it is waited for once more."""
    try:
        _pass_on(process)
    except Terminated:
        process.terminate()
    except KeyboardInterrupt:
        pass
    code = process.wait()
    process.close()
    return code


def _pass_on(process: Child) -> None:
    """Where our output is no file of the system, as in tests, what it prints is handed on."""
    stated = [(process.lines(), sys.stdout), (process.error_lines(), sys.stderr)]
    threads = [threading.Thread(target=_copy, args=it) for it in stated]
    for thread in threads:
        thread.start()
    process.wait()
    for thread in threads:
        thread.join()


def _copy(lines: Iterable[bytes], to: IO[str]) -> None:
    for line in lines:
        to.write(line.decode("utf-8", "replace"))


def _is_real(stream: IO[str]) -> bool:
    try:
        return stream.fileno() in (1, 2)
    except (OSError, ValueError):
        return False


def _is_interrupt(code: int) -> bool:
    return -code in (2, 13, 15)  # SIGINT, SIGPIPE, SIGTERM: a person's doing, not the model's


def _how(code: int) -> str:
    return said("signal {part}", part=-code) if code < 0 else said("code {code}", code=code)
