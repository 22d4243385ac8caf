"""The time panel: a canvas of lanes that takes hands and keys."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui.widgets.time.canvas import TimeCanvas
from gui.widgets.time.cursor_shapes import SHAPES
from gui.widgets.time.frame import LANES_TOP, RULER_PX, Frame, Grip, Places, grip_at
from gui.widgets.time.lanes import Lane, nearest_mark
from gui.widgets.time.parts import window_of
from gui.widgets.time.ticks import count_text

CATCH_PX: Final = 6.0  # a mark draws the playhead to itself from this far
CLICK_PX: Final = 3.0  # a press that moves less is a click
WHEEL_ZOOM: Final = 1.2
KEY_ZOOM: Final = 1.5
NOTCH: Final = 120  # a wheel's step, in eighths of a degree
PAN_SHARE: Final = 0.1
FASTEST: Final = 6.0  # times the first step, when a key is held
HELD_MS: Final = 180

FRAMED_FOCUS: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


class TimePanel(TimeCanvas):
    """Draws what it is given and tells what hands do; it knows no log.

    `scrubbed(coordinate)` on every move of a drag, then `scrub_finished()`;
    `range_selected(start, end)` from a drag in the ruler, `range_clicked()` on a chosen range;
    `anchor_dragged(coordinate)`; `mark_clicked(value)`; `hovered(coordinate, lane key or None)`
    and `unhovered()`; `near_wanted(start, end)` when marks could be drawn;
    `viewport_changed()`.
    """

    scrubbed = Signal(float)
    scrub_finished = Signal()
    range_selected = Signal(float, float)
    range_clicked = Signal()
    anchor_dragged = Signal(float)
    mark_clicked = Signal(object)
    hovered = Signal(float, object)
    unhovered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._grip: Grip | None = None
        self._is_panning = False
        self._pressed_at = QPointF()
        self._dragged_from = QPointF()
        self._held_range = (0.0, 0.0)
        self._range_before: tuple[float, float] | None = None
        self._turned = 0.0
        self._pan_speed = 1.0
        self._since_pan = QElapsedTimer()

    @property
    def is_scrubbing(self) -> bool:
        """Whether a hand is holding the playhead."""
        return self._grip == "scrub"

    def set_cursor(self, coordinate: float | None) -> None:
        """Move the playhead, unless a hand is holding it."""
        if not self.is_scrubbing:
            self._move_cursor(coordinate)

    @Slot()
    def reveal_cursor(self) -> None:
        """Pan so that the playhead is in sight, unless a hand is at work."""
        if self._grip is None and not self._is_panning:
            super().reveal_cursor()

    # What keys and menus do.

    @Slot()
    def zoom_in(self) -> None:
        """Closer, around the pointer, else the playhead, else the middle."""
        self._zoom(KEY_ZOOM, self._focus_x())

    @Slot()
    def zoom_out(self) -> None:
        """Wider, around the same."""
        self._zoom(1 / KEY_ZOOM, self._focus_x())

    @Slot()
    def pan_left(self) -> None:
        """Towards earlier; faster while it is repeated."""
        self._pan(-PAN_SHARE * self._faster() * self._sight.view.width)

    @Slot()
    def pan_right(self) -> None:
        """Towards later; faster while it is repeated."""
        self._pan(PAN_SHARE * self._faster() * self._sight.view.width)

    @Slot()
    def frame_selection(self) -> None:
        """Show the chosen range, or A to the playhead; once more shows everything."""
        ends = self._shaded()
        if ends is not None and ends[0] != ends[1]:
            start, end = min(ends), max(ends)
            before = self._sight.view
            margin = (end - start) * 0.05
            self._sight.show(start - margin, end + margin)
            if self._sight.view != before:
                self._seen()
                return
        self.frame_all()

    # Hands.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = self._dragged_from = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._is_panning = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._grip = grip_at(self._frame(), event.position(), self._places())
            self._range_before = self._range
            self._held_range = self._range or (0.0, 0.0)
            if self._grip == "scrub":
                self._scrub(event)
            elif self._grip == "window jump":
                self._centre_window(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position())
        if self._is_panning:
            self._pan(self._dragged_from.x() - event.position().x())
        elif self._grip == "scrub":
            self._scrub(event)
        elif self._grip == "anchor":
            self.anchor_dragged.emit(self._coordinate(event))
        elif self._grip in ("range", "range start", "range end", "range move"):
            self._drag_range(event.position())
        elif self._grip is not None and self._grip.startswith("window"):
            self._drag_window(event.position())
        elif self._grip is None:
            self._hover(event.position())
        self._dragged_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._is_panning = False
            self.unsetCursor()
        elif event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            grip, self._grip = self._grip, None
            is_click = abs(event.position().x() - self._pressed_at.x()) < CLICK_PX
            if grip == "scrub":
                self._finish_scrub(event, is_click=is_click)
            elif grip.startswith("range"):
                self._finish_range(event, grip, is_click=is_click)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.frame_all()

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        self.unhovered.emit()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, modifiers = event.angleDelta(), event.modifiers()
        pixels = event.pixelDelta()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            x = self._clamped(event.position().x() - self._frame().name_px)
            self._zoom(WHEEL_ZOOM ** (turned.y() / NOTCH), x)
        elif abs(turned.x()) > abs(turned.y()):
            self._pan(-float(pixels.x() or turned.x() / 2))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._pan(-float(pixels.y() or turned.y() / 2))
        else:
            self._turned += turned.y() / NOTCH
            steps = int(self._turned)
            self._turned -= steps
            self._scroll_to(self._first_lane - steps)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, rows = event.key(), self._frame().whole_lanes
        actions = {
            Qt.Key.Key_W: self.zoom_in,
            Qt.Key.Key_S: self.zoom_out,
            Qt.Key.Key_A: self.pan_left,
            Qt.Key.Key_D: self.pan_right,
            Qt.Key.Key_F: self.frame_selection,
        }
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -rows,
            Qt.Key.Key_PageDown: rows,
        }
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in actions:
            actions[Qt.Key(key)]()
        elif key in steps:
            self._scroll_to(self._first_lane + steps[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus is framed when it came by keys; a click has its own sign, the playhead."""
        self._shows_focus = event.reason() in FRAMED_FOCUS
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self._shows_focus = False
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tell a lane's whole name, as it may be cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _tip_at(self, point: QPointF) -> str:
        """Over a name: all of it, and the lane's total."""
        lane = self._lane_at(point)
        if lane is None or point.x() >= self._frame().name_px:
            return ""
        return f"{lane.name} · {count_text(lane.total)}"

    # Scrubbing.

    def _scrub(self, event: QMouseEvent) -> None:
        coordinate = self._coordinate(event)
        self._move_cursor(coordinate)
        self.scrubbed.emit(coordinate)

    def _finish_scrub(self, event: QMouseEvent, *, is_click: bool) -> None:
        self.scrub_finished.emit()
        mark = self._mark_at(event.position())
        marks = self._picture.usable_marks(self._sight)
        if is_click and mark is not None and marks is not None:
            self.mark_clicked.emit(int(marks.values[mark]))

    def _coordinate(self, event: QMouseEvent) -> float:
        """Under the pointer; a mark that is near draws it to itself, unless Shift is held."""
        is_free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        mark = None if is_free else self._mark_at(event.position())
        marks = self._picture.usable_marks(self._sight)
        if mark is not None and marks is not None:
            return float(marks.coordinates[mark])
        return self._at(self._clamped(event.position().x() - self._frame().name_px))

    def _mark_at(self, point: QPointF) -> int | None:
        marks = self._picture.usable_marks(self._sight)
        if marks is None:
            return None
        keys = [lane.key for lane in self._shown()]
        frame = self._frame()
        x = self._clamped(point.x() - frame.name_px)
        row = frame.row_at(point.y())
        return nearest_mark(marks, self._sight.map, keys, x=x, reach=CATCH_PX, row=row)

    # The range in the ruler.

    def _drag_range(self, point: QPointF) -> None:
        here = self._at(self._clamped(point.x() - self._frame().name_px))
        there = self._at(self._clamped(self._pressed_at.x() - self._frame().name_px))
        start, end = self._held_range
        if self._grip == "range":
            if abs(point.x() - self._pressed_at.x()) < CLICK_PX:
                return
            start, end = here, there
        elif self._grip == "range move":
            axis = self._sight.axis
            by = min(max(here - there, axis.first - start), axis.last - end)
            start, end = start + by, end + by
        elif self._grip == "range start":
            start = here
        else:
            end = here
        self.set_range((min(start, end), max(start, end)))

    def _finish_range(self, event: QMouseEvent, grip: Grip, *, is_click: bool) -> None:
        chosen = self._range
        self.set_range(self._range_before)  # the owner says when another one is in force
        if not is_click and chosen is not None:
            self.range_selected.emit(*chosen)
            return
        x = self._clamped(event.position().x() - self._frame().name_px)
        gap = self._sight.collapsed_at(x)
        if grip == "range move":
            self.range_clicked.emit()
        elif gap is not None:
            self._opened.append((gap.start + gap.end) / 2)
            self._recount()
            self._seen()
        elif grip == "range":
            self._scrub(event)
            self.scrub_finished.emit()

    # The window in the overview.

    def _drag_window(self, point: QPointF) -> None:
        whole, left = self._sight.whole, self._frame().name_px
        view = self._sight.view
        if self._grip in ("window move", "window jump"):
            by = whole.at(point.x() - left) - whole.at(self._dragged_from.x() - left)
            middle = self._sight.map.at(view.width / 2) + by
            self._sight.put(middle, view.width / 2)
        elif self._grip == "window start":
            self._sight.show(min(whole.at(point.x() - left), view.end - 1), view.end)
        else:
            self._sight.show(view.start, max(whole.at(point.x() - left), view.start + 1))
        self._seen()

    def _centre_window(self, point: QPointF) -> None:
        self._sight.put(
            self._sight.whole.at(point.x() - self._frame().name_px), self._sight.view.width / 2
        )
        self._seen()

    # Pointing.

    def _hover(self, point: QPointF) -> None:
        grip = grip_at(self._frame(), point, self._places())
        x = point.x() - self._frame().name_px
        over_gap = grip == "range" and self._sight.collapsed_at(x) is not None
        shape = Qt.CursorShape.PointingHandCursor if over_gap else SHAPES.get(grip)
        self.setCursor(shape or Qt.CursorShape.ArrowCursor)
        if grip == "scrub":
            lane = self._lane_at(point)
            self.hovered.emit(self._at(self._clamped(x)), None if lane is None else lane.key)
        else:
            self.unhovered.emit()

    def _point_at(self, point: QPointF | None) -> None:
        """Remember where the pointer is, to draw the moment it points at."""
        frame, before = self._frame(), self._pointer_x
        self._pointer_x = None
        if point is not None and _is_over_plot(frame, point):
            self._pointer_x = self._clamped(point.x() - frame.name_px)
        if before != self._pointer_x:
            self.update(0, 0, self.width(), RULER_PX)
            for x in (before, self._pointer_x):
                if x is not None:
                    self._update_around(frame.name_px + x)

    def _lane_at(self, point: QPointF) -> Lane | None:
        row, shown = self._frame().row_at(point.y()), self._shown()
        return shown[row] if 0 <= row < len(shown) else None

    def _places(self) -> Places:
        chosen = None if self._range is None else (self._x(self._range[0]), self._x(self._range[1]))
        return Places(
            cursor=None if self._cursor is None else self._x(self._cursor),
            anchor=None if self._anchor is None else self._x(self._anchor),
            range=chosen,
            window=window_of(self._sight),
        )

    def _clamped(self, x: float) -> float:
        return min(max(x, 0.0), self._sight.view.width)

    def _focus_x(self) -> float:
        width = self._sight.view.width
        if self._pointer_x is not None:
            return self._pointer_x
        if self._cursor is not None and 0 <= self._x(self._cursor) <= width:
            return self._x(self._cursor)
        return width / 2

    def _zoom(self, factor: float, x: float) -> None:
        self._sight.zoom(factor, x)
        self._seen()

    def _pan(self, pixels: float) -> None:
        self._sight.pan(pixels)
        self._seen()

    def _faster(self) -> float:
        """Each repetition is a little faster, until the key is let go."""
        is_held = self._since_pan.isValid() and self._since_pan.elapsed() < HELD_MS
        self._pan_speed = min(self._pan_speed * 1.15, FASTEST) if is_held else 1.0
        self._since_pan.start()
        return self._pan_speed


def _is_over_plot(frame: Frame, point: QPointF) -> bool:
    is_beside = not 0 <= point.x() - frame.name_px <= frame.plot.width()
    return not is_beside and (point.y() >= LANES_TOP or point.y() < RULER_PX)
