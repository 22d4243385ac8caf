"""Where an event of a history stands once some were taken out and others put in.

`there` is a position before the edits, `here` one after them. What is neither taken out nor put in
is kept, in its order.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

FAR: Final = 2**62  # after every position


class Run(Struct, frozen=True):
    """Positions there, from `first` up to but not including `end`, that all move by as much;
    without `shift` it is one event that was taken out."""

    first: int
    end: int
    shift: int | None


class Places:
    """A value: which positions were taken out (there) and put in (here), both ascending."""

    def __init__(self, removed: Sequence[int], placed: Sequence[int]) -> None:
        self.removed = list(removed)
        self.placed = list(placed)
        # How many kept events are before each one that was taken out, and put in, and one more.
        self._removed_at = [it - n for n, it in enumerate(self.removed)]
        self._placed_at = [it - n for n, it in enumerate(self.placed)]

    @property
    def first_changed(self) -> int:
        """The first position, there as here, that is not as it was."""
        return min([*self.removed[:1], *self.placed[:1], FAR])

    @property
    def growth(self) -> int:
        """By how much the history is longer here."""
        return len(self.placed) - len(self.removed)

    def is_removed(self, there: int) -> bool:
        """Whether the event was taken out."""
        at = bisect_left(self.removed, there)
        return at < len(self.removed) and self.removed[at] == there

    def placed_at(self, here: int) -> int | None:
        """Which of those that were put in stands here; None when it is a kept one."""
        at = bisect_left(self.placed, here)
        return at if at < len(self.placed) and self.placed[at] == here else None

    def here(self, there: int) -> int:
        """Where a kept event is now."""
        kept = there - bisect_left(self.removed, there)
        return kept + bisect_right(self._placed_at, kept)

    def there(self, here: int) -> int:
        """Where the last kept event up to and including a position was; 0 when there is none."""
        kept = here - bisect_right(self.placed, here)
        return kept + bisect_right(self._removed_at, kept) if kept > 0 else 0

    def until(self, here: int | None) -> int | None:
        """The same for an end that need not be given."""
        return None if here is None else self.there(here)

    def run_of(self, there: int) -> Run:
        """The run that holds a position."""
        at = bisect_left(self.removed, there)
        if at < len(self.removed) and self.removed[at] == there:
            return Run(there, there + 1, None)
        kept = there - at
        put = bisect_right(self._placed_at, kept)
        first = max(
            self.removed[at - 1] + 1 if at else 0,
            self._back(self._placed_at[put - 1]) if put else 0,
        )
        end = min(
            self.removed[at] if at < len(self.removed) else FAR,
            self._back(self._placed_at[put]) if put < len(self.placed) else FAR,
        )
        return Run(first, end, put - at)

    def is_plain(self, first: int, last: int) -> bool:
        """Whether nothing was taken out or put in between two positions here."""
        put = bisect_right(self.placed, last) - bisect_left(self.placed, first)
        return not put and self.there(last) - self.there(first) == last - first

    def _back(self, kept: int) -> int:
        return kept + bisect_right(self._removed_at, kept)
