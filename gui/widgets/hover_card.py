"""A card beside what the mouse points at: it covers neither that nor takes the mouse or keys."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.words import said
from store.visible_text import visible_lines

AWAY_PX: Final = 14  # from what is pointed at
WIDEST_PX: Final = 460
EDGE_PX: Final = 4  # from the edge of the window


class HoverCard(QWidget):
    """Stands over the window of its owner. The first line is the title; long lines are wrapped.
    GUI thread."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner.window())
        self._owner = owner
        self.setAccessibleName(said("Details under the pointer"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title, self._lines = QLabel(), QLabel()
        rows = self._rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 7, 10, 8)
        rows.setSpacing(3)
        for label in (self._title, self._lines):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            rows.addWidget(label)
        self.hide()
        themes().changed.connect(self._restyle)
        owner.destroyed.connect(self.deleteLater)
        self._restyle()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else f"{self._title.text()}\n{self._lines.text()}".strip()

    def show_lines(self, lines: Sequence[str], beside: QRect) -> None:
        """Show these lines beside a box of the owner, and not over it."""
        if not lines:
            self.hide()
            return
        window = self._owner.window()
        if self.parentWidget() is not window:  # its panel floats, or does no longer
            self.setParent(window)
        self._title.setText(visible_lines(lines[0]))
        self._lines.setText(visible_lines("\n".join(lines[1:])))
        self._lines.setVisible(len(lines) > 1)
        self.resize(self._wanted())
        box = QRect(self._owner.mapTo(window, beside.topLeft()), beside.size())
        self.move(place_beside(box, self.size(), window.rect()))
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = themes().current, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme["line_strong"], 1))
        painter.setBrush(theme["canvas"])
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()

    def _wanted(self) -> QSize:
        """As wide as its longest line, up to a limit; as high as it is then."""
        margins = self._rows.contentsMargins()
        room = margins.left() + margins.right() + 4
        widths = [
            label.fontMetrics().horizontalAdvance(line) + room
            for label in (self._title, self._lines)
            for line in label.text().splitlines()
        ]
        width = min(max(widths, default=80), WIDEST_PX, self._owner.window().width() - 2 * EDGE_PX)
        return QSize(width, self._rows.heightForWidth(width))

    @Slot()
    def _restyle(self) -> None:
        theme = themes().current
        self._title.setFont(theme.ui_font(weight=QFont.Weight.DemiBold))
        self._lines.setFont(theme.ui_font())
        self.update()


def place_beside(box: QRect, size: QSize, room: QRect) -> QPoint:
    """Where a card of this size stands beside a box, within the room: below it, else above it,
    else at the side where there is more room; never over it while there is room elsewhere."""
    x = min(max(box.center().x() + AWAY_PX, room.left() + EDGE_PX), room.right() - size.width())
    below, above = box.bottom() + AWAY_PX, box.top() - AWAY_PX - size.height()
    if below + size.height() <= room.bottom():
        return QPoint(max(x, room.left() + EDGE_PX), below)
    if above >= room.top():
        return QPoint(max(x, room.left() + EDGE_PX), above)
    y = min(max(box.center().y(), room.top()), room.bottom() - size.height())
    right = box.right() + AWAY_PX
    if right + size.width() <= room.right():
        return QPoint(right, y)
    return QPoint(max(box.left() - AWAY_PX - size.width(), room.left()), y)
