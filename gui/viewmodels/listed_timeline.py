"""Narrows the time panel to what the filter lists, and keeps it so while hits come in."""

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.listed_density import ListedDensity
from gui.viewmodels.timeline import TimelineViewModel


class ListedTimeline(QObject):
    """`changed(bool)` when the panel is narrowed, or shows everything again."""

    changed = Signal(bool)

    def __init__(
        self, timeline: TimelineViewModel, events: EventListViewModel, selection: Selection
    ) -> None:
        super().__init__()
        self.is_narrow = False
        self._timeline, self._events = timeline, events
        for happened in (events.reset, events.grown, events.filtering_changed):
            happened.connect(self._show)
        selection.axis_changed.connect(self._show)

    def toggle(self) -> None:
        """Show only what is listed, or everything again."""
        self.is_narrow = not self.is_narrow
        self.changed.emit(self.is_narrow)
        self._show()

    @Slot()
    def _show(self) -> None:
        found = self._events.found if self.is_narrow else None
        if found is not None:
            order = self._events.listing.order
            self._timeline.narrow(ListedDensity(positions=found, order=order))
        else:
            self._timeline.narrow(None)
