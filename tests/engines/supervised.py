"""Processes that are ended at any moment and begun again, as a supervisor would."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from replay.children.environment import environment
from tests.engines.mirror_process import ROOT

PATIENCE_S = 240.0
LOOK_S = 0.02


class Supervised:
    """One role of a system: a command line that is running, whatever ended it before. What it has
    said on standard error is in `told`."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self._command = name, command
        self.told = list[str]()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.kill()

    def begin(self) -> None:
        """It goes on, or is begun anew where it has ended."""
        if self._process is not None and self._process.poll() is None:
            return
        self.kill()
        self._process = subprocess.Popen(
            self._command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=ROOT,
        )

    def kill(self) -> None:
        """As if it had been killed -9."""
        if self._process is not None:
            self._process.kill()
            _, told = self._process.communicate(timeout=PATIENCE_S)
            self.told += told.decode().splitlines()
            self._process = None

    @property
    def has_ended(self) -> bool:
        """By itself, and well."""
        return self._process is not None and self._process.poll() == 0


def verb(*words: str) -> list[str]:
    """The command line of a verb."""
    return [sys.executable, str(ROOT / "main.py"), *words]


def until(is_so: Callable[[], bool], roles: Sequence[Supervised], *, within: str) -> None:
    """Wait, and begin again whoever has ended: a server that is away may be why. Raises
    AssertionError with what they said, and `within` in which it happened."""
    ends = monotonic() + PATIENCE_S
    while not is_so():
        for it in roles:
            if not it.has_ended:
                it.begin()
        if monotonic() > ends:
            for it in roles:
                it.kill()
            told = "\n".join(f"{it.name}: {line}" for it in roles for line in it.told[-8:])
            raise AssertionError(f"it did not come ({within}):\n{told}")
        sleep(LOOK_S)
