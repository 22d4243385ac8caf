"""Paints one line of the palette."""

from collections.abc import Iterator
from typing import Final, Protocol

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.look.theme import themes
from gui.widgets.elision import elided

GAP_PX: Final = 8
DETAIL_SHARE: Final = 0.45  # of the width, at most
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter


class Line(Protocol):
    """What a line says."""

    @property
    def text(self) -> str: ...
    @property
    def marks(self) -> tuple[int, ...]: ...
    @property
    def detail(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def refusal(self) -> str: ...


class PaletteDelegate(QStyledItemDelegate):
    """The key and the detail at the right, the text with its marks in what is left."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        line: Line = index.data(Qt.ItemDataRole.UserRole)
        theme = themes().current
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme["selection"])
        room = option.rect.adjusted(GAP_PX, 0, -GAP_PX, 0)
        room = _paint_key(painter, room, line.key)
        room = _paint_detail(painter, room, line)
        painter.setPen(theme["text_faint"] if line.refusal else theme["text"])
        _paint_text(painter, room, line)
        painter.restore()

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, themes().current.row_px)


def _paint_key(painter: QPainter, room: QRect, key: str) -> QRect:
    """The key in a frame; what is left of the room."""
    if not key:
        return room
    theme = themes().current
    font = theme.ui_font(px=theme.small_px)
    metrics = QFontMetrics(font)
    width = metrics.horizontalAdvance(key) + 12
    height = metrics.height() + 2
    frame = QRect(room.right() - width, room.center().y() - height // 2, width, height)
    painter.setFont(font)
    painter.setPen(theme["line_strong"])
    painter.drawRoundedRect(frame, theme.radius_px, theme.radius_px)
    painter.setPen(theme["text_dim"])
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, key)
    return room.adjusted(0, 0, -width - GAP_PX, 0)


def _paint_detail(painter: QPainter, room: QRect, line: Line) -> QRect:
    """Why not, or what it is; what is left of the room."""
    theme = themes().current
    text = line.refusal or line.detail
    font = theme.ui_font(px=theme.small_px)
    metrics = QFontMetrics(font)
    shown = elided(text, QFontMetricsF(font), room.width() * DETAIL_SHARE)
    width = metrics.horizontalAdvance(shown)
    painter.setFont(font)
    painter.setPen(theme["warn"] if line.refusal else theme["text_dim"])
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | _MIDDLE, shown)
    return room.adjusted(0, 0, -width - GAP_PX, 0)


def _paint_text(painter: QPainter, room: QRect, line: Line) -> None:
    """Piece by piece; the last one that fits is cut."""
    plain, bold = themes().current.ui_font(), themes().current.ui_font(weight=QFont.Weight.Bold)
    left = room.left()
    for text, is_marked in pieces(line.text, line.marks):
        font = bold if is_marked else plain
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(text)
        rest = room.right() - left
        if width > rest:
            text = elided(text, QFontMetricsF(font), rest)
        painter.setFont(font)
        painter.drawText(QRect(left, room.top(), max(rest, 0), room.height()), _MIDDLE, text)
        if width > rest:
            return
        left += width


def pieces(text: str, marks: tuple[int, ...]) -> Iterator[tuple[str, bool]]:
    """The text in runs of marked letters and of others."""
    flags, begin = [at in set(marks) for at in range(len(text))], 0
    for at in range(1, len(text) + 1):
        if at == len(text) or flags[at] != flags[begin]:
            yield text[begin:at], flags[begin]
            begin = at
