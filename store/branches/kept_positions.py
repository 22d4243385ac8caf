"""Positions that are kept beside a branch's events, so that they follow their events through later
edits, and through bringing the branch up to date."""

from store.branches.layout import Layout


class KeptPositions:
    """An own event of the branch is kept by its number among those, from 1; an event of the log by
    its position there, below zero. One that an edit has put in is kept as the one before it."""

    def __init__(self, layout: Layout, base_head: int) -> None:
        """`base_head`: the last position of the log that the branch holds."""
        self._layout, self._base_head = layout, base_head

    def kept(self, here: int) -> int:
        """How a position of the branch is kept."""
        there = self._layout.places.there(here)
        return there - self._base_head if there > self._base_head else -there

    def here(self, kept: int) -> int | None:
        """Where the event is now; None where an edit has left it out."""
        there = kept + self._base_head if kept > 0 else -kept
        places = self._layout.places
        if not places.is_removed(there):
            return places.here(there)
        gone = next((it.id for it in self._layout.removed if it.position == there), None)
        placed = (it.event for it in self._layout.placed if it.event.id == gone)
        return next((it.position for it in placed), None)

    def near(self, kept: int) -> int:
        """The same; of an event that was left out, the one before it."""
        found = self.here(kept)
        if found is not None:
            return found
        there = kept + self._base_head if kept > 0 else -kept
        return self._layout.places.here(there) - 1

    def first_and_last(self, first: int, last: int) -> tuple[int, int] | None:
        """The first and the last of kept positions that are there still; None: none is."""
        found = [it for kept in range(first, last + 1) if (it := self.here(kept)) is not None]
        return (min(found), max(found)) if found else None
