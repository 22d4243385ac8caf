"""What is killed: some work on a folder, and what must hold of the folder afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of work. Every function is called in a process of its own."""

    name: str
    prepare: Callable[[Path], object]  # fill a folder that each trial gets a copy of
    work: Callable[[Path, int], int | None]  # the folder, and the how manieth time
    # After each kill: what the process had said, and whether it had come to its end. Raises
    # AssertionError. Nobody is left who writes.
    holds: Callable[[Path, int, str, bool], object]
    ends: Callable[[Path], object]  # likewise, after work that came to its end in the end
