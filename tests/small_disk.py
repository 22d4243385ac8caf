"""A folder with little room: a disk of its own where this account may make one, else a limit on
the size of files."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from replay.children.environment import environment
from tests.test_architecture import ROOT

FILLER = "filler"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallDisk:
    folder: Path
    is_disk: bool

    def fill(self, *, leaving: int = 0) -> None:
        """Take all the room but so many bytes; where there is a limit only, it is that."""
        if not self.is_disk:
            (self.folder / FILLER).write_text(str(leaving), "ascii")
            return
        room = os.statvfs(self.folder)
        left = room.f_bavail * room.f_frsize - leaving
        with (self.folder / FILLER).open("wb") as file:
            file.write(b"x" * max(left, 0))

    def make_room(self) -> None:
        (self.folder / FILLER).unlink(missing_ok=True)

    def run(self, *arguments: object, **more: str) -> "subprocess.CompletedProcess[str]":
        """A verb in a process of its own."""
        return subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env={**environment(), **more},
            preexec_fn=self.limit,
        )

    def limit(self) -> None:
        """In the process that is limited, where there is no disk of its own."""
        filler = self.folder / FILLER
        if not self.is_disk and filler.exists():
            biggest = max((it.stat().st_size for it in self.folder.rglob("*")), default=0)
            most = biggest + int(filler.read_text("ascii"))
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    is_disk = not os.geteuid() and not subprocess.run(mount, capture_output=True).returncode
    try:
        yield SmallDisk(folder=folder, is_disk=is_disk)
    finally:
        if is_disk:
            subprocess.run(["umount", "-l", str(folder)], check=True)
