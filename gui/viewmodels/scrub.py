"""One step of a drag: where the hand is, answered in one go for every panel."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.selection import Axis, Selection
from gui.viewmodels.coordinates import coordinate_of, position_at
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_pages import Listing, Page
from gui.viewmodels.inspector import Inspection, InspectorViewModel, inspect
from gui.viewmodels.timeline import TimelineViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Everything the panels show of one place of the log."""

    coordinate: float | None
    inspection: Inspection
    pages: list[Page]


class ScrubViewModel(QObject):
    """Moves the cursor only when all there is to show of the new place is here, so a step costs
    one answer and one repaint. `failed(error)`.
    """

    failed = Signal(Exception)

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        events: EventListViewModel,
        inspector: InspectorViewModel,
        timeline: TimelineViewModel,
    ) -> None:
        super().__init__()
        self._tasks = tasks
        self._selection = selection
        self._events = events
        self._inspector = inspector
        self._timeline = timeline

    def scrub(self, coordinate: float) -> None:
        """Move the cursor to what had been recorded (or had occurred) by a coordinate; while a
        step is under way only the newest coordinate is kept."""
        work = partial(
            _read,
            coordinate=coordinate,
            axis=self._selection.axis,
            head=self._selection.head,
            stream=self._selection.stream,
            listing=self._events.listing,
            rows=self._events.rows_in_sight // 2 + 1,  # it goes to the middle
            held=self._events.held_pages,
        )
        self._tasks.latest("scrub", work, done=self._show, failed=self.failed.emit)

    def _show(self, place: _Place) -> None:
        self._events.take(place.pages)
        self._inspector.expect(place.inspection)
        self._timeline.expect(place.inspection.position, place.coordinate)
        self._selection.seek(place.inspection.position)


def _read(
    reads: Reads,
    *,
    coordinate: float,
    axis: Axis,
    head: int,
    stream: str,
    listing: Listing,
    rows: int,
    held: frozenset[int],
) -> _Place:
    position = max(min(position_at(reads, coordinate, axis), head), min(1, head))
    return _Place(
        coordinate=coordinate_of(reads, position, axis),
        inspection=inspect(reads, position=position, stream=stream, axis=axis),
        pages=listing.read_around(reads.log, position, rows=rows, held=held),
    )
