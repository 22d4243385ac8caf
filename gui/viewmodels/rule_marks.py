"""Where rules were broken, on the axis of the time panel."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.coordinates import coordinate_of
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.rule_answers import rules_of, violations

MARKED: Final = 2_000  # the first violations


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMarks:
    """Coordinates of violations, and what they were worked out from."""

    axis: Axis
    positions: tuple[int, ...]
    coordinates: tuple[float, ...]


class RuleMarksViewModel(QObject):
    """`moved()` when `coordinates` are others, `failed(error)`."""

    moved = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.coordinates: tuple[float, ...] = ()
        self._tasks, self._selection = tasks, selection
        self._known: RuleMarks | None = None
        selection.axis_changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Ask where they stand; nothing is worked out again for those that are there."""
        work = partial(_marks, axis=self._selection.axis, known=self._known)
        self._tasks.latest("rule marks", work, done=self._show, failed=self.failed.emit)

    def _show(self, marks: RuleMarks) -> None:
        if marks is not self._known:
            self._known, self.coordinates = marks, marks.coordinates
            self.moved.emit()


def _marks(reads: Reads, *, axis: Axis, known: RuleMarks | None) -> RuleMarks:
    names = {it.name for it in rules_of(reads.log, reads.views())}
    found = violations(reads.views(), limit=MARKED)
    positions = tuple(dict.fromkeys(it.position for it in found if it.rule in names))
    if known is not None and (known.axis, known.positions) == (axis, positions):
        return known
    places = (coordinate_of(reads, it, axis) for it in positions)
    coordinates = tuple(it for it in places if it is not None)
    return RuleMarks(axis=axis, positions=positions, coordinates=coordinates)
