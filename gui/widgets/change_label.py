"""A value, or old → new, on one line: the new value is whole as long as there is any room."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import themes
from gui.widgets.grid.laid_text import cut_text, glyphs_of, laid_text, width_of
from gui.widgets.tips import set_tip
from store.visible_text import visible

ARROW: Final = "→"
GAP_PX: Final = 6


class ChangeLabel(QWidget):
    """The old value is struck through, and cut before the new one is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._before = self._after = ""
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        themes().changed.connect(self.update)

    def show_change(self, before: str, after: str) -> None:
        """Show a change; without an old value the new one alone."""
        self._before, self._after = visible(before), visible(after)
        self.setAccessibleDescription(self.text())
        set_tip(self, self.text())
        self.update()

    def text(self) -> str:
        """What it says, uncut."""
        return f"{self._before} {ARROW} {self._after}" if self._before else self._after

    def sizeHint(self) -> QSize:
        return QSize(120, themes().current.row_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = themes().current
        glyphs, painter = glyphs_of(theme.mono_font()), QPainter(self)
        painter.setFont(glyphs.font)
        left, top = 0.0, round((self.height() - glyphs.height) / 2)
        after = cut_text(self._after, float(self.width()), glyphs)
        if self._before:
            taken = width_of(after, glyphs) + width_of(ARROW, glyphs) + 2 * GAP_PX
            before = cut_text(self._before, max(self.width() - taken, 0.0), glyphs)
            if before:
                painter.setPen(theme["removed"])
                painter.drawStaticText(QPointF(left, top), laid_text(before, glyphs))
                wide, middle = width_of(before, glyphs), self.height() // 2 + 0.5
                painter.drawLine(QPointF(left, middle), QPointF(left + wide, middle))
                left += wide + GAP_PX
                painter.setPen(theme["text_dim"])
                painter.drawStaticText(QPointF(left, top), laid_text(ARROW, glyphs))
                left += width_of(ARROW, glyphs) + GAP_PX
        painter.setPen(theme["added"] if self._before else theme["text"])
        painter.setClipRect(QRectF(self.rect()))
        painter.drawStaticText(QPointF(left, top), laid_text(after, glyphs))
