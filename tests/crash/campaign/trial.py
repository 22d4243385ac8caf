"""One trial: a copy of a prepared folder, some troubles in a row, then work to its end.

A trouble is a kill, or a disk without room. After each one nothing of the process may live on, and
the folder must hold what it promises.
"""

import ctypes
import os
import random
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from tests.crash.campaign.kind import Kind
from tests.crash.campaign.victim import Blow, Ended, Endless, forked
from tests.small_disk import SmallDisk

IN_A_ROW: Final = 3  # kills, at most
BEHIND_S: Final = 0.03  # at most, for kills between two points
OPENING: Final = 60  # points
LOOKED_AT: Final = 0.5  # of the kills: else the next one comes upon what this one has left
ENOUGH: Final = 5  # faults of a kind
SUBREAPER: Final = 36  # PR_SET_CHILD_SUBREAPER of Linux
ORPHAN_S: Final = 10  # for what a killed process has begun


@dataclass(kw_only=True)
class Count:
    """What came of the trials of a kind."""

    troubles: int = 0  # processes that were killed, or ended for want of room
    said: int = 0  # of them, had something been acknowledged
    late: int = 0  # came to their end all the same
    faults: list[str] = field(default_factory=list)


class Fault(Exception):
    """What must hold does not."""


class Trials:
    """Of one kind, in a folder of its own."""

    def __init__(self, kind: Kind, folder: Path, seed: int, disk: SmallDisk | None = None) -> None:
        self._kind = kind
        self._folder = folder
        self._disk = disk  # the one that is to be full; without it processes are killed
        self._chance = random.Random(f"{seed} {kind.name}")
        self.count = Count()
        self._number = 0

    def prepare(self) -> None:
        """Once: the folder that is copied, and how many points the work has. Raises Fault."""
        adopt_orphans()
        template = self._folder / "template"
        template.mkdir(parents=True)
        self._do(partial(self._kind.prepare, template))
        trial = self._copied()
        self._points = self._do(partial(self._kind.work, trial, 1)).points
        self._bytes = _bytes_of(trial)
        self._do(partial(self._kind.ends, trial))
        shutil.rmtree(trial)

    def run(self, kills: int) -> None:
        """So many troubles."""
        while self.count.troubles + self.count.late < kills and len(self.count.faults) < ENOUGH:
            trial = self._copied()
            troubles: list[object] = []
            try:
                self._one(trial, troubles, kills)
            except (Fault, Endless) as fault:
                kept = shutil.copytree(trial, self._folder / f"fault-{self._number}")
                self.count.faults.append(f"{kept}\n{troubles}\n{fault}")
            shutil.rmtree(trial)

    def _one(self, trial: Path, troubles: list[object], kills: int) -> None:
        left = kills - self.count.troubles - self.count.late
        row = self._chance.randint(1, min(IN_A_ROW, left))
        unseen: list[tuple[int, str, bool]] = []  # what was killed and not looked at since
        for time in range(1, row + 1):
            ended = self._troubled(partial(self._kind.work, trial, time), troubles)
            self._counted(ended)
            no_orphans()
            unseen.append((time, ended.said, ended.code == 0))
            if self._chance.random() < LOOKED_AT or time == row:
                for it in unseen:
                    self._do(partial(self._kind.holds, trial, *it))
                unseen.clear()
        last = self._do(partial(self._kind.work, trial, row + 1))
        self._do(partial(self._kind.holds, trial, row + 1, last.said, True))
        self._do(partial(self._kind.ends, trial))

    def _troubled(self, work: Callable[[], int | None], troubles: list[object]) -> Ended:
        """Do work, and be in its way; what was done is noted."""
        disk = self._disk
        if disk is None:
            troubles.append(blow := self._blow())
            return forked(work, folder=self._own(), blow=blow)
        troubles.append(leaving := self._chance.randrange(self._bytes))
        disk.fill(leaving=leaving)

        def limited() -> int | None:
            disk.limit()
            return work()

        try:
            return forked(limited, folder=self._own())
        finally:
            disk.make_room()

    def _blow(self) -> Blow:
        """Half of them exactly at a point, half of them some moments behind one; a third of them
        while the store is opened, where what the last kill has left is put in order."""
        behind_s = self._chance.choice([0.0, self._chance.uniform(0, BEHIND_S)])
        until = self._chance.choice([self._points, self._points, min(OPENING, self._points)])
        return Blow(point=self._chance.randint(1, until), behind_s=behind_s)

    def _counted(self, ended: Ended) -> None:
        if "Traceback" in ended.complained:
            raise Fault(ended.complained)
        if ended.code:
            self.count.troubles += 1
            self.count.said += bool(ended.said)
        else:
            self.count.late += 1

    def _do(self, work: Callable[[], object]) -> Ended:
        """In a process of its own, not killed. Raises Fault."""

        def done() -> int:
            code = work()
            return code if isinstance(code, int) else 0

        ended = forked(done, folder=self._own())
        no_orphans()
        if ended.code or "Traceback" in ended.complained:
            raise Fault(f"{ended.said}{ended.complained}exit code {ended.code}")
        return ended

    def _copied(self) -> Path:
        self._number += 1
        folder = self._folder if self._disk is None else self._disk.folder
        trial = folder / f"trial-{self._number}"
        shutil.copytree(self._folder / "template", trial)
        return trial

    def _own(self) -> Path:
        own = self._folder / "own"
        own.mkdir(exist_ok=True)
        return own


def _bytes_of(folder: Path) -> int:
    return sum(it.stat().st_size for it in folder.rglob("*"))


def adopt_orphans() -> None:
    """What a killed process has begun becomes a child of ours."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def no_orphans() -> None:
    """Whatever a process has begun ends with it. Raises Fault."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid and signal.sigtimedwait({signal.SIGCHLD}, ORPHAN_S) is None:
            raise Fault(f"a process lives on after {ORPHAN_S} s: {_children()}")


def _children() -> list[str]:
    """What they are called; they are ended."""
    found = []
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split():
        found.append(Path(f"/proc/{pid}/cmdline").read_text("utf-8").replace("\0", " "))
        os.kill(int(pid), signal.SIGKILL)
    return found
