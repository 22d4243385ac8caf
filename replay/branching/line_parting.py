"""The first event after which two panes differ, where they show two lines of one log.

Both are read version by version from the first difference of the lines on, and set against each
other where both lines have come equally far (replay.branching.line_steps). As within one line, a
pane is a history up to its moment and stands still behind that.
"""

import sqlite3
from collections.abc import Iterator

from replay.branching.line_steps import Steps
from replay.query_store.parting import HereHistory, HistoryPair, Written
from replay.questions.first_divergence import Divergence
from replay.questions.pane_compare import Pane, shared_columns
from replay.questions.pane_sides import begun
from replay.questions.view_answers import ViewPage, ViewRow
from replay.views.sink import KeyValues
from store.interface import EventReader


class LineHistory(HereHistory):
    """A pane of one line, whose moments are steps. `as_of`: where it stands, once that is known."""

    def __init__(
        self, db: sqlite3.Connection | None, log: EventReader, pane: Pane, *, against: EventReader
    ) -> None:
        super().__init__(db, log, pane)
        self.steps = Steps(log, against)
        self.as_of = 0

    def writes(self, after: int, until: int) -> Iterator[Written]:
        last = min(self.steps.end(until), self.as_of)
        for position, key, values in super().writes(self.steps.end(after), last):
            yield self.steps.of(position), key, values

    def shown(self, key: KeyValues, at: int) -> ViewRow | None:
        return super().shown(key, min(self.steps.end(at), self.as_of))

    def wrote(self, key: KeyValues, step: int) -> int | None:
        """The position of the event of a step that wrote a row first; None when none did."""
        found = super().writes(self.steps.end(step - 1), min(self.steps.end(step), self.as_of))
        return next((position for position, it, _ in found if it == key), None)


def first_line_parting(left: LineHistory, right: LineHistory) -> Divergence | None:
    """None when they agree in every shared column wherever both lines have come equally far, up to
    the later moment. Positions are those of each line; the event is one of the left line if that
    wrote the row. Raises NotComparable, NotKept, and what the sides raise."""
    sides, pages = (left, right), begun((left, right))
    for side, page in zip(sides, pages, strict=True):
        page.require_past()
        side.as_of = page.as_of
    pair = HistoryPair(sides, pages, shared_columns(*pages))
    ends = [side.steps.of(side.as_of) for side in sides]
    end, last, since = min(ends), max(ends), 2 * left.steps.same
    found = pair.first_unlike(end, since=since) if end > since else None
    if found is None and end < last:
        found = pair.first_change(int(ends[1] == last), end, last)
    return None if found is None else _divergence(sides, pages, *found, is_by_moment=found[0] > end)


def _divergence(
    sides: tuple[LineHistory, LineHistory],
    pages: tuple[ViewPage, ...],
    step: int,
    key: KeyValues,
    *,
    is_by_moment: bool,
) -> Divergence:
    rows = [side.shown(key, at) for side in sides for at in (step - 1, step)]
    wrote = [side.wrote(key, step) for side in sides]
    return Divergence(
        position=wrote[0] or wrote[1] or 0,
        key=key,
        left=pages[0],
        right=pages[1],
        left_before=rows[0],
        left_after=rows[1],
        right_before=rows[2],
        right_after=rows[3],
        is_by_moment=is_by_moment,
        is_of_right=wrote[0] is None,
    )
