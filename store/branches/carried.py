"""Where a position of one line of a log is in another: of the log, a branch, or an edited branch.

Up to the fork positions mean the same. Behind it an event is found again by what became of it.
"""

from store.branches.layout import Layout
from store.branches.reader import BranchReader
from store.interface import EventReader


def carried(position: int, source: EventReader, target: EventReader) -> int:
    """The position in `target` of the event at a position of `source`; where it is not there, that
    of the event before it. 0 stays 0. The lines are of one log."""
    event = source.event(position) if position > 0 else None
    if event is None:
        return 0
    found = target.event_by_id(event.id)
    if found is not None:
        return found.position
    raw = min(_raw(position, _layout(source)), _last_of_log(source), _last_of_log(target))
    return _here(raw, _layout(target))


def moved(position: int, before: Layout, after: Layout) -> int:
    """The position that the event at a position has once the edits of its branch are others; where
    it is not there any more, that of the event before it. 0 stays 0."""
    at = before.places.placed_at(position)
    if at is not None:
        placed = before.placed[at]
        again = next((it for it in after.placed if it.event.id == placed.event.id), None)
        if again is not None:
            return again.event.position
        if placed.origin is not None:
            return _here(placed.origin, after)
    raw = before.places.there(position)
    if after.places.is_removed(raw):  # taken out, or put elsewhere
        gone = next((it.id for it in after.removed if it.position == raw), "")
        again = next((it for it in after.placed if it.event.id == gone), None)
        if again is not None:
            return again.event.position
    return _here(raw, after)


def _layout(line: EventReader) -> Layout | None:
    return line.layout if isinstance(line, BranchReader) else None


def _raw(position: int, layout: Layout | None) -> int:
    return position if layout is None else layout.places.there(position)


def _here(raw: int, layout: Layout | None) -> int:
    """Of an event that was taken out: of the one before it."""
    if layout is None:
        return raw
    return layout.places.here(raw) - layout.places.is_removed(raw)


def _last_of_log(line: EventReader) -> int:
    """The last position that is one of the log."""
    return line.facts.base_head if isinstance(line, BranchReader) else line.head()
