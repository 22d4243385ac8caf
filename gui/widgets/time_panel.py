"""The time panel: lanes of density and marks, the playhead, and what hands do to them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import themes
from gui.widgets import time_parts as parts
from gui.widgets.time_axis import SMALLEST_SPAN, AxisKind, Viewport
from gui.widgets.time_lanes import Lane, Marks
from gui.widgets.time_picture import Density, LanesPicture, Rows

CATCH_PX: Final = 6  # a mark draws the playhead to itself from this far
WHEEL_ZOOM: Final = 1.2


class TimePanel(QWidget):
    """Draws what it is given and tells what hands do; it knows no log.

    Signals: `scrubbed(coordinate)` on every move of a drag, `scrub_finished()`,
    `range_selected(start, end)` from a drag in the ruler, `near_wanted(start, end)` when
    marks could be drawn, `viewport_changed()`.
    """

    scrubbed = Signal(float)
    scrub_finished = Signal()
    range_selected = Signal(float, float)
    near_wanted = Signal(float, float)
    viewport_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Time panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._lanes: list[Lane] = []
        self._first_lane = 0
        self._extent = (0.0, 1.0)
        self._kind: AxisKind = "time"
        self._view = Viewport(start=0.0, end=1.0, width=1.0)
        self._picture = LanesPicture()
        self._cursor: float | None = None
        self._anchor: float | None = None
        self._range: tuple[float, float] | None = None
        self._drag: str = ""
        self._drag_from = QPointF()
        self._empty_text = ""
        self._asking = QTimer(self, singleShot=True, interval=40)
        self._asking.timeout.connect(self._ask_for_marks)
        themes().changed.connect(self._repaint_all)

    # What the owner says.

    def set_lanes(self, lanes: Sequence[Lane]) -> None:
        """The rows, top to bottom; `set_density` gives counts in this order."""
        self._lanes = self._picture.lanes = list(lanes)
        self._first_lane = min(self._first_lane, max(len(lanes) - 1, 0))
        self._repaint_all()

    def set_axis(self, kind: AxisKind, start: float, end: float, *, keep_view: bool) -> None:
        """What coordinates mean and where they begin and end."""
        was_framed = self._is_framed()
        self._kind, self._extent = kind, (start, end)
        if keep_view and not was_framed:
            self._show(self._view)
        else:
            self.frame_all()

    def set_density(self, density: Density | None) -> None:
        """`density(start, end, buckets)` gives counts[lane, bucket]; asked while painting, so
        it must be a look-up in memory."""
        self._picture.density = density
        self._repaint_all()

    def set_marks(self, marks: Marks | None) -> None:
        """What is near enough to be drawn one by one; the answer to `near_wanted`."""
        self._picture.marks = marks
        self.update()

    def set_cursor(self, coordinate: float | None) -> None:
        """Move the playhead, unless a hand is holding it."""
        if self._drag != "scrub" and coordinate != self._cursor:
            self._cursor = coordinate
            self._tell_cursor()
            self.update()

    def set_anchor(self, coordinate: float | None) -> None:
        """Move the second cursor, A."""
        if coordinate != self._anchor:
            self._anchor = coordinate
            self.update()

    def set_empty_text(self, text: str) -> None:
        """Why there is nothing to see."""
        self._empty_text = text
        self.update()

    def viewport(self) -> Viewport:
        """What is in sight."""
        return self._view

    def cursor_coordinate(self) -> float | None:
        """Where the playhead is drawn."""
        return self._cursor

    @property
    def is_scrubbing(self) -> bool:
        """Whether a hand is holding the playhead."""
        return self._drag == "scrub"

    # What keys and menus do.

    def show_range(self, start: float, end: float) -> None:
        """Bring a range into sight."""
        self._show(Viewport(start=start, end=end, width=self._view.width))

    @Slot()
    def frame_all(self) -> None:
        """Show everything there is."""
        first, last = self._extent
        margin = max((last - first) * 0.01, 0.5)
        self.show_range(first - margin, last + margin)

    @Slot()
    def zoom_in(self) -> None:
        """Closer, around the playhead."""
        self._zoom(WHEEL_ZOOM * WHEEL_ZOOM, self._middle())

    @Slot()
    def zoom_out(self) -> None:
        """Wider, around the playhead."""
        self._zoom(1 / (WHEEL_ZOOM * WHEEL_ZOOM), self._middle())

    @Slot()
    def pan_left(self) -> None:
        """Towards earlier."""
        self._show(self._view.panned(-self._view.width / 6))

    @Slot()
    def pan_right(self) -> None:
        """Towards later."""
        self._show(self._view.panned(self._view.width / 6))

    def reveal_cursor(self) -> None:
        """Pan so that the playhead is in sight."""
        if self._cursor is None or self.is_scrubbing:
            return
        x = self._view.x_of(self._cursor)
        if not 0 <= x <= self._view.width:
            self._show(self._view.panned(x - self._view.width / 2))

    # Drawing.

    def sizeHint(self) -> QSize:
        return QSize(800, parts.LANES_TOP + themes().current.row_px * min(len(self._lanes), 8) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, parts.LANES_TOP + 3 * themes().current.row_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, frame = themes().current, self._frame()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme["canvas"])
        parts.draw_ruler(painter, frame, self._view, self._kind, theme)
        parts.draw_overview(painter, frame, self._view, self._whole(), theme)
        parts.draw_names(painter, frame, self._shown(), lane_px=self._lane_px(), theme=theme)
        if not self._lanes:
            painter.setPen(theme["text_dim"])
            painter.drawText(frame.plot, Qt.AlignmentFlag.AlignCenter, self._empty_text)
            return
        painter.setClipRect(frame.plot.adjusted(0, -parts.LANES_TOP, parts.RIGHT_PX, 0))
        self._draw_shades(painter, frame)
        split = None if self._cursor is None else self._x(self._cursor)
        self._picture.draw(painter, frame.plot, self._view, self._rows(), split=split)
        if self._anchor is not None:
            parts.draw_anchor(painter, frame, self._x(self._anchor), theme)
        if self._cursor is not None:
            parts.draw_cursor(painter, frame, self._x(self._cursor), theme)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme["accent"])
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -1, -1))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        width = self._frame().plot.width()
        self._view = Viewport(start=self._view.start, end=self._view.end, width=width)
        self._repaint_all()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._repaint_all()
        super().changeEvent(event)

    # Hands.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        frame, at = self._frame(), event.position()
        self._drag_from = at
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton:
            self._drag = "pan"
        elif is_left and frame.overview.contains(at):
            self._drag = "overview"
            self._centre_on(at)
        elif is_left and frame.ruler.contains(at) and not self._is_on_handle(at):
            self._drag = "range"
        elif is_left and at.x() >= parts.NAME_PX:
            self._drag = "scrub"
            self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag == "scrub":
            self._scrub(event)
        elif self._drag == "pan":
            self._show(self._view.panned(self._drag_from.x() - event.position().x()))
            self._drag_from = event.position()
        elif self._drag == "overview":
            self._centre_on(event.position())
        elif self._drag == "range":
            ends = sorted((self._at(self._drag_from), self._at(event.position())))
            self._range = (ends[0], ends[1])
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, ""
        if drag == "scrub":
            self.scrub_finished.emit()
        elif drag == "range":
            is_click = abs(event.position().x() - self._drag_from.x()) < 3
            if is_click or self._range is None:
                self._range = None
            else:
                self.range_selected.emit(*self._range)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().y() < parts.LANES_TOP:
            self.frame_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        modifiers = event.modifiers()
        steps = turned.y() / 120
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._zoom(WHEEL_ZOOM**steps, self._at(event.position()))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or turned.x():
            self._show(self._view.panned(-(turned.x() or turned.y()) / 2))
        else:
            last = max(len(self._lanes) - self._lanes_in_sight(), 0)
            self._first_lane = min(max(self._first_lane - round(steps), 0), last)
            self._repaint_all()
        event.accept()

    def _scrub(self, event: QMouseEvent) -> None:
        coordinate = self._at(event.position())
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            coordinate = self._caught(coordinate)
        self._cursor = coordinate
        self._tell_cursor()
        self.update()
        self.scrubbed.emit(coordinate)

    def _caught(self, coordinate: float) -> float:
        """The coordinate of the nearest mark, when one is near enough."""
        marks = self._picture.usable_marks(self._view)
        if marks is None or not len(marks.coordinates):
            return coordinate
        at = int(np.searchsorted(marks.coordinates, coordinate))
        near = marks.coordinates[max(at - 1, 0) : at + 1]
        nearest = float(near[np.argmin(np.abs(near - coordinate))])
        is_near = abs(self._view.x_of(nearest) - self._view.x_of(coordinate)) <= CATCH_PX
        return nearest if is_near else coordinate

    def _centre_on(self, at: QPointF) -> None:
        middle = self._whole().at(at.x() - parts.NAME_PX)
        half = (self._view.end - self._view.start) / 2
        self.show_range(middle - half, middle + half)

    def _zoom(self, factor: float, around: float) -> None:
        smallest = SMALLEST_SPAN[self._kind]
        self._show(self._view.zoomed(factor, around=around, smallest=smallest))

    def _show(self, view: Viewport) -> None:
        self._view = view.within(*self._extent)
        self._repaint_all()
        self.viewport_changed.emit()

    # Painting of the lanes.

    def _draw_shades(self, painter: QPainter, frame: parts.Frame) -> None:
        """The selected range, else the span between A and the playhead."""
        ends = self._range
        if ends is None and self._anchor is not None and self._cursor is not None:
            ends = (min(self._anchor, self._cursor), max(self._anchor, self._cursor))
        if ends is not None:
            color = QColor(themes().current["accent"])
            color.setAlpha(26)
            left, right = self._x(ends[0]), self._x(ends[1])
            top = parts.RULER_PX
            painter.fillRect(QRectF(left, top, right - left, frame.height - top), color)

    @Slot()
    def _ask_for_marks(self) -> None:
        if self._picture.wants_marks(self._view):
            span = self._view.end - self._view.start
            self.near_wanted.emit(self._view.start - span / 2, self._view.end + span / 2)

    @Slot()
    def _repaint_all(self) -> None:
        self._picture.forget()
        self._asking.start()
        self.update()

    # Places.

    def _frame(self) -> parts.Frame:
        return parts.Frame(self.width(), self.height())

    def _whole(self) -> Viewport:
        first, last = self._extent
        return Viewport(start=first, end=max(last, first + 1e-9), width=self._view.width)

    def _is_framed(self) -> bool:
        return self._view.start <= self._extent[0] and self._view.end >= self._extent[1]

    def _rows(self) -> Rows:
        return Rows(
            first=self._first_lane,
            count=self._lanes_in_sight(),
            lane_px=self._lane_px(),
            ratio=self.devicePixelRatioF(),
        )

    def _shown(self) -> list[Lane]:
        return self._lanes[self._first_lane : self._first_lane + self._lanes_in_sight()]

    def _lanes_in_sight(self) -> int:
        return max(int((self.height() - parts.LANES_TOP) // self._lane_px()), 1)

    def _lane_px(self) -> int:
        return themes().current.row_px

    def _x(self, coordinate: float) -> float:
        return parts.NAME_PX + self._view.x_of(coordinate)

    def _at(self, at: QPointF) -> float:
        x = min(max(at.x() - parts.NAME_PX, 0.0), self._view.width)
        return self._view.at(x)

    def _middle(self) -> float:
        cursor, view = self._cursor, self._view
        in_sight = cursor is not None and view.start <= cursor <= view.end
        return cursor if in_sight and cursor is not None else (view.start + view.end) / 2

    def _is_on_handle(self, at: QPointF) -> bool:
        return self._cursor is not None and abs(self._x(self._cursor) - at.x()) <= 9

    def _tell_cursor(self) -> None:
        text = "" if self._cursor is None else f"Cursor at {self._cursor:,.0f}"
        self.setAccessibleDescription(text)
