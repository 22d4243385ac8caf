"""Moments of two lines of one log that mean the same, though their positions differ.

Each event that both lines have is a step of its own. What only one of them has behind it (an event
that the other leaves out, or that an edit or the branch itself has put there) is the step that
follows, as a whole. So two lines are set against each other where both have come equally far, and
an event that is left out does not make everything behind it differ.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from store.branches.layout import Layout
from store.branches.places import FAR
from store.branches.reader import BranchReader
from store.interface import EventReader


class Steps:
    """Of one line against another. One thread; it keeps neither."""

    def __init__(self, line: EventReader, other: EventReader) -> None:
        self._head = line.head()
        self._layout = _layout(line)
        self._base = min(_base(line), _base(other))
        gone = {*_removed(_layout(line)), *_removed(_layout(other))}
        self._gone = sorted(it for it in gone if it <= self._base)
        # How many positions before each one that is gone both lines have: alike in a run of them.
        self._kept = [it - n for n, it in enumerate(self._gone)]
        self.same = min(_first_changed(line), _first_changed(other), self._base + 1) - 1

    def of(self, position: int) -> int:
        """The step that a position of this line belongs to; never less than that before it."""
        places = None if self._layout is None else self._layout.places
        raw = position if places is None else places.there(position)
        is_put = places is not None and places.placed_at(position) is not None
        last = self._last_common(raw)
        return 2 * last if last == raw and not is_put else 2 * last + 1

    def end(self, step: int) -> int:
        """The last position of this line that belongs to a step, or to one before it."""
        common = self._last_common(step // 2)
        if step == 2 * common:
            return self._here(common)
        after = self._next_common(common)
        return self._head if after > self._base else self._here(after) - 1

    def _here(self, raw: int) -> int:
        return raw if self._layout is None or raw < 1 else self._layout.places.here(raw)

    def _last_common(self, raw: int) -> int:
        """The last position of the log up to one that both lines have; 0 when there is none."""
        raw = min(raw, self._base)
        at = bisect_left(self._gone, raw)
        if at == len(self._gone) or self._gone[at] != raw:
            return raw
        return self._gone[bisect_left(self._kept, self._kept[at])] - 1

    def _next_common(self, raw: int) -> int:
        """The first position of the log behind one that both lines have, if they still hold it."""
        at = bisect_left(self._gone, raw + 1)
        if at == len(self._gone) or self._gone[at] != raw + 1:
            return raw + 1
        return self._gone[bisect_right(self._kept, self._kept[at]) - 1] + 1


def _layout(line: EventReader) -> Layout | None:
    return line.layout if isinstance(line, BranchReader) else None


def _removed(layout: Layout | None) -> Sequence[int]:
    return () if layout is None else layout.places.removed


def _first_changed(line: EventReader) -> int:
    layout = _layout(line)
    return FAR if layout is None else layout.places.first_changed


def _base(line: EventReader) -> int:
    """The last position of the log that the line holds, be it as it was or not."""
    return line.facts.base_head if isinstance(line, BranchReader) else line.head()
