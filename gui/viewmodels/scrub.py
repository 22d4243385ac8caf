"""One step of a drag: where the hand is, answered in one go for every panel."""

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.whole_place import WholePlace, WholePlaces
from gui.work.tasks import Tasks


class ScrubViewModel(QObject):
    """Moves the cursor only when all there is to show of the new place is here, so a step costs
    one answer and one repaint. `failed(error)`.
    """

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, places: WholePlaces) -> None:
        super().__init__()
        self._tasks = tasks
        self._selection = selection
        self._places = places

    def scrub(self, coordinate: float) -> None:
        """Move the cursor to what had been recorded (or had occurred) by a coordinate; while a
        step is under way only the newest coordinate is kept."""
        work = self._places.work_at(coordinate)
        self._tasks.latest("scrub", work, done=self._show, failed=self.failed.emit)

    def _show(self, place: WholePlace) -> None:
        self._places.expect(place)
        self._selection.seek(place.position)
