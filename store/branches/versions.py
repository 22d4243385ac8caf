"""By how much positions and versions have moved, as runs: for whoever asks in SQL."""

from collections.abc import Iterator

from store.branches.edited_streams import Touched
from store.branches.layout import Layout
from store.branches.places import FAR, Places
from store.branches.reader import BranchReader


def runs(places: Places) -> Iterator[tuple[int, int, int]]:
    """(first, last, by how much) of the kept events, by where they were; `last` may be FAR."""
    there = 1
    while there < FAR:
        run = places.run_of(there)
        if run.shift is not None:
            yield there, run.end - 1, run.shift
        there = run.end


def version_runs(layout: Layout) -> Iterator[tuple[str, int, int, int]]:
    """(stream, first, last, by how much) of the kept events of streams whose versions move."""
    places = layout.places
    for stream, home in Touched(layout).homes.items():
        put = (places.there(it) + 1 for it in home.placed)
        firsts = sorted({*put, *(it + 1 for it in home.removed)})
        for first, after in zip(firsts, [*firsts[1:], FAR], strict=True):
            if not places.is_removed(first):
                yield stream, first, after - 1, home.shift(first, places.here(first))
            elif after > first + 1:
                kept = _kept_behind(places, first)
                yield stream, kept, after - 1, home.shift(kept, places.here(kept))


def own_versions(branch: BranchReader) -> Iterator[tuple[str, int]]:
    """The version of each stream before the branch's own events, with no edit counted."""
    for stream, _ in branch.own_log.stream_lengths():
        yield stream, branch.version_of_log(stream)


def _kept_behind(places: Places, there: int) -> int:
    while places.is_removed(there):
        there += 1
    return there
