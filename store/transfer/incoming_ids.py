"""Which ids come more than once in an import of any length, in memory of a bounded size.

A hash of each id goes to a file, 8 bytes an id. At the end the hashes are looked through
part by part: two equal ids have the same hash, so what is told holds every id that was asked about
twice, and rarely one more.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.int64]

AT_ONCE: Final = 500_000  # hashes that are sorted in memory
CHUNK: Final = 250_000  # hashes that are read at once
NONE: Final[Hashes] = np.empty(0, np.int64)


class IncomingIds:
    """The ids that were asked about, in a file that is empty at first and that nobody else uses."""

    def __init__(self, file: BinaryIO, *, at_once: int = AT_ONCE) -> None:
        self._file = file
        self._at_once = at_once
        self._count = 0

    def add(self, hashes: Sequence[int]) -> None:
        """Ids by their hashes."""
        self._file.write(array("q", hashes).tobytes())
        self._count += len(hashes)

    def repeated(self) -> Hashes:
        """The hashes that were added more than once, ascending."""
        parts = max(-(-self._count // self._at_once), 1)
        found = [_repeated(np.concatenate([NONE, *self._part(n, parts)])) for n in range(parts)]
        return np.sort(np.concatenate(found))

    def _part(self, number: int, parts: int) -> Iterable[Hashes]:
        self._file.seek(0)
        while piece := self._file.read(CHUNK * 8):
            hashes: Hashes = np.frombuffer(piece, np.int64)
            yield hashes[hashes % parts == number]


def hashes_of(ids: Iterable[str]) -> list[int]:
    """64 bits of each id, the same within this process."""
    return [hash(it) for it in ids]


def among(hashes: Sequence[int], known: Hashes) -> list[int]:
    """Those that are known, which are ascending."""
    if not known.size:
        return []
    asked: npt.NDArray[Any] = np.array(hashes, np.int64)
    at = np.minimum(np.searchsorted(known, asked), known.size - 1)
    found: list[int] = asked[known[at] == asked].tolist()
    return found


def without(hashes: Hashes, known: Hashes) -> Hashes:
    """Those that are not known; both ascending."""
    return np.setdiff1d(hashes, known, assume_unique=True)


def together(one: Hashes, other: Hashes) -> Hashes:
    """Both, ascending."""
    return np.union1d(one, other)


def _repeated(hashes: Hashes) -> Hashes:
    hashes = np.sort(hashes)
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
