"""How the edits of a branch move the versions of the streams that they touch."""

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import pairwise

from store.branches.layout import Layout, Placed
from store.branches.places import FAR


class TouchedStream:
    """A stream in which events were taken out, or put in; all lists ascend."""

    def __init__(self) -> None:
        self.removed: list[int] = []  # where they were
        self.removed_at: list[int] = []  # versions there, less how many were taken out before
        self.placed: list[int] = []  # where they are
        self.placed_versions: list[int] = []  # here

    @cached_property
    def moves(self) -> list[tuple[int, int, int]]:
        """(first, last, by how much) of the versions there that move, once all is known."""
        puts = [it - n - 1 for n, it in enumerate(self.placed_versions)]  # kept events before each
        takes = [it - 1 for it in self.removed_at]
        found: list[tuple[int, int, int]] = []
        for first, after in pairwise([*sorted({*puts, *takes}), FAR]):
            taken = bisect_right(takes, first)
            if shift := bisect_right(puts, first) - taken:
                found.append((first + taken + 1, after + taken, shift))
        return found

    def shift(self, there: int, here: int) -> int:
        """By how much the version of a kept event grows."""
        return bisect_left(self.placed, here) - bisect_left(self.removed, there)

    def removed_until(self, there: int | None) -> int:
        """How many were taken out up to a position there."""
        return len(self.removed) if there is None else bisect_right(self.removed, there)

    def placed_until(self, here: int | None) -> int:
        """How many were put in up to a position here."""
        return len(self.placed) if here is None else bisect_right(self.placed, here)

    def kept_version(self, version: int) -> int:
        """The version there of the kept event that has a version here."""
        kept = version - bisect_left(self.placed_versions, version)
        return kept + bisect_right(self.removed_at, kept)

    def placed_with(self, version: int) -> int | None:
        """Where the event with this version was put; None when it is a kept one."""
        at = bisect_left(self.placed_versions, version)
        is_placed = at < len(self.placed_versions) and self.placed_versions[at] == version
        return self.placed[at] if is_placed else None


class Touched:
    """The streams that a layout touches: those whose versions move, and those that hold an event
    that was taken out or put in, be it by a link."""

    def __init__(self, layout: Layout) -> None:
        self.homes: dict[str, TouchedStream] = {}
        self.placed: dict[str, list[Placed]] = {}  # by every stream that they are in
        self.removed: dict[str, list[int]] = {}  # the same, where they were
        for event in layout.removed:
            home = self.homes.setdefault(event.stream, TouchedStream())
            home.removed_at.append(event.version - len(home.removed))
            home.removed.append(event.position)
            for name in (event.stream, *layout.removed_links.get(event.position, ())):
                self.removed.setdefault(name, []).append(event.position)
        for it in layout.placed:
            home = self.homes.setdefault(it.event.stream, TouchedStream())
            home.placed.append(it.event.position)
            home.placed_versions.append(it.event.version)
            for name in (it.event.stream, *it.links):
                self.placed.setdefault(name, []).append(it)

    def holds(self, stream: str) -> bool:
        """Whether events of a stream were taken out or put in."""
        return stream in self.placed or stream in self.removed
