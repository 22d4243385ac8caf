"""What is fuzzed: something that reads bytes which others made, and what it promises about any."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


class Broken(AssertionError):
    """A promise that an input makes false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader. `tries` gets an input, an empty folder of its own, and whether to look closely,
    which takes longer; it raises Broken, or whatever the reader raises and should not."""

    name: str
    seeds: Callable[[], Iterable[bytes]]
    tries: Callable[[bytes, Path, bool], None]


def require(holds: bool, promise: str) -> None:
    """Raises Broken with the promise in its text."""
    if not holds:
        raise Broken(promise)
