"""What resting the mouse on a row tells is told by a key too."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip

from gui.widgets.tips import tip_text

KEY: Final = Qt.Key.Key_F1
_WITH: Final = Qt.KeyboardModifier.ControlModifier


class KeyTip(QObject):
    """Ctrl+F1 in a list, table or tree shows the tip of its current row, or what `told` says of the
    row; the next key takes it away."""

    def __init__(self, view: QAbstractItemView, told: Callable[[int], str] | None = None) -> None:
        super().__init__(view)
        self._view, self._told = view, told
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_asked = event.key() == KEY and event.modifiers() == _WITH
            if is_asked and self._view.currentIndex().isValid():
                self._show()
                return True
            QToolTip.hideText()
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        view, index = self._view, self._view.currentIndex()
        box, seen = view.visualRect(index), view.viewport()
        at = box.center() if self._told is None else box.bottomLeft()
        where = seen.mapToGlobal(at)
        if self._told is None:
            QApplication.sendEvent(seen, QHelpEvent(QEvent.Type.ToolTip, at, where))
        elif words := self._told(index.row()):
            QToolTip.showText(where, tip_text(words), seen)
