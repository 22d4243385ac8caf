"""Where one pane first differs from another, asked on a reader thread: within one line, between two
lines, or with rows of a query store."""

from dataclasses import dataclass, replace

from gui.viewmodels.pane_work import NamedPane, pane_there
from gui.words import said
from gui.work.reads import Reads
from gui.work.there import reads_there
from replay.questions.first_divergence import Divergence, first_divergence, unseen_versions
from store.errors import StoreError
from store.events import RecordedEvent


class NotBetween(StoreError):
    hint = said("Set one of the two panes to the line of the other.")

    def __init__(self) -> None:
        super().__init__(
            said("rows of a query store cannot be followed event by event in another line")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneParting:
    """One pane against the first. `found` is None where they never differ."""

    first: NamedPane
    other: NamedPane
    found: Divergence | None
    event: RecordedEvent | None
    unseen: int  # versions of rows before it whose long values no history keeps

    @property
    def pane(self) -> NamedPane:
        """The one whose line has the event."""
        return self.other if self.found is not None and self.found.is_of_right else self.first


def part(reads: Reads, *, panes: tuple[NamedPane, ...]) -> tuple[PaneParting, ...]:
    """Each further pane against the first one."""
    return tuple(_pair(reads, panes[0], it) for it in panes[1:])


def _pair(reads: Reads, first: NamedPane, other: NamedPane) -> PaneParting:
    if first.source or other.source:
        if first.line is not None or other.line is not None:
            raise NotBetween
        return _pair_there(reads, first, other)
    if first.line != other.line:
        return _pair_lines(reads, first, other)
    with reads.line(first.line) as there:
        sides = [replace(it, pane=pane_there(reads, there, it)) for it in (first, other)]
        return _pair_here(there, *sides)


def _pair_here(reads: Reads, first: NamedPane, other: NamedPane) -> PaneParting:
    db, log, sides = reads.views(), reads.log, (first.pane, other.pane)
    found, unseen = None, 0
    if db is not None:
        found = first_divergence(db, log, *sides)
        unseen = unseen_versions(db, log, *sides, before=found.position if found else None)
    event = log.event(found.position) if found else None
    return PaneParting(first=first, other=other, found=found, event=event, unseen=unseen)


def _pair_lines(reads: Reads, first: NamedPane, other: NamedPane) -> PaneParting:
    from replay.branching.line_parting import LineHistory, first_line_parting

    with reads.line(first.line) as left, reads.line(other.line) as right:
        panes = (pane_there(reads, left, first), pane_there(reads, right, other))
        one = LineHistory(left.views(), left.log, panes[0], against=right.log)
        two = LineHistory(right.views(), right.log, panes[1], against=left.log)
        found = first_line_parting(one, two)
        told = PaneParting(first=first, other=other, found=found, event=None, unseen=0)
        if found is None:
            return told
        log = right.log if found.is_of_right else left.log
        return replace(told, event=log.event(found.position))


def _pair_there(reads: Reads, first: NamedPane, other: NamedPane) -> PaneParting:
    """What a query store has is whole, so nothing is unseen."""
    from replay.query_store import parting  # what speaks to servers is loaded late

    def history(it: NamedPane) -> parting.History:
        if not it.source:
            return parting.HereHistory(reads.views(), reads.log, it.pane)
        store = reads_there(reads).there(it.source)
        return parting.ThereHistory(store, reads.log, it.pane.view, at=it.pane.at)

    found = parting.first_parting(history(first), history(other))
    event = reads.log.event(found.position) if found else None
    return PaneParting(first=first, other=other, found=found, event=event, unseen=0)
