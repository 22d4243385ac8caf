"""A small rounded badge: a state with a dot, or a count."""

from typing import Final, Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import themes
from store.visible_text import visible

Tone = Literal["neutral", "ok", "warn", "error", "accent", "branch"]

SIDE_PX: Final = 9
DOT_PX: Final = 7
GAP_PX: Final = 5
_LINES: Final = {"neutral": "line_strong"}
_WORDS: Final = {"neutral": "text_dim"}


class Pill(QWidget):
    """Shows one short text; the tone's meaning must be in the text too."""

    def __init__(
        self, name: str, *, text: str = "", tone: Tone = "neutral", has_dot: bool = False
    ) -> None:
        super().__init__()
        self._name, self._text, self._tone, self._has_dot = name, "", tone, has_dot
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        themes().changed.connect(self._restyle)

    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something; "" hides the pill."""
        self._text = text = visible(text)
        self.setAccessibleName(f"{self._name}: {text}" if text else self._name)
        self._show_if_speaking()
        self._restyle()

    def set_tone(self, tone: Tone) -> None:
        """Colour it by what it means."""
        self._tone = tone
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange:
            self._show_if_speaking()
        return super().event(event)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(_font())
        dot = DOT_PX + GAP_PX if self._has_dot else 0
        width = metrics.horizontalAdvance(self._text) + dot + 2 * SIDE_PX
        return QSize(width, metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = themes().current
        words = theme[_WORDS.get(self._tone, self._tone)]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme[_LINES.get(self._tone, self._tone)], 1))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        left = float(SIDE_PX)
        if self._has_dot:
            painter.setBrush(words)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QRectF(left, box.center().y() - DOT_PX / 2, DOT_PX, DOT_PX))
            left += DOT_PX + GAP_PX
        painter.setPen(words)
        painter.setFont(_font())
        room = QRectF(left, 0, self.width() - left - SIDE_PX + 1, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._text)

    def _show_if_speaking(self) -> None:
        if self.parent() is not None:  # without one, showing would open a window
            self.setVisible(bool(self._text))

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


def _font() -> QFont:
    theme = themes().current
    return theme.ui_font(px=theme.small_px, weight=QFont.Weight.Medium)
