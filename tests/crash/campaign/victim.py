"""A process that is killed: at a point of its work, or some moments behind it.

A point is a statement that SQLite begins, or a file that is opened, named, renamed or removed.
Points are counted in the process itself, so that a number means the same place on any machine;
what lies between two points is reached by a delay behind one.
"""

import os
import select
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias
from unittest.mock import patch

from replay import command_line
from store.errors import StoreError

PATIENCE_S: Final = 120.0
OF_FILES: Final = frozenset(
    {
        *("os.rename", "os.link", "os.remove", "os.truncate", "os.mkdir", "os.rmdir"),
        *("shutil.rmtree", "shutil.copyfile", "sqlite3.connect", "subprocess.Popen"),
    }
)
CONNECT: Final[Any] = sqlite3.connect
FAILED: Final = 70  # exit code of a process that has raised
REFUSED: Final = 1

Work: TypeAlias = "Callable[[], int | None]"


class Endless(Exception):
    """A process did not end, and was killed for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """When a process is killed: at its n-th point, or so many seconds behind that."""

    point: int
    behind_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended, and what it had said by then."""

    code: int  # of the exit; the negative number of a signal
    said: str
    complained: str
    points: int  # only of one that came to its end


def run_verb(*arguments: object) -> int:
    """A verb of the command line, in this process."""
    return command_line.run([str(it) for it in arguments])


def forked(work: Work, *, folder: Path, blow: Blow | None = None) -> Ended:
    """Do work in a process of its own, and kill it as told. What it says goes to `folder`."""
    out, err = folder / "said", folder / "complained"
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(ours)
        _work(work, _Points(blow, theirs), out, err, folder)
    os.close(theirs)
    process = os.pidfd_open(pid)
    try:
        points = _wait(pid, process, ours, blow)
    finally:
        os.close(process)
        os.close(ours)
    return Ended(
        code=os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]),
        said=out.read_text("utf-8"),
        complained=err.read_text("utf-8"),
        points=points,
    )


def _wait(pid: int, process: int, told: int, blow: Blow | None) -> int:
    """Until it has ended; one that hangs is killed. How many points it passed, if it said so."""
    if not select.select([told, process], [], [], PATIENCE_S)[0]:
        os.kill(pid, signal.SIGKILL)
        raise Endless(f"no end in {PATIENCE_S:.0f} s")
    line = os.read(told, 100) if select.select([told], [], [], 0)[0] else b""
    if line == b"now" and blow is not None:
        select.select([process], [], [], blow.behind_s)
        os.kill(pid, signal.SIGKILL)
    if not select.select([process], [], [], PATIENCE_S)[0]:
        os.kill(pid, signal.SIGKILL)
        raise Endless(f"no end in {PATIENCE_S:.0f} s")
    return int(line) if line.isdigit() else 0


def _work(work: Work, points: "_Points", out: Path, err: Path, folder: Path) -> None:
    """In the forked process; does not return."""
    code = FAILED
    try:
        for number, path in ((1, out), (2, err)):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, number)
            os.close(file)
        sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)
        sys.addaudithook(points.hear)
        patch.object(sqlite3, "connect", points.connect).start()
        code = work() or 0
        points.tell()
    except StoreError as error:  # in words for a person, as a verb would end
        code = REFUSED
        print(error, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class _Points:
    """Counts the points that this process passes."""

    def __init__(self, blow: Blow | None, parent: int) -> None:
        self._blow = blow
        self._parent = parent
        self._count = 0

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook."""
        if event in OF_FILES or (event == "open" and _writes(arguments)):
            self._pass()

    def connect(self, *arguments: Any, **more: Any) -> sqlite3.Connection:
        """In the place of sqlite3.connect: the statements of a connection are points."""
        db: sqlite3.Connection = CONNECT(*arguments, **more)
        db.set_trace_callback(self._pass)
        return db

    def tell(self) -> None:
        """How many there were."""
        os.write(self._parent, str(self._count).encode())

    def _pass(self, _statement: str = "") -> None:
        self._count += 1
        if self._blow is None or self._count != self._blow.point:
            return
        if not self._blow.behind_s:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(self._parent, b"now")


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
