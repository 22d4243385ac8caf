"""One server process on Java: begun, waited for by a line of its log, ended, killed.

It goes on when whoever began it ends. Its folder holds its log and which process it is.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import FileLock

from replay.local_engine import EngineNotStarted
from resources.engines.processes import began_at, is_alive

START_S: Final = 120  # a machine that is busy takes ten times as long as a quiet one
STOP_S: Final = 30  # then it is killed
LOOK_S: Final = 0.05  # between two looks at the log, or at whether it has ended
TOLD: Final = 2_000  # characters of a log
# Both its own streams into a file, and nobody's child: who began it need not wait for it.
DETACHED: Final = 'log="$1"; shift; nohup "$@" >"$log" 2>&1 </dev/null & echo $!'


class JavaServer:
    """The process of a server whose files are in a folder. `title` is for people."""

    def __init__(self, folder: Path, *, title: str) -> None:
        self.folder, self.title = folder, title

    @property
    def log(self) -> Path:
        """What it said since it was last begun."""
        return self.folder / "log"

    @property
    def pid(self) -> int:
        """Of the running server; 0 when none runs. The number of a process that has ended may be
        given again: so when it began counts as well."""
        with suppress(OSError, ValueError):
            number, _, began = (self.folder / "pid").read_text("utf-8").partition(" ")
            if is_alive(int(number)) and began_at(int(number)) == began:
                return int(number)
        return 0

    def run(self, command: Sequence[object], *, within_s: float = START_S) -> None:
        """Something that ends by itself and comes before the server. Raises EngineNotStarted."""
        words = [str(it) for it in command]
        told = subprocess.STDOUT
        done = subprocess.run(
            words, stdout=subprocess.PIPE, stderr=told, check=False, timeout=within_s
        )
        if done.returncode:
            reason = done.stdout.decode(errors="replace")
            raise EngineNotStarted(self.title, reason[-TOLD:].strip())

    def start(self, command: Sequence[object], *, ready: str, within_s: float = START_S) -> None:
        """Begin it, and wait until its log has a line that `ready` (an expression) matches; one
        that runs already is left as it is. Raises EngineNotStarted: then nothing runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "start.lock"):
            if self.pid:
                return
            self.log.unlink(missing_ok=True)  # what an earlier run said is no sign of this one
            pid = self._begin([str(it) for it in command])
            ends = time.monotonic() + within_s
            while not re.search(ready, self.told()):
                if not is_alive(pid) or time.monotonic() > ends:
                    self.kill()
                    raise EngineNotStarted(self.title, self.told()[-TOLD:].strip())
                time.sleep(LOOK_S)

    def _begin(self, command: Sequence[str]) -> int:
        begun = subprocess.run(
            ["/bin/sh", "-c", DETACHED, "sh", str(self.log), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            start_new_session=True,  # Ctrl+C in the terminal does not reach it
        )
        pid = int(begun.stdout)
        (self.folder / "pid").write_text(f"{pid} {began_at(pid)}", "utf-8")
        return pid

    def told(self) -> str:
        """Its log; empty before it has said anything."""
        try:
            return self.log.read_text("utf-8", errors="replace")
        except OSError:
            return ""

    def stop(self) -> None:
        """Ask it to end, and wait; one that does not is killed."""
        if pid := self.pid:
            os.kill(pid, signal.SIGTERM)
            _wait(pid, STOP_S)
        self.kill()

    def kill(self) -> None:
        """As if the machine had gone: nothing is written any more."""
        if pid := self.pid:
            os.kill(pid, signal.SIGKILL)
            _wait(pid, STOP_S)
        (self.folder / "pid").unlink(missing_ok=True)

    def discard(self) -> None:
        """Kill it, and remove its folder with its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _wait(pid: int, within_s: float) -> None:
    ends = time.monotonic() + within_s
    while is_alive(pid) and time.monotonic() < ends:
        time.sleep(LOOK_S)
