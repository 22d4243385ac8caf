"""Two lines that share events: a log as it is (left), and as it would be (right); or two branches
(replay.consequences.between).

They differ in events that only one of them has. All others are kept: they say the same on both, at
positions that may have moved. A replaced or moved event is one that is gone and one that is new.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from msgspec import Struct

from replay.history.without_rows import Pair
from store.branches.places import Places
from store.branches.reader import BranchReader
from store.branches.unsaved import UnsavedLine
from store.events import RecordedEvent
from store.interface import EventReader

PAGE: Final = 500  # positions read at once
Kept: TypeAlias = Callable[[Iterable[RecordedEvent]], Iterator[RecordedEvent]]


class Only(Struct, frozen=True, kw_only=True):
    """An event that one line alone has. `at`: the position on the left from which on it tells; its
    own, or that of the event it stands before. `is_new`: it is on the right. `is_own`: no edit put
    it there, the branch recorded it itself."""

    event: RecordedEvent
    links: tuple[str, ...]
    at: int
    is_new: bool
    is_own: bool = False

    @property
    def streams(self) -> tuple[str, ...]:
        """Its own and those it is linked into."""
        return (self.event.stream, *(it for it in self.links if it != self.event.stream))


class Lines:
    """Both lines, and where they differ. One thread; it closes neither.

    What comes behind `head` on the left is not looked at.
    """

    def __init__(
        self,
        left: EventReader,
        right: BranchReader | UnsavedLine,
        *,
        head: int,
        gone: Sequence[Only],
        new: Sequence[Only],
        places: Places | None = None,
        kept: Kept | None = None,
    ) -> None:
        """`places` and `kept`: where what both have is on the right, and as what; without them
        `left` is the log that `right` has edited."""
        self._places, self._kept = places or right.layout.places, kept or right.kept
        self.left, self.right = left, right
        self.head, self.right_head = head, right.head()
        self.gone, self.new = tuple(gone), tuple(new)  # each in the order of its line

    @cached_property
    def first(self) -> int:
        """The first position on the left that is not as it was; behind the head where all is."""
        return min([self.head + 1, *(it.at for it in (*self.gone, *self.new))])

    @cached_property
    def last(self) -> int:
        """The last one at which an event of one line tells; 0 where there is none."""
        return max([0, *(it.at for it in (*self.gone, *self.new))])

    @cached_property
    def gone_at(self) -> dict[int, Only]:
        """By their positions."""
        return {it.event.position: it for it in self.gone}

    @cached_property
    def by_stream(self) -> dict[str, list[Only]]:
        """The events of one line alone by the streams that hold them, in the order in which they
        tell; of a place first those that are new."""
        found: dict[str, list[Only]] = {}
        for it in sorted((*self.new, *self.gone), key=lambda it: it.at):
            for stream in it.streams:
                found.setdefault(stream, []).append(it)
        return found

    def before(self, left: int) -> int:
        """The last position on the right of what stands before a place on the left."""
        found = left - 1
        while found > 0 and self._places.is_removed(found):
            found -= 1
        return self._places.here(found) if found > 0 else 0

    def here(self, left: int) -> int:
        """Where a kept event is on the right."""
        return self._places.here(left)

    def new_between(self, stream: str | None, after: int, until: int) -> Sequence[Only]:
        """Events that are new on the right, of a stream or of all, with after < at <= until."""
        found = self._new_of.get(stream, ()) if stream is not None else self.new
        first = bisect_right(found, after, key=_place)
        return found[first : bisect_right(found, until, key=_place)]

    def pairs(
        self,
        stream: str | None,
        events: Sequence[RecordedEvent],
        links: Mapping[int, tuple[str, ...]],
        after: int,
        until: int,
    ) -> list[Pair]:
        """What was read of the left between two positions, as each line has it."""
        kept = self._kept(events)
        found, new = list[Pair](), iter(self.new_between(stream, after, until))
        one = next(new, None)
        for event in events:
            while one is not None and one.at <= event.position:
                found.append((None, one.event, one.links))
                one = next(new, None)
            right = None if event.position in self.gone_at else next(kept)
            found.append((event, right, links.get(event.position, ())))
        rest = [] if one is None else [one, *new]
        return found + [(None, it.event, it.links) for it in rest]

    @cached_property
    def _new_of(self) -> dict[str, list[Only]]:
        return {
            stream: [it for it in found if it.is_new] for stream, found in self.by_stream.items()
        }


def _place(it: Only) -> int:
    return it.at


def of_branch(log: EventReader, branch: BranchReader) -> Lines:
    """A branch against its log, as far as the branch holds that. Raises what reading raises."""
    head = branch.facts.base_head
    own = list(_own_events(branch, head))
    return _lines(log, branch, head, own)


def of_unsaved(log: EventReader, line: UnsavedLine, *, head: int) -> Lines:
    """A log after some edits against the log itself. Raises what reading raises."""
    return _lines(log, line, head, [])


def _lines(
    log: EventReader, right: BranchReader | UnsavedLine, head: int, own: list[Only]
) -> Lines:
    layout = right.layout
    gone = [
        Only(
            event=it,
            links=layout.removed_links.get(it.position, ()),
            at=it.position,
            is_new=False,
        )
        for it in layout.removed
        if it.position <= head
    ]
    placed = [
        Only(
            event=it.event,
            links=it.links,
            at=place_on_the_left(layout.places, it.event.position, head),
            is_new=True,
        )
        for it in layout.placed
    ]
    new = sorted([*placed, *own], key=lambda it: it.event.position)
    return Lines(log, right, head=head, gone=gone, new=new)


def _own_events(branch: BranchReader, head: int) -> Iterator[Only]:
    """What the branch itself has recorded, where no edit has put it elsewhere."""
    first = branch.layout.places.here(head + 1) if branch.own_events() else branch.head() + 1
    for start in range(first, branch.head() + 1, PAGE):
        events = branch.page(start, start + PAGE - 1)
        links = branch.links_between(start, start + PAGE - 1)
        for it in events:
            if branch.own_position(it.position) is not None:
                found = links.get(it.position, ())
                yield Only(event=it, links=found, at=head + 1, is_new=True, is_own=True)


def place_on_the_left(places: Places, here: int, head: int) -> int:
    """Where an event that is new on the right tells: behind the last one before it of both."""
    return min(places.there(here), head) + 1
