"""A log as it would be after some edits, without a file: nothing is kept or written."""

from collections.abc import Sequence

from store.beside.interface import Beside
from store.branches.edited import Edited
from store.branches.edits import Edit, digest
from store.branches.joined import Joined
from store.branches.layout import layout_of
from store.commits import CommitWatcher
from store.interface import EventReader
from store.memory import MemoryStore
from store.place import Place


class UnsavedLine(Edited):
    """An EventReader of the log up to a position, as the edits have it.

    Use it from one thread at a time, and only while `log` is open, which it does not close.
    """

    def __init__(self, log: EventReader, edits: Sequence[Edit], *, last: int) -> None:
        """`last`: the last position of the log that counts."""
        joined = Joined(log, last, MemoryStore(place=log.place))
        super().__init__(joined, layout_of(joined, edits))
        self._below, self._digest = log, digest(edits)

    @property
    def place(self) -> Place:
        return self._below.place

    @property
    def beside(self) -> Beside:
        return self._below.beside

    @property
    def unfit(self) -> tuple[tuple[Edit, str], ...]:
        """Edits that name an event that is not there, each with a sentence."""
        return self._layout.unfit

    def store_id(self) -> str:
        """Another one for each history."""
        return f"{self._below.store_id()} {self._digest}"

    def commits(self) -> CommitWatcher:
        return self._below.commits()

    def interrupt(self) -> None:
        self._below.interrupt()

    def close(self) -> None:
        """There is nothing to be closed."""
