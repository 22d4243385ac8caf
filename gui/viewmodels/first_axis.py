"""On which axis a log is opened the first time: one whose recorded times say nothing, on that of
when its events occurred."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.event_rows import span_text
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks

LOOKED_AT: Final = 256  # events, spread over the log
SHORTEST_US: Final = 3_600_000_000  # that events must have occurred in, to be worth an axis
TIMES_LONGER: Final = 100  # than the time in which they were recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Between the first and the last event, in microseconds."""

    recorded_us: int
    occurred_us: int
    events: int

    @property
    def are_recorded_at_once(self) -> bool:
        """Whether the recorded times say nothing of when things happened, and others do."""
        return self.occurred_us >= max(SHORTEST_US, TIMES_LONGER * self.recorded_us)


class FirstAxisViewModel(QObject):
    """`told(words)` when it has chosen the axis; `failed(error)`."""

    told = Signal(str)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self._tasks = tasks
        self._selection = selection
        self._is_asking = False
        selection.axis_changed.connect(self._leave_it)

    def choose(self) -> None:
        """Look at the log, and choose; not if a person chooses meanwhile."""
        self._is_asking = True
        work = partial(spans, head=self._selection.head)
        self._tasks.latest("first axis", work, done=self._choose, failed=self.failed.emit)

    def _leave_it(self) -> None:
        self._is_asking = False

    def _choose(self, found: Spans) -> None:
        if self._is_asking and found.are_recorded_at_once:
            self._selection.set_axis("occurred")
            within = span_text(found.recorded_us) if found.recorded_us else said("one moment")
            self.told.emit(
                said(
                    "Opened on the occurred axis: {events} were recorded within "
                    "{within}, and occurred over {occurred_us}.",
                    events=counted("{count:,} event", "{count:,} events", found.events),
                    within=within,
                    occurred_us=span_text(found.occurred_us),
                )
            )
        self._is_asking = False


def spans(reads: Reads, *, head: int) -> Spans:
    """How long it took to record the events, and how long they took to occur, as far as some of
    them show. On a reader thread."""
    step = max(head // LOOKED_AT, 1)
    looked_at = {*range(1, head + 1, step), head} if head else set()
    times = [it.occurred_at_us for it in reads.log.at_positions(sorted(looked_at))]
    recorded = reads.log.running_max_us(head) - reads.log.running_max_us(1) if head else 0
    return Spans(
        recorded_us=recorded,
        occurred_us=max(times) - min(times) if times else 0,
        events=head,
    )
