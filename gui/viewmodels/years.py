"""Whether the times of a log need their year: as soon as they fall into more than one."""

from contextlib import suppress

from PySide6.QtCore import QObject, Slot

from gui.viewmodels.shown_columns import ShownColumns
from gui.viewmodels.time_text import year_of
from gui.viewmodels.timeline import TimelineViewModel


class YearsViewModel(QObject):
    """Looks at what the timeline knows: when the first and the last event were recorded, and when
    they occurred. What was shown with its year once stays so."""

    def __init__(self, timeline: TimelineViewModel, columns: ShownColumns) -> None:
        super().__init__()
        self._timeline = timeline
        self._columns = columns
        timeline.indexed.connect(self.look)

    @Slot()
    def look(self) -> None:
        """The timeline has come further."""
        index = self._timeline.index
        if index is None or not index.indexed_until or self._columns.has_years:
            return
        ends = [*index.extent("recorded"), *index.extent("occurred")]
        with suppress(OverflowError):  # a time beyond the calendar has no year
            first, last, *others = (year_of(it) for it in _inside(ends))
            if {first, last, *others} != {first}:
                self._columns.show_years()


def _inside(ends: list[float]) -> list[float]:
    """An extent ends just behind its last event: that may be in the next year already."""
    return [it - (at % 2) for at, it in enumerate(ends)]
