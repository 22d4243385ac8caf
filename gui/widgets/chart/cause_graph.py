"""Messages as boxes in rows, causes above effects, with arrows between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.look.theme import themes
from gui.widgets.elision import elided
from gui.widgets.own_keys import takes_key
from gui.words import said
from store.visible_text import visible

BOX_PX: Final = 36  # height: two lines
WIDTH_PX: Final = 176
GAP_PX: Final = 14  # between boxes of a row
ROW_PX: Final = 58  # from row to row
MARGIN_PX: Final = 10
ARROW_PX: Final = 4
STEPS: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A message. A soft one has round ends and a dashed line."""

    id: str
    title: str
    subtitle: str
    is_soft: bool = False


class CauseGraph(QWidget):
    """`box_chosen(id)` on a click, and on Enter at the box that the arrow keys have come to."""

    box_chosen = Signal(str)
    box_reached = Signal(QRectF)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._boxes: dict[str, Box] = {}
        self._links: tuple[tuple[str, str], ...] = ()
        self._places: dict[str, tuple[int, int]] = {}
        self._here = ""
        self._reached = ""
        themes().changed.connect(self._restyle)

    @property
    def here(self) -> str:
        """The id of the box that is filled; empty without one."""
        return self._here

    @property
    def reached(self) -> str:
        """The id of the box that the arrow keys have come to; empty without one."""
        return self._reached if self._reached in self._boxes else ""

    def box_at(self, point: QPointF) -> str:
        """The id of the box at a point; empty beside them."""
        return self._at(point)

    def show_boxes(
        self,
        boxes: Sequence[Box],
        links: Sequence[tuple[str, str]],
        places: Mapping[str, tuple[int, int]],
        *,
        here: str,
    ) -> None:
        """`places` holds the row and column of each box; `here` is the one that is filled."""
        self._boxes = {it.id: it for it in boxes}
        self._links, self._places = tuple(links), dict(places)
        self._here = self._reached = here
        told = [
            said("{a} leads to {b}", a=self._title(a), b=self._title(b)) for a, b in self._links
        ]
        self.setAccessibleDescription("; ".join(told))
        self.updateGeometry()
        self.update()
        if here in self._boxes:
            self.box_reached.emit(self.rect_of(here))

    def rect_of(self, box_id: str) -> QRectF:
        """Where a box is drawn."""
        row, column = self._places[box_id]
        left = MARGIN_PX + column * (WIDTH_PX + GAP_PX)
        return QRectF(left, MARGIN_PX + row * ROW_PX, WIDTH_PX, BOX_PX)

    def sizeHint(self) -> QSize:
        rows = max((row for row, _ in self._places.values()), default=-1) + 1
        columns = max((column for _, column in self._places.values()), default=-1) + 1
        width = columns * (WIDTH_PX + GAP_PX) + 2 * MARGIN_PX
        return QSize(width, max(rows * ROW_PX, 0) + 2 * MARGIN_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, (*STEPS, *ENTER)):
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            box = self._boxes.get(self._at(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), f"{box.title}\n{box.subtitle}" if box else "")
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and (box_id := self._at(event.position())):
            self._reached = box_id
            self.box_chosen.emit(box_id)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ENTER and self._reached in self._boxes:
            self.box_chosen.emit(self._reached)
        elif key in STEPS:
            self._step(*STEPS[key])
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
        for cause, effect in self._links:
            if cause in self._places and effect in self._places:
                self._paint_link(painter, self.rect_of(cause), self.rect_of(effect))
        for box in self._boxes.values():
            self._paint_box(painter, box)
        painter.end()

    def _paint_link(self, painter: QPainter, above: QRectF, below: QRectF) -> None:
        theme = themes().current
        painter.setPen(QPen(theme["text_faint"], 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        start = QPointF(above.center().x(), above.bottom())
        end = QPointF(below.center().x(), below.top())
        bend = (end.y() - start.y()) / 2
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(0, bend), end - QPointF(0, bend), end)
        painter.drawPath(path)
        for side in (-ARROW_PX, ARROW_PX):
            painter.drawLine(end, end + QPointF(side, -ARROW_PX - 1))

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        theme, rect = themes().current, self.rect_of(box.id)
        is_here = box.id == self._here
        has_focus = box.id == self._reached and self.hasFocus()
        edge = theme["accent" if is_here or has_focus else "line_strong"]
        pen = QPen(edge, 2 if has_focus else 1)
        if box.is_soft:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme["selection" if is_here else "panel"])
        radius = BOX_PX / 2 if box.is_soft else 5
        painter.drawRoundedRect(rect, radius, radius)
        inner = rect.adjusted(10, 3, -10, -3)
        half = inner.height() / 2
        lines = (
            (box.title, "text", theme.ui_font(), 0.0),
            (box.subtitle, "text_dim", theme.ui_font(px=theme.small_px), half),
        )
        for text, color, font, down in lines:
            painter.setFont(font)
            painter.setPen(theme[color])
            middle = Qt.TextElideMode.ElideMiddle
            words = elided(visible(text), QFontMetricsF(font), inner.width(), middle)
            room = QRectF(inner.left(), inner.top() + down, inner.width(), half)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _step(self, down: int, right: int) -> None:
        """To the nearest box in a direction."""
        if self._reached not in self._places:
            return
        row, column = self._places[self._reached]
        away = {it: (y - row, x - column) for it, (y, x) in self._places.items()}
        ahead = {
            it: (abs(y), abs(x))
            for it, (y, x) in away.items()
            if y * down + x * right > 0 and (down or y == 0)
        }
        if ahead:
            self._reached = min(ahead, key=ahead.__getitem__)
            self.box_reached.emit(self.rect_of(self._reached))
            self.update()

    def _at(self, point: QPointF) -> str:
        return next((it for it in self._boxes if self.rect_of(it).contains(point)), "")

    def _title(self, box_id: str) -> str:
        box = self._boxes.get(box_id)
        return box.title if box else box_id

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
