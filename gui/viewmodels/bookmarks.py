"""Places in the log that a person has marked, each with a name, kept with the store's place."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """One place, and why it was marked."""

    position: int
    name: str


class BookmarksViewModel(QObject):
    """At most one a position. `changed()` when there are others. GUI thread."""

    changed = Signal()

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection = selection
        self._names: dict[int, str] = {}

    @property
    def all(self) -> list[Bookmark]:
        """By position."""
        return [Bookmark(position=at, name=self._names[at]) for at in sorted(self._names)]

    def add(self, position: int, name: str) -> None:
        """Mark a place, or give it another name."""
        self._names.pop(position, None)
        self._names[position] = name
        self.changed.emit()

    def remove(self, position: int) -> None:
        """Mark it no more."""
        if self._names.pop(position, None) is not None:
            self.changed.emit()

    @Slot()
    def toggle_here(self) -> None:
        """Mark the place of the cursor, or no more."""
        here = self._selection.as_of
        if here in self._names:
            self.remove(here)
        elif here:
            self.add(here, f"position {here:,}")

    @Slot()
    def to_next(self) -> None:
        """Go to the bookmark behind the cursor, if there is one."""
        places = sorted(self._names)
        self._go(places, bisect_right(places, self._selection.as_of))

    @Slot()
    def to_previous(self) -> None:
        """Go to the bookmark before the cursor, if there is one."""
        places = sorted(self._names)
        self._go(places, bisect_left(places, self._selection.as_of) - 1)

    def kept(self) -> list[list[Any]]:
        """As JSON values, to be restored."""
        return [[at, name] for at, name in self._names.items()]

    def restore(self, kept: object) -> None:
        """Those that `kept` gave; what does not fit is left out."""
        pairs = [it for it in kept if isinstance(it, list)] if isinstance(kept, list) else []
        self._names = {
            it[0]: it[1]
            for it in pairs
            if len(it) == 2 and isinstance(it[0], int) and it[0] > 0 and isinstance(it[1], str)
        }
        self.changed.emit()

    def _go(self, places: list[int], index: int) -> None:
        if 0 <= index < len(places):
            self._selection.seek(places[index])
