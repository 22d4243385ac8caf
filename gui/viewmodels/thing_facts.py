"""What a menu has to know of what one points at, read on a reader thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.selection import Axis, Selection
from gui.viewmodels.coordinates import position_at
from gui.viewmodels.things import EventThing, SpanThing, Thing
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.events import RecordedEvent
from store.times import format_moment

__all__ = ["SpanFacts", "ThingFacts", "ThingFactsViewModel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFacts:
    """Events between two moments: the first and last position, and the filter that lists them."""

    first: int
    last: int
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingFacts:
    """By position the events, and by thing the spans. What is not there has no entry."""

    events: dict[int, RecordedEvent] = field(default_factory=dict)
    spans: dict[SpanThing, SpanFacts] = field(default_factory=dict)


class ThingFactsViewModel(QObject):
    """Asked anew for each menu; a later question silences an earlier one. `failed(error)`."""

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self._tasks, self._selection = tasks, selection

    def ask(self, things: Sequence[Thing], done: Callable[[ThingFacts], None]) -> None:
        """Read what a menu of these things says."""
        work = partial(_facts, things=tuple(things), axis=self._selection.axis)
        self._tasks.latest("menu", work, done=done, failed=self.failed.emit, restart=True)


def _facts(reads: Reads, *, things: Sequence[Thing], axis: Axis) -> ThingFacts:
    events = (reads.log.event(it.position) for it in things if isinstance(it, EventThing))
    spans = {it: span_of(reads, it, axis) for it in things if isinstance(it, SpanThing)}
    return ThingFacts(events={it.position: it for it in events if it}, spans=spans)


def span_of(reads: Reads, span: SpanThing, axis: Axis) -> SpanFacts:
    """On the occurred axis the events of a span lie anywhere between the two positions."""
    first, last = (position_at(reads, it, axis) for it in (span.start - 1, span.end))
    first = max(first + (axis != "occurred"), 1)
    if axis == "occurred":
        first, last = min(first, max(last, 1)), max(first, last)
        ends = (format_moment(int(span.start)), format_moment(int(span.end)))
        return SpanFacts(
            first=first,
            last=last,
            where=f'occurred >= "{ends[0]}" and occurred <= "{ends[1]}"',
        )
    return SpanFacts(first=first, last=last, where=f"position >= {first} and position <= {last}")
