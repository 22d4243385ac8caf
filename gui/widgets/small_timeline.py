"""A log as a small picture: bars of how many events there were, in the colours of categories."""

from collections.abc import Sequence
from math import log1p
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import themes
from gui.words import said

HEIGHT_PX: Final = 34
LEAST_PX: Final = 2.0  # a bar is never lower
GAP_SHARE: Final = 0.3  # of a bar's place


class SmallTimeline(QWidget):
    """`bars[bucket][series]`: counts. Heights are logarithmic. A click goes to what is behind."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[tuple[int, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(said("Events over time"))
        themes().changed.connect(self._repaint)

    def bars(self) -> tuple[tuple[int, ...], ...]:
        """What is drawn."""
        return self._bars

    def show_bars(self, bars: Sequence[Sequence[int]]) -> None:
        """Draw these; none leaves a line."""
        self._bars = tuple(map(tuple, bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = themes().current
        base = self.height() - 1
        painter.fillRect(QRectF(0, base, self.width(), 1), theme["line"])
        most = max((sum(bar) for bar in self._bars), default=0)
        if not most:
            return
        colors = [theme.event_color(at) for at in range(len(self._bars[0]))]
        place = self.width() / len(self._bars)
        for at, bar in enumerate(self._bars):
            if total := sum(bar):
                height = max(LEAST_PX, (base - 1) * log1p(total) / log1p(most))
                _draw(painter, QRectF(at * place, base - height, place, height), bar, colors)

    @Slot()
    def _repaint(self) -> None:
        self.update()


def _draw(painter: QPainter, box: QRectF, bar: Sequence[int], colors: Sequence[QColor]) -> None:
    """One bar, its series one on the other by their share, the first at the bottom."""
    total, bottom = sum(bar), box.bottom()
    for count, color in zip(bar, colors, strict=True):
        part = box.height() * count / total
        painter.fillRect(
            QRectF(box.left(), bottom - part, box.width() * (1 - GAP_SHARE), part), color
        )
        bottom -= part
