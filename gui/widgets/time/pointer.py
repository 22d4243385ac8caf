"""What the mouse does in the time panel: it scrubs, selects, drags the window, zooms and pans."""

from typing import Final

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.time.cursor_shapes import SHAPES
from gui.widgets.time.frame import LANES_TOP, RULER_PX, Frame, Grip, Places, grip_at
from gui.widgets.time.navigation import AxisNavigation
from gui.widgets.time.parts import window_of
from gui.widgets.time.pointed import lane_at, mark_at
from gui.widgets.time.scene import TimeScene
from gui.widgets.time.ticks import count_text

CLICK_PX: Final = 3.0  # a press that moves less is a click
WHEEL_ZOOM: Final = 1.2
NOTCH: Final = 120  # a wheel's step, in eighths of a degree


class PointerInput(QObject):
    """Changes what is in sight by itself; what concerns the owner it tells by the signals of the
    panel. `surface` is the widget under the pointer."""

    scrubbed = Signal(float)
    scrub_finished = Signal()
    range_selected = Signal(float, float)
    anchor_dragged = Signal(float)
    mark_clicked = Signal(object)
    hovered = Signal(QPointF)
    unhovered = Signal()

    def __init__(self, scene: TimeScene, navigation: AxisNavigation, surface: QWidget) -> None:
        super().__init__(surface)
        self._scene, self._navigation, self._surface = scene, navigation, surface
        self._grip: Grip | None = None
        self._is_panning = False
        self._pressed_at = QPointF()
        self._dragged_from = QPointF()
        self._held_range = (0.0, 0.0)
        self._range_before: tuple[float, float] | None = None
        self._turned = 0.0

    @property
    def is_scrubbing(self) -> bool:
        """Whether the playhead is being dragged."""
        return self._grip == "scrub"

    @property
    def is_busy(self) -> bool:
        """Whether anything is being dragged."""
        return self._grip is not None or self._is_panning

    def press(self, event: QMouseEvent) -> None:
        """A button goes down."""
        self.unhovered.emit()
        self._pressed_at = self._dragged_from = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._is_panning = True
            self._surface.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._grip = grip_at(self._scene.frame(), event.position(), self._places())
            self._range_before = self._scene.range
            self._held_range = self._scene.range or (0.0, 0.0)
            if self._grip == "scrub":
                self._scrub(event)
            elif self._grip == "window jump":
                self._centre_window(event.position())

    def move(self, event: QMouseEvent) -> None:
        """The pointer moves, with or without a button down."""
        self._point_at(event.position())
        if self._is_panning:
            self._navigation.pan(self._dragged_from.x() - event.position().x())
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

    def release(self, event: QMouseEvent) -> None:
        """A button is let go."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._is_panning = False
            self._surface.unsetCursor()
        elif event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            grip, self._grip = self._grip, None
            is_click = abs(event.position().x() - self._pressed_at.x()) < CLICK_PX
            if grip == "scrub":
                self._finish_scrub(event, is_click=is_click)
            elif grip.startswith("range"):
                self._finish_range(event, grip, is_click=is_click)

    def leave(self) -> None:
        """The pointer is no longer over the panel."""
        self._point_at(None)
        self.unhovered.emit()

    def turn(self, event: QWheelEvent) -> None:
        """The wheel is turned."""
        turned, modifiers = event.angleDelta(), event.modifiers()
        pixels = event.pixelDelta()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            x = self._clamped(event.position().x() - self._scene.frame().name_px)
            self._navigation.zoom(WHEEL_ZOOM ** (turned.y() / NOTCH), x)
        elif abs(turned.x()) > abs(turned.y()):
            self._navigation.pan(-float(pixels.x() or turned.x() / 2))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._navigation.pan(-float(pixels.y() or turned.y() / 2))
        else:
            self._turned += turned.y() / NOTCH
            steps = int(self._turned)
            self._turned -= steps
            self._scene.scroll_by(-steps)
        event.accept()

    def tip_at(self, point: QPointF) -> str:
        """Over a name: all of it, and the lane's total."""
        lane = lane_at(self._scene, point)
        if lane is None or point.x() >= self._scene.frame().name_px:
            return ""
        return f"{lane.name} · {count_text(lane.total)}"

    def _scrub(self, event: QMouseEvent) -> None:
        coordinate = self._coordinate(event)
        self._scene.move_cursor(coordinate)
        self.scrubbed.emit(coordinate)

    def _finish_scrub(self, event: QMouseEvent, *, is_click: bool) -> None:
        self.scrub_finished.emit()
        mark = mark_at(self._scene, event.position())
        marks = self._scene.picture.usable_marks(self._scene.axis_view)
        if is_click and mark is not None and marks is not None:
            self.mark_clicked.emit(int(marks.values[mark]))

    def _coordinate(self, event: QMouseEvent) -> float:
        """Under the pointer; a mark that is near draws it to itself, unless Shift is held."""
        is_free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        mark = None if is_free else mark_at(self._scene, event.position())
        marks = self._scene.picture.usable_marks(self._scene.axis_view)
        if mark is not None and marks is not None:
            return float(marks.coordinates[mark])
        return self._scene.at(self._clamped(event.position().x() - self._scene.frame().name_px))

    def _drag_range(self, point: QPointF) -> None:
        here = self._scene.at(self._clamped(point.x() - self._scene.frame().name_px))
        there = self._scene.at(self._clamped(self._pressed_at.x() - self._scene.frame().name_px))
        start, end = self._held_range
        if self._grip == "range":
            if abs(point.x() - self._pressed_at.x()) < CLICK_PX:
                return
            start, end = here, there
        elif self._grip == "range move":
            axis = self._scene.axis_view.axis
            by = min(max(here - there, axis.first - start), axis.last - end)
            start, end = start + by, end + by
        elif self._grip == "range start":
            start = here
        else:
            end = here
        self._scene.set_range((min(start, end), max(start, end)))

    def _finish_range(self, event: QMouseEvent, grip: Grip, *, is_click: bool) -> None:
        chosen = self._scene.range
        self._scene.set_range(self._range_before)  # the owner says when another one is in force
        if not is_click and chosen is not None:
            self.range_selected.emit(*chosen)
            return
        x = self._clamped(event.position().x() - self._scene.frame().name_px)
        gap = self._scene.axis_view.collapsed_at(x)
        if grip == "range move":
            return
        if gap is not None:
            self._scene.open_gap(gap)
        elif grip == "range":
            self._scrub(event)
            self.scrub_finished.emit()

    def _drag_window(self, point: QPointF) -> None:
        whole, left = self._scene.axis_view.whole, self._scene.frame().name_px
        view = self._scene.axis_view.view
        if self._grip in ("window move", "window jump"):
            by = whole.at(point.x() - left) - whole.at(self._dragged_from.x() - left)
            middle = self._scene.axis_view.map.at(view.width / 2) + by
            self._scene.axis_view.put(middle, view.width / 2)
        elif self._grip == "window start":
            self._scene.axis_view.show(min(whole.at(point.x() - left), view.end - 1), view.end)
        else:
            self._scene.axis_view.show(view.start, max(whole.at(point.x() - left), view.start + 1))
        self._scene.show_other_part()

    def _centre_window(self, point: QPointF) -> None:
        self._scene.axis_view.put(
            self._scene.axis_view.whole.at(point.x() - self._scene.frame().name_px),
            self._scene.axis_view.view.width / 2,
        )
        self._scene.show_other_part()

    def _hover(self, point: QPointF) -> None:
        grip = grip_at(self._scene.frame(), point, self._places())
        x = point.x() - self._scene.frame().name_px
        over_gap = grip == "range" and self._scene.axis_view.collapsed_at(x) is not None
        shape = Qt.CursorShape.PointingHandCursor if over_gap else SHAPES.get(grip)
        self._surface.setCursor(shape or Qt.CursorShape.ArrowCursor)
        if grip != "none" and not grip.startswith("window"):
            self.hovered.emit(point)
        else:
            self.unhovered.emit()

    def _point_at(self, point: QPointF | None) -> None:
        """Remember where the pointer is, to draw the moment it points at."""
        frame, before = self._scene.frame(), self._scene.pointer_x
        self._scene.pointer_x = None
        if point is not None and _is_over_plot(frame, point):
            self._scene.pointer_x = self._clamped(point.x() - frame.name_px)
        if before != self._scene.pointer_x:
            self._surface.update(0, 0, self._surface.width(), RULER_PX)
            for x in (before, self._scene.pointer_x):
                if x is not None:
                    self._scene.update_around(frame.name_px + x)

    def _places(self) -> Places:
        chosen = (
            None
            if self._scene.range is None
            else (self._scene.x_of(self._scene.range[0]), self._scene.x_of(self._scene.range[1]))
        )
        return Places(
            cursor=None if self._scene.cursor is None else self._scene.x_of(self._scene.cursor),
            anchor=None if self._scene.anchor is None else self._scene.x_of(self._scene.anchor),
            range=chosen,
            window=window_of(self._scene.axis_view),
        )

    def _clamped(self, x: float) -> float:
        return min(max(x, 0.0), self._scene.axis_view.view.width)


def _is_over_plot(frame: Frame, point: QPointF) -> bool:
    is_beside = not 0 <= point.x() - frame.name_px <= frame.plot.width()
    return not is_beside and (point.y() >= LANES_TOP or point.y() < RULER_PX)
