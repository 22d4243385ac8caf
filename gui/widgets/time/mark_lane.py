"""One lane over the whole log: a tick at each position, and where the cursor is."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import themes
from gui.widgets.own_keys import takes_key
from gui.words import counted, said

HEIGHT_PX: Final = 72
EDGE_PX: Final = 8
TICK_PX: Final = 2
NEAR_PX: Final = 6

_OWN_KEYS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right)


class MarkLane(QWidget):
    """`mark_chosen(position)` when a person clicks near a tick, or steps with ← and →.

    Ticks that share a pixel are drawn once, so it costs by its width.
    """

    mark_chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._marks: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._end = 1
        self._cursor = 0
        themes().changed.connect(self.update)

    def show_marks(self, positions: Sequence[int], *, end: int) -> None:
        """Show these, in any order, in a log that ends at `end`."""
        self._marks = np.unique(np.asarray(positions, np.int64))
        self._end = max(end, 1)
        self.setAccessibleDescription(
            said(
                "{count} up to {end:,}",
                count=counted("{count:,} mark", "{count:,} marks", len(self._marks)),
                end=end,
            )
        )
        self.update()

    def show_cursor(self, position: int) -> None:
        """Where the cursor is."""
        self._cursor = position
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT_PX)

    def x_of(self, position: int) -> float:
        """The pixel of a position."""
        return EDGE_PX + (self.width() - 2 * EDGE_PX) * position / self._end

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, _OWN_KEYS):
            return True  # these keys move in here, whatever they do in the window
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = None
        if event.key() == Qt.Key.Key_Right:
            at = int(np.searchsorted(self._marks, self._cursor, side="right"))
        elif event.key() == Qt.Key.Key_Left:
            at = int(np.searchsorted(self._marks, self._cursor, side="left")) - 1
        if at is None:
            super().keyPressEvent(event)
        elif 0 <= at < len(self._marks):
            self.mark_chosen.emit(int(self._marks[at]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not len(self._marks) or event.button() != Qt.MouseButton.LeftButton:
            return
        xs = np.array([self.x_of(int(it)) for it in self._near(event.position().x())])
        found = self._near(event.position().x())
        if len(found):
            nearest = int(np.argmin(np.abs(xs - event.position().x())))
            self.mark_chosen.emit(int(found[nearest]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = themes().current
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme["canvas"]))
        tick = QColor(theme["accent"])
        for x in np.unique(np.rint(self._xs())).tolist():
            box = QRectF(x - TICK_PX / 2, EDGE_PX, TICK_PX, self.height() - 2 * EDGE_PX)
            painter.fillRect(box, tick)
        here = self.x_of(self._cursor)
        painter.fillRect(QRectF(here, 0, 1, self.height()), QColor(theme["text"]))
        painter.end()

    def _xs(self) -> npt.NDArray[np.float64]:
        return EDGE_PX + (self.width() - 2 * EDGE_PX) * self._marks / self._end

    def _near(self, x: float) -> npt.NDArray[np.int64]:
        return self._marks[np.abs(self._xs() - x) <= NEAR_PX]
