"""Which of the listed events correct another one or were corrected, and the arcs between the two of
the event that is inspected. Asked for behind the rows: a list never waits for it."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.coordinates import coordinate_of
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.states.late_events import Placed

if TYPE_CHECKING:  # loaded with the first rows
    from replay.correcting.marks import CorrectionMark, CorrectionMarks

KEPT: Final = 20_000  # events of which it is known; what was longest unused goes first
ASKED_AT_ONCE: Final = 2_000  # events; those listed last go first
SEEN_AT_ONCE: Final = 200  # events, when the log has grown: about what is in sight
AGAIN_MS: Final = 1_000  # between two such looks

UNKNOWN: Final = -1

Arc: TypeAlias = tuple[float, float]


class CorrectionsViewModel(QObject):
    """`changed()` when more is known; `arcs_moved()`; `failed(error)`.

    An event that was not corrected may be later: when the log has grown, what is in sight is asked
    for again, and the rest once it is.
    """

    changed = Signal()
    arcs_moved = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.arcs: tuple[Arc, ...] = ()  # coordinates of the axis
        self._tasks, self._selection = tasks, selection
        self._marks: CorrectionMarks | None = None
        self._known: OrderedDict[int, tuple[CorrectionMark | None, int]] = OrderedDict()
        self._wanted: OrderedDict[int, Placed] = OrderedDict()
        self._seen: OrderedDict[int, Placed] = OrderedDict()
        self._asked: tuple[Placed, ...] = ()
        self._asked_head = 0
        self._inspected: Placed | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.look_again)
        selection.head_changed.connect(self._look_again_soon)
        selection.axis_changed.connect(self._draw)

    def of(self, event: Placed) -> "CorrectionMark | None":
        """The other ends of an event; None where there are none, or none known yet: then that is
        found out."""
        position = event.position
        self._seen[position] = event
        self._seen.move_to_end(position)
        if len(self._seen) > SEEN_AT_ONCE:
            self._seen.popitem(last=False)
        mark, head = self._known.get(position, (None, UNKNOWN))
        if head == UNKNOWN:
            self._want(event)
            return None
        self._known.move_to_end(position)
        if head < self._selection.head:
            self._look_again_soon()
        return mark

    def inspect(self, event: Placed | None) -> None:
        """The event whose arcs are drawn."""
        self._inspected = event
        self._draw()

    @Slot()
    def look_again(self) -> None:
        """Ask again for what is in sight."""
        for event in self._seen.values():
            self._want(event)

    @Slot()
    def forget(self) -> None:
        """The history is another one."""
        self._marks = None
        self._known.clear()
        self.look_again()

    def _want(self, event: Placed) -> None:
        if event.position not in self._wanted:
            self._wanted[event.position] = event
            if len(self._wanted) > ASKED_AT_ONCE:
                self._wanted.popitem(last=False)
            self._go_on()

    def _go_on(self) -> None:
        if self._wanted and not self._asked and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _look_again_soon(self) -> None:
        if not self._again.isActive():
            self._again.start()

    @Slot()
    def _ask(self) -> None:
        from replay.correcting.marks import CorrectionMarks

        self._marks = self._marks or CorrectionMarks()
        self._asked = tuple(self._wanted.values())
        self._asked_head = self._selection.head
        self._wanted = OrderedDict()
        work = partial(_found, marks=self._marks, events=self._asked)
        self._tasks.latest("corrections", work, done=self._show, failed=self._give_up)

    def _show(self, found: "dict[int, CorrectionMark]") -> None:
        differs = False
        for it in self._asked:
            mark = found.get(it.position)
            differs = differs or mark != self._known.get(it.position, (None, 0))[0]
            self._known[it.position] = (mark, self._asked_head)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self._asked = ()
        if differs:
            self.changed.emit()
            self._draw()
        self._go_on()

    def _give_up(self, error: Exception) -> None:
        self._asked = ()
        self.failed.emit(error)

    @Slot()
    def _draw(self) -> None:
        mark = None if self._inspected is None else self.of(self._inspected)
        if mark is None:
            self._tasks.cancel("arcs")
            self._show_arcs(())
            return
        work = partial(_placed, mark=mark, axis=self._selection.axis)
        self._tasks.latest("arcs", work, done=self._show_arcs, failed=self.failed.emit)

    def _show_arcs(self, arcs: tuple[Arc, ...]) -> None:
        if arcs != self.arcs:
            self.arcs = arcs
            self.arcs_moved.emit()


def _found(
    reads: Reads, *, marks: "CorrectionMarks", events: Sequence[Placed]
) -> "dict[int, CorrectionMark]":
    """On a reader thread."""
    return marks.of(reads.log, events)


def _placed(reads: Reads, *, mark: "CorrectionMark", axis: Axis) -> tuple[Arc, ...]:
    """On a reader thread: from what is corrected to what corrects it."""
    here = coordinate_of(reads, mark.position, axis)
    found = list[Arc]()
    for it in mark.ends:
        there = coordinate_of(reads, it.position, axis)
        if here is not None and there is not None:
            found.append((there, here) if it is mark.corrects else (here, there))
    return tuple(found)
