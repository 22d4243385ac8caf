"""The state of the stream in sight at A, at the cursor and now, and how each differs."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.compared_line import ComparedLineViewModel, read_of_line
from gui.viewmodels.inspector import InspectorViewModel, OtherLine
from gui.viewmodels.state_marks import ChangeMark, marks_of
from gui.viewmodels.two_times import known_words
from gui.window_words import error_words
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.states.diff import diff
from replay.states.state_at import StateAt
from store.errors import StoreError

WAIT_MS: Final = 150  # after the cursor has moved
NAMES: Final = ("A", "cursor", "now")
NO_ANCHOR: Final = said("A is not set. Time ▸ Set A here sets it at the cursor.")
NO_STREAM: Final = said("Select a stream.")
END_US: Final = 2**62  # behind every time


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSide:
    """One of the states; `marks` say how it differs from the one at its left."""

    title: str
    words: str
    state: Any  # None: there is none
    marks: tuple[ChangeMark, ...] = ()


class StateSidesViewModel(QObject):
    """`changed()` when `sides` differ; `failed(error)`. Hidden, it asks for nothing."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        inspector: InspectorViewModel,
        line: ComparedLineViewModel,
    ) -> None:
        """`line`: the one that A is of."""
        super().__init__()
        self.line = line
        line.changed.connect(self._wait)
        self.sides: tuple[StateSide, ...] = ()
        self._tasks, self._selection, self._inspector = tasks, selection, inspector
        self._is_wanted = False
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self.refresh)
        inspector.inspected.connect(self._wait)
        selection.anchor_changed.connect(self._wait)
        selection.head_changed.connect(self._wait)

    def want(self, is_wanted: bool) -> None:
        """Whether they are in sight."""
        self._is_wanted = is_wanted
        self.refresh()

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()

    @Slot()
    def refresh(self) -> None:
        """Ask again."""
        if self._is_wanted:
            selection = self._selection
            work = partial(
                _sides,
                stream=self._inspector.stream,
                positions=(selection.anchor, selection.as_of, selection.head),
                axis=selection.axis,
                known=selection.known,
                line=(self.line.path, self.line.words),
            )
            self._tasks.latest("state sides", work, done=self._show, failed=self.failed.emit)

    @Slot()
    def _wait(self) -> None:
        if self._is_wanted and not self._soon.isActive():
            self._soon.start()

    def _show(self, sides: tuple[StateSide, ...]) -> None:
        if sides != self.sides:
            self.sides = sides
            self.changed.emit()


def _sides(
    reads: Reads,
    *,
    stream: str,
    positions: tuple[int | None, int, int],
    axis: Axis,
    known: int | None,
    line: OtherLine,
) -> tuple[StateSide, ...]:
    """A and the cursor as they were known; now is all that is known now. A of another line is
    where the cursor is, as long as it is not set."""
    anchor, cursor, _ = positions
    if line[0] is not None:
        anchor = anchor or cursor
    first, problem = _at_anchor(reads, stream, anchor, axis, known, line[0])
    found = [
        first,
        _at(reads, stream, cursor, axis, known),
        _now(reads, stream, positions[2], axis),
    ]
    told, sides, before = known_words(reads.log, known), list[StateSide](), None
    for name, it in zip(NAMES, found, strict=True):
        side = _side(_named(name, line[1]), stream, it, before)
        is_known = bool(told) and it is not None and name != "now"
        if problem and not sides:
            side = replace(side, words=problem)
        sides.append(replace(side, words=f"{told} · {side.words}") if is_known else side)
        before = it or before
    return tuple(sides)


def _at(
    reads: Reads, stream: str, position: int | None, axis: Axis, known: int | None = None
) -> StateAt[Any] | None:
    event = reads.log.event(position) if position and stream else None
    if event is None:
        return None
    if axis == "occurred":
        moment = (event.occurred_at_us, event.position)
        return reads.states.as_occurred(reads.log, stream, *moment, known=known)
    return reads.states.at(reads.log, stream, event.position)


def _at_anchor(
    reads: Reads,
    stream: str,
    position: int | None,
    axis: Axis,
    known: int | None,
    line: Path | None,
) -> tuple[StateAt[Any] | None, str]:
    """The state, or what is in the way of another line."""
    try:
        with read_of_line(reads, line, stream, position, known) as (there, (at, known_there)):
            return _at(there, stream, at, axis, known_there), ""
    except StoreError as error:
        if line is None:
            raise
        return None, error_words(error)


def _named(name: str, line: str) -> str:
    return said("A of {line}", line=line) if line and name == "A" else name


def _now(reads: Reads, stream: str, head: int, axis: Axis) -> StateAt[Any] | None:
    if axis == "occurred" and stream:
        return reads.states.as_occurred(reads.log, stream, END_US)
    return _at(reads, stream, head, axis)


def _side(
    name: str, stream: str, found: StateAt[Any] | None, before: StateAt[Any] | None
) -> StateSide:
    if found is None:
        why = (
            NO_STREAM if not stream else NO_ANCHOR if name == "A" else said("There are no events.")
        )
        return StateSide(title=name, words=why, state=None)
    place = (
        said("{type} at {position:,}", type=found.last.type, position=found.last.position)
        if found.last
        else said("no event yet")
    )
    changes = () if before is None else tuple(diff(before.state, found.state))
    told = said(", {count:,} differ", count=len(changes)) if changes else said(", no difference")
    return StateSide(
        title=f"{name}: {stream} v{found.version}",
        words=place + ("" if before is None else told),
        state=found.state,
        marks=tuple(marks_of(changes)),
    )
