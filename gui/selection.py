"""The one cursor of the window: where in the log everything is looked at, and what is chosen."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

Axis: TypeAlias = Literal["position", "recorded", "occurred"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is: enough to come back to it."""

    position: int
    stream: str


class Selection(QObject):
    """Nothing else stores the cursor. Positions count from 1; 0 is before the first event.

    `as_of_changed(position)`, `stream_changed(name)`, `anchor_changed(position or None)`,
    `head_changed(position)`, `follow_changed(bool)`, `axis_changed()`,
    `known_changed(position or None)`.
    """

    as_of_changed = Signal(object)
    stream_changed = Signal(str)
    anchor_changed = Signal(object)
    head_changed = Signal(object)
    follow_changed = Signal(bool)
    axis_changed = Signal()
    known_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._as_of = 0
        self._head = 0
        self._anchor: int | None = None
        self._stream = ""
        self._is_following = False
        self._axis: Axis = "recorded"
        self._known: int | None = None

    @property
    def as_of(self) -> int:
        """The cursor: everything shown is as recorded up to this position, included."""
        return self._as_of

    @property
    def head(self) -> int:
        """The highest committed position, as last heard."""
        return self._head

    @property
    def anchor(self) -> int | None:
        """The second cursor, A; None when it was not set."""
        return self._anchor

    @property
    def stream(self) -> str:
        """The stream whose state is shown; empty when none is chosen."""
        return self._stream

    @property
    def is_following(self) -> bool:
        """Whether the cursor goes to the newest event as it arrives."""
        return self._is_following

    @property
    def axis(self) -> Axis:
        """What moments are measured on. On the occurred axis a state is folded from what had
        occurred by then; on the others from what had been recorded by then."""
        return self._axis

    @property
    def known(self) -> int | None:
        """On the occurred axis, the position up to which anything was known: states are folded
        from what had occurred by the cursor and was recorded by there. None: from all of it."""
        return self._known

    @property
    def place(self) -> Place:
        """Where the person is now."""
        return Place(self._as_of, self._stream)

    def seek(self, position: int) -> None:
        """Move the cursor, within the log. Leaves following."""
        self.follow(False)
        self._move(position)

    def follow(self, is_following: bool) -> None:
        """Keep the cursor on the newest event, or stop doing so."""
        if is_following != self._is_following:
            self._is_following = is_following
            self.follow_changed.emit(is_following)
        if is_following:
            self._move(self._head)

    def choose_stream(self, stream: str) -> None:
        """Show the state of this stream."""
        if stream != self._stream:
            self._stream = stream
            self.stream_changed.emit(stream)

    def set_anchor(self, position: int | None) -> None:
        """Put the second cursor somewhere, or take it away."""
        if position != self._anchor:
            self._anchor = position
            self.anchor_changed.emit(position)

    def set_axis(self, axis: Axis) -> None:
        """Measure moments on another axis; the cursor stays on its event. All that is recorded
        counts then."""
        self._know(None)
        if axis != self._axis:
            self._axis = axis
            self.axis_changed.emit()

    def set_known(self, position: int) -> None:
        """Measure on the occurred axis, and count only what was recorded up to a position."""
        if self._axis != "occurred":
            self.set_axis("occurred")
        self._know(max(0, min(position, self._head)))

    def _know(self, position: int | None) -> None:
        if position != self._known:
            self._known = position
            self.known_changed.emit(position)

    @Slot()
    def anchor_here(self) -> None:
        """Put A where the cursor is."""
        self.set_anchor(self._as_of)

    @Slot()
    def drop_anchor(self) -> None:
        """Take A away."""
        self.set_anchor(None)

    @Slot()
    def swap(self) -> None:
        """Exchange cursor and A; without an A it is set where the cursor is."""
        anchor, self_position = self._anchor, self._as_of
        self.set_anchor(self_position)
        if anchor is not None:
            self.seek(anchor)

    def learn_head(self, head: int) -> None:
        """The log has grown to `head`. Moves the cursor only while following."""
        if head != self._head:
            self._head = head
            self.head_changed.emit(head)
        if self._is_following:
            self._move(head)

    def take_history(self, head: int, as_of: int, anchor: int | None, known: int | None) -> None:
        """Positions mean other events from now on: the head, and where the marks are then."""
        self._head = head
        self.head_changed.emit(head)
        self._as_of = max(min(as_of, head), min(1, head))
        self.as_of_changed.emit(self._as_of)
        self.set_anchor(anchor)
        self._know(known)

    def _move(self, position: int) -> None:
        position = max(min(position, self._head), min(1, self._head))
        if position != self._as_of:
            self._as_of = position
            self.as_of_changed.emit(position)
