"""Going to a moment that was typed, and along a stream or a chain of causes."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.inspector import InspectorViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.causality import first_effect
from replay.history.causation_index import CausationIndex
from replay.states.moment import parse_moment_text, position_of
from store.events import RecordedEvent


class GotoViewModel(QObject):
    """`arrived()` after a jump, `failed(error)` when there is no such moment."""

    arrived = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, inspector: InspectorViewModel) -> None:
        super().__init__()
        self._tasks = tasks
        self._selection = selection
        self._inspector = inspector

    def go(self, text: str) -> None:
        """To a position, a time, or a version of the chosen stream (`v3`)."""
        work = partial(_resolve, text=text.strip().removeprefix("@"), stream=self._inspector.stream)
        self._tasks.latest("go to", work, done=self._arrive, failed=self.failed.emit)

    @Slot()
    def next_in_stream(self) -> None:
        """The next event of the chosen stream."""
        self._go_along(is_forward=True)

    @Slot()
    def previous_in_stream(self) -> None:
        """The previous event of the chosen stream."""
        self._go_along(is_forward=False)

    @property
    def has_cause(self) -> bool:
        """Whether an event of this log caused the one under the cursor."""
        inspection = self._inspector.inspection
        steps = inspection.trail.steps if inspection and inspection.trail else ()
        return len(steps) > 1 and steps[1].event is not None

    @Slot()
    def to_cause(self) -> None:
        """The event that caused the one under the cursor."""
        inspection = self._inspector.inspection
        steps = inspection.trail.steps if inspection and inspection.trail else ()
        if len(steps) > 1 and steps[1].event is not None:
            self._arrive(steps[1].event.position)

    @Slot()
    def to_effect(self) -> None:
        """The first event that the one under the cursor led to."""
        inspection = self._inspector.inspection
        if inspection is not None and inspection.event is not None:
            work = partial(_effect, event=inspection.event)
            self._tasks.latest("effect", work, done=self._seek, failed=self.failed.emit)

    def _go_along(self, *, is_forward: bool) -> None:
        stream = self._inspector.stream
        if stream:
            work = partial(
                _neighbour, stream=stream, position=self._selection.as_of, is_forward=is_forward
            )
            self._tasks.latest("along stream", work, done=self._seek, failed=self.failed.emit)

    def _seek(self, position: int | None) -> None:
        if position is not None:
            self._selection.seek(position)

    def _arrive(self, position: int) -> None:
        self._selection.seek(position)
        self.arrived.emit()


def _resolve(reads: Reads, *, text: str, stream: str) -> int:
    return position_of(reads.log, parse_moment_text(text), stream=stream)


def _effect(reads: Reads, *, event: RecordedEvent) -> int | None:
    found = first_effect(CausationIndex(reads.views(), reads.log), event)
    return None if found is None else found.position


def _neighbour(reads: Reads, *, stream: str, position: int, is_forward: bool) -> int | None:
    if is_forward:
        found = reads.log.read_stream(stream, after=position, limit=1)
    else:
        found = reads.log.read_stream(stream, until=position - 1, limit=1, reverse=True)
    event = next(found, None)
    return None if event is None else event.position
