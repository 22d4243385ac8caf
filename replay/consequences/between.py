"""Two branches of one log side by side: which events one of them alone has, and where those that
both have are on each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from msgspec import Struct, structs

from replay.consequences.lines import PAGE, Lines, Only, place_on_the_left
from store.branches.places import Places
from store.branches.reader import BranchReader
from store.events import RecordedEvent

NOWHERE: Final = {"position": 0, "version": 0}


class _Own(Struct, frozen=True):
    """An event that is not one of the log on both lines. `rank`: how many of those come before."""

    event: RecordedEvent
    links: tuple[str, ...]
    rank: int

    @property
    def said(self) -> tuple[Any, ...]:
        """What makes it the same event on another line: what it says, and where it is."""
        return structs.replace(self.event, **NOWHERE), self.links, self.rank


def of_branches(left: BranchReader, right: BranchReader) -> Lines:
    """One branch against another of the same log. An event that both have in the same place is the
    same, whoever put it there. Raises what reading raises."""
    shared = min(left.facts.base_head, right.facts.base_head)
    taken = _taken(left, shared) | _taken(right, shared)
    ours = _own(left, taken, shared)
    theirs = _own(right, taken, shared)
    same = _in_both(ours, theirs)
    there = frozenset(same.values())
    gone = [it for it in ours if it.event.position not in same]
    new = [it for it in theirs if it.event.position not in there]
    places = Places([it.event.position for it in gone], [it.event.position for it in new])
    head = left.head()
    return Lines(
        left,
        right,
        head=head,
        gone=[
            Only(event=it.event, links=it.links, at=it.event.position, is_new=False) for it in gone
        ],
        new=[
            Only(
                event=it.event,
                links=it.links,
                at=place_on_the_left(places, it.event.position, head),
                is_new=True,
                is_own=right.own_position(it.event.position) is not None,
            )
            for it in new
        ],
        places=places,
        kept=partial(_kept, right, places),
    )


def _kept(
    right: BranchReader, places: Places, events: Iterable[RecordedEvent]
) -> Iterator[RecordedEvent]:
    """Events of the left as they stand on the right; those that are gone are left out."""
    there = [it.position for it in events if not places.is_removed(it.position)]
    return iter(right.at_positions(map(places.here, there)))


def _taken(line: BranchReader, shared: int) -> set[int]:
    """Positions of the log that a branch has edited, as far as both branches hold the log."""
    return {it for it in line.layout.places.removed if it <= shared}


def _own(line: BranchReader, taken: set[int], shared: int) -> list[_Own]:
    """What a branch has beside the events of the log that are on both, in its order."""
    edited, places = sorted(taken), line.layout.places
    found = [(it.event, it.links) for it in line.layout.placed]
    for position in edited:
        if not places.is_removed(position):  # the other one has edited it
            here = places.here(position)
            found += [(it, line.links(here)) for it in line.page(here, here)]
    found += _behind(line, shared)

    def rank(position: int) -> int:
        raw = min(places.there(position), shared)
        return raw - bisect_right(edited, raw)

    all_ = [_Own(event, links, rank(event.position)) for event, links in found]
    return sorted(all_, key=lambda it: it.event.position)


def _behind(line: BranchReader, shared: int) -> Iterator[tuple[RecordedEvent, tuple[str, ...]]]:
    """What comes behind the shared events of the log, where no edit has put it elsewhere."""
    places, head = line.layout.places, line.head()
    for start in range(places.here(shared + 1), head + 1, PAGE):
        links = line.links_between(start, start + PAGE - 1)
        for it in line.page(start, start + PAGE - 1):
            if places.placed_at(it.position) is None:
                yield it, links.get(it.position, ())


def _in_both(ours: Sequence[_Own], theirs: Sequence[_Own]) -> dict[int, int]:
    """The positions of the same events on both lines; of those that changed places as many as
    stay in their order."""
    known = {it.said: it.event.position for it in theirs}
    pairs = [(it.event.position, known[it.said]) for it in ours if it.said in known]
    return dict(_rising(pairs))


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many pairs as possible of those that ascend on the left, so that they do on the right."""
    ends: list[int] = []  # the least last one of each length
    lasts: list[int] = []  # which pair that is
    before: list[int | None] = []
    for at, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(lasts[length - 1] if length else None)
        ends[length : length + 1] = [there]
        lasts[length : length + 1] = [at]
    found = list[tuple[int, int]]()
    last = lasts[-1] if lasts else None
    while last is not None:
        found.append(pairs[last])
        last = before[last]
    return found[::-1]
