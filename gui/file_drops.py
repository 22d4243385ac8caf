"""Files that are dropped on a window, wherever the pointer is."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class FileDrops(QObject):
    """Takes them before any field does, for which the name of a file is text to be inserted. Other
    drops go where they always go. GUI thread."""

    def __init__(self, window: QWidget, take: Callable[[Path], None]) -> None:
        """`take` gets the first file that was dropped."""
        super().__init__(window)
        self._window, self._take = window, take
        self._watched: QWindow | None = None

    def watch(self) -> None:
        """The window has another window of the system now."""
        handle = self._window.windowHandle()
        if handle is not None and handle is not self._watched:
            handle.installEventFilter(self)
            self._watched = handle

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() not in _DRAGS or not isinstance(event, QDropEvent):
            return False
        files = _files(event)
        if not files:
            return False
        if QApplication.activeModalWidget() is not None:  # a dialog waits for its answer
            event.ignore()
            return True
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._take(files[0])
        return True


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
