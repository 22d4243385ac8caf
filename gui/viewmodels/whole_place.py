"""Everything that the panels show of one place of the log, read in one go."""

from dataclasses import dataclass
from functools import partial

from gui.selection import Axis, Selection
from gui.viewmodels.coordinates import coordinate_of, position_at
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_pages import Listing, Page
from gui.viewmodels.inspector import Inspection, InspectorViewModel, inspect
from gui.viewmodels.timeline import TimelineViewModel
from gui.work.reads import Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePlace:
    """One position; `coordinate` is where it stands on the axis."""

    coordinate: float | None
    inspection: Inspection
    pages: list[Page]  # around it, but for those that were held

    @property
    def position(self) -> int:
        """Where in the log it is."""
        return self.inspection.position


class WholePlaces:
    """Asks for a place, and hands each panel its part before the cursor goes there. What a panel
    was handed it does not ask for. GUI thread, but for the work that it gives."""

    def __init__(
        self,
        selection: Selection,
        events: EventListViewModel,
        inspector: InspectorViewModel,
        timeline: TimelineViewModel,
    ) -> None:
        self._selection = selection
        self._events = events
        self._inspector = inspector
        self._timeline = timeline

    def work_at(self, coordinate: float) -> "partial[WholePlace]":
        """Work for a reader thread: read what had been recorded (or had occurred) by a
        coordinate."""
        axis, head = self._selection.axis, self._selection.head
        return self._work(partial(_position_at, coordinate=coordinate, axis=axis, head=head), head)

    def work_of(self, head: int) -> "partial[WholePlace]":
        """Work for a reader thread: read the event that is about to be the newest one."""
        return self._work(partial(_itself, position=head), head)

    def expect(self, place: WholePlace) -> None:
        """The cursor is about to go there."""
        self._events.expect(place.pages)
        self._inspector.expect(place.inspection)
        self._timeline.expect(place.position, place.coordinate)

    def _work(self, find: "partial[int]", head: int) -> "partial[WholePlace]":
        return partial(
            _read,
            find=find,
            axis=self._selection.axis,
            known=self._selection.known,
            stream=self._selection.stream,
            listing=self._events.listing_at(head),
            rows=self._events.rows_in_sight,
            held=self._events.held_pages,
        )


def _position_at(reads: Reads, *, coordinate: float, axis: Axis, head: int) -> int:
    return max(min(position_at(reads, coordinate, axis), head), min(1, head))


def _itself(_reads: Reads, *, position: int) -> int:
    return position


def _read(
    reads: Reads,
    *,
    find: "partial[int]",
    axis: Axis,
    known: int | None,
    stream: str,
    listing: Listing,
    rows: int,
    held: frozenset[int],
) -> WholePlace:
    position = find(reads)
    return WholePlace(
        coordinate=coordinate_of(reads, position, axis),
        inspection=inspect(reads, position=position, stream=stream, axis=axis, known=known),
        pages=listing.read_around(reads, position, rows=rows, held=held),
    )
