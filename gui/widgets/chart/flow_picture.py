"""Boxes in columns with arrows between them that carry figures: what flows from where to where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.look.theme import themes
from gui.widgets.elision import elided
from gui.widgets.own_keys import takes_key
from gui.words import said
from store.visible_text import visible

Tone = Literal["", "ok", "warn", "error", "accent"]

COLUMNS: Final = 4
BOX_PX: Final = 58  # height: three lines
ROW_PX: Final = 84  # from row to row
NARROWEST_PX: Final = 108  # of a box
WIDEST_PX: Final = 210
GAP_PX: Final = 78  # between two columns, at least: a figure stands there
MARGIN_PX: Final = 10
LABEL_PX: Final = 34  # height: two lines, and enough for a finger
ARROW_PX: Final = 5
BACK: Final = (Qt.Key.Key_Left, Qt.Key.Key_Up)
ON: Final = (Qt.Key.Key_Right, Qt.Key.Key_Down)
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowBox:
    """A dashed one stands for something that is not there."""

    id: str
    column: int
    row: int
    caption: str
    title: str
    note: str = ""
    tone: Tone = ""
    tip: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowArrow:
    """From one box to another; a dashed one carries nothing now."""

    id: str
    here: str
    there: str
    label: str = ""  # above the line
    note: str = ""  # below it
    tone: Tone = ""
    tip: str = ""
    is_dashed: bool = False


class FlowPicture(QWidget):
    """`chosen(id)` when a person comes to a box or an arrow, by mouse or arrow keys; `opened(id)`
    on a click on the figures of an arrow, and on Enter."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._boxes: dict[str, FlowBox] = {}
        self._arrows: dict[str, FlowArrow] = {}
        self._here = ""
        themes().changed.connect(self._restyle)

    @property
    def here(self) -> str:
        """The id of the box or arrow that is chosen; empty without one."""
        return self._here

    @property
    def ids(self) -> Sequence[str]:
        """Of boxes and arrows, in the order of the arrow keys: each box, then what leaves it."""
        leaving: Mapping[str, list[str]] = {it: [] for it in self._boxes}
        for it in self._arrows.values():
            leaving[it.here].append(it.id)
        order = sorted(self._boxes.values(), key=lambda it: (it.row, it.column))
        return [each for it in order for each in (it.id, *leaving[it.id])]

    def show_flow(self, boxes: Sequence[FlowBox], arrows: Sequence[FlowArrow]) -> None:
        """Show these; what was chosen stays so while it is there."""
        self._boxes = {it.id: it for it in boxes}
        self._arrows = {it.id: it for it in arrows}
        if self._here not in self._boxes and self._here not in self._arrows:
            self._here = ""
        told = [self.told(it) for it in self.ids]
        self.setAccessibleDescription("; ".join(told))
        self.updateGeometry()
        self.update()

    def choose(self, item: str) -> None:
        """Mark a box or an arrow, without a signal."""
        if item != self._here:
            self._here = item
            self.update()

    def told(self, item: str) -> str:
        """A box or an arrow in words."""
        if (box := self._boxes.get(item)) is not None:
            return ", ".join(it for it in (box.caption, box.title, box.note) if it)
        arrow = self._arrows[item]
        ends = said("{a} to {b}", a=self._boxes[arrow.here].title, b=self._boxes[arrow.there].title)
        return ", ".join(it for it in (ends, arrow.label, arrow.note) if it)

    def rect_of(self, item: str) -> QRectF:
        """Where a box is drawn, or the figures of an arrow."""
        if (box := self._boxes.get(item)) is not None:
            return self._box(box)
        return self._label(self._arrows[item])

    def sizeHint(self) -> QSize:
        width = COLUMNS * NARROWEST_PX + (COLUMNS - 1) * GAP_PX + 2 * MARGIN_PX
        return QSize(width, self._height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        keys = (*BACK, *ON, *ENTER)
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, keys):
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(self._at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_link = self._at(event.position()) in self._arrows
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and item:
            self._come_to(item)
            if item in self._arrows:
                self.opened.emit(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, ids = Qt.Key(event.key()), self.ids
        if key in ENTER and self._here:
            self.opened.emit(self._here)
        elif key in (*BACK, *ON) and ids:
            step = 1 if key in ON else -1
            at = ids.index(self._here) + step if self._here else 0
            self._come_to(ids[min(max(at, 0), len(ids) - 1)])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for arrow in self._arrows.values():
            self._paint_line(painter, arrow)
        for arrow in self._arrows.values():
            self._paint_label(painter, arrow)
        for box in self._boxes.values():
            self._paint_box(painter, box)
        painter.end()

    def _come_to(self, item: str) -> None:
        self.choose(item)
        self.chosen.emit(item)

    def _at(self, point: QPointF) -> str:
        return next((it for it in self.ids if self.rect_of(it).contains(point)), "")

    def _tip(self, item: str) -> str:
        found = self._boxes.get(item) or self._arrows.get(item)
        return "" if found is None else found.tip

    def _height(self) -> int:
        rows = max((it.row for it in self._boxes.values()), default=0)
        return rows * ROW_PX + BOX_PX + 2 * MARGIN_PX

    def _wide(self) -> tuple[float, float]:
        """Of a box, and of the room between two columns."""
        room = max(self.width(), self.sizeHint().width()) - 2 * MARGIN_PX
        box = min(max((room - 3 * (GAP_PX + 4)) / COLUMNS, NARROWEST_PX), WIDEST_PX)
        return box, min((room - COLUMNS * box) / (COLUMNS - 1), 2.0 * GAP_PX)

    def _box(self, box: FlowBox) -> QRectF:
        width, gap = self._wide()
        left = MARGIN_PX + box.column * (width + gap)
        return QRectF(left, MARGIN_PX + box.row * ROW_PX, width, BOX_PX)

    def _points(self, arrow: FlowArrow) -> list[QPointF]:
        """The corners of its line; it is level, upright, or bent between two columns or rows. One
        that leads up to a further column comes from below."""
        here, there = (self._box(self._boxes[it]) for it in (arrow.here, arrow.there))
        if there.left() > here.right() and there.bottom() < here.top():
            start, under = QPointF(here.right(), here.center().y()), there.center().x()
            return [start, QPointF(under, start.y()), QPointF(under, there.bottom())]
        if there.left() > here.right():
            start = QPointF(here.right(), here.center().y())
            end = QPointF(there.left(), there.center().y())
            bend = there.left() - self._wide()[1] + 12
            corners = [QPointF(bend, start.y()), QPointF(bend, end.y())]
            return [start, end] if start.y() == end.y() else [start, *corners, end]
        start = QPointF(here.center().x(), here.bottom())
        end = QPointF(there.center().x(), there.top())
        bend = start.y() + 10
        corners = [QPointF(start.x(), bend), QPointF(end.x(), bend)]
        return [start, end] if start.x() == end.x() else [start, *corners, end]

    def _label(self, arrow: FlowArrow) -> QRectF:
        """Over the last level stretch of the line, or beside an upright one."""
        points, gap = self._points(arrow), self._wide()[1]
        here, end = points[-2], points[-1]
        if end.y() < here.y():
            top_left = points[0] - QPointF(0, LABEL_PX / 2)
            return QRectF(top_left, here + QPointF(0, LABEL_PX / 2))
        if here.y() == end.y():
            left = max(here.x(), end.x() - gap) if len(points) == 2 else here.x()
            middle = (left + end.x()) / 2 if len(points) > 2 else (points[0].x() + end.x()) / 2
            width = (end.x() - left) - ARROW_PX
            return QRectF(middle - width / 2, end.y() - LABEL_PX / 2, width, LABEL_PX)
        return QRectF(end.x() + 6, end.y() - 29, self._wide()[0] / 2 + gap - 12, 28)

    def _paint_line(self, painter: QPainter, arrow: FlowArrow) -> None:
        theme, points = themes().current, self._points(arrow)
        color = theme[_color(arrow.tone, "text_faint")]
        pen = QPen(color, 2 if arrow.id == self._here else 1.2)
        if arrow.is_dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(points[0])
        for it in points[1:]:
            path.lineTo(it)
        painter.drawPath(path)
        tip, along = points[-1], points[-1] - points[-2]
        length = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1.0)
        along = along / length
        across = QPointF(-along.y(), along.x()) * ARROW_PX * 0.7
        back = tip - along * ARROW_PX * 1.6
        painter.setPen(QPen(color, 1))
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([tip, back + across, back - across]))

    def _paint_label(self, painter: QPainter, arrow: FlowArrow) -> None:
        if not arrow.label:
            return
        theme, room = themes().current, self._label(arrow)
        is_level = self._points(arrow)[-2].y() >= self._points(arrow)[-1].y()
        font = theme.ui_font(px=theme.small_px)
        painter.setFont(font)
        font_facts, half = QFontMetricsF(font), room.height() / 2
        side = Qt.AlignmentFlag.AlignHCenter if is_level else Qt.AlignmentFlag.AlignLeft
        for text, color, down in (
            (arrow.label, _color(arrow.tone, "text"), -1.0),
            (arrow.note, "text_dim", 1.0),
        ):
            words = elided(visible(text), font_facts, room.width())
            top = room.top() + (half if down > 0 else 0) + (down if is_level else 0)
            line = QRectF(room.left(), top, room.width(), half)
            painter.setPen(theme[color])
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | side, words)
        if arrow.id == self._here and self.hasFocus():
            painter.setPen(QPen(theme["accent"], 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room.adjusted(1, 0, -1, 0), 4, 4)

    def _paint_box(self, painter: QPainter, box: FlowBox) -> None:
        theme, rect = themes().current, self._box(box)
        is_here = box.id == self._here
        edge = _color(box.tone, "line_strong") if not is_here else "accent"
        pen = QPen(theme[edge], 2 if is_here and self.hasFocus() else 1)
        if box.is_dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme["selection" if is_here else "canvas"])
        painter.drawRoundedRect(rect, 5, 5)
        inner = rect.adjusted(9, 5, -9, -5)
        third = inner.height() / 3
        small, middle = theme.ui_font(px=theme.small_px), Qt.TextElideMode.ElideMiddle
        lines = (
            (box.caption, "text_faint", small, Qt.TextElideMode.ElideRight),
            (box.title, "text_dim" if box.is_dashed else "text", theme.ui_font(), middle),
            (box.note, _color(box.tone, "text_dim"), small, Qt.TextElideMode.ElideRight),
        )
        for at, (text, color, font, mode) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(theme[color])
            words = elided(visible(text), QFontMetricsF(font), inner.width(), mode)
            room = QRectF(inner.left(), inner.top() + at * third, inner.width(), third)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


def _color(tone: Tone, usual: str) -> str:
    return tone or usual
