"""Verbs as processes of their own, for tests that end them at any moment."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic, sleep

from replay.children.environment import environment

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
_BEGUN: "list[subprocess.Popen[bytes]]" = []


def mirroring(url: str, store: Path) -> "subprocess.Popen[bytes]":
    """Follows until it is ended."""
    return following("mirror", url, "--into", str(store))


def following(*words: str) -> "subprocess.Popen[bytes]":
    """A verb that runs until it is ended."""
    return begun([sys.executable, str(ROOT / "main.py"), *words, "--follow"])


def begun(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """A process that does not outlive the test, however that ends."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()
    )
    _BEGUN.append(process)
    return process


def end_all() -> None:
    """Kill those that a test has left."""
    while _BEGUN:
        if (it := _BEGUN.pop()).poll() is None:
            ended(it)


def ended(process: "subprocess.Popen[bytes]") -> str:
    """Kill it; what it said on standard error."""
    process.kill()
    _, told = process.communicate(timeout=PATIENCE_S)
    return told.decode()


def until(is_so: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait for something that a process does, as long as it runs."""
    ends = monotonic() + PATIENCE_S
    while not is_so():
        if process.poll() is not None or monotonic() > ends:
            raise AssertionError(f"it did not come; the process said: {ended(process)}")
        sleep(0.02)
