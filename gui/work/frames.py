"""How often a window paints while the log goes on by itself."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Slot

LONGEST_MS: Final = 100  # a repaint is kept back no longer


class Frames(QObject):
    """Keeps back what a window is asked to repaint until the next pass of news, or for LONGEST_MS.

    Each part of a window asks by itself, whenever an answer has come, and each time Qt paints.
    Kept back, the parts are painted together. GUI thread.
    """

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        self._window = window
        self._is_holding = self._is_due = self._is_kept = False
        self._pause = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._pause.timeout.connect(self.paint_now)
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """Whether it asks for a repaint that has to wait; then it comes again."""
        if event.type() != QEvent.Type.UpdateRequest or not self._is_holding:
            return False
        if self._pause.isActive() and not self._is_due:
            self._is_kept = True
            return True
        self._is_due = self._is_kept = False
        self._pause.start()
        return False

    @Slot(bool)
    def hold(self, is_holding: bool) -> None:
        """Begin to keep repaints back, or let each through at once."""
        self._is_holding = is_holding
        if not is_holding:
            self.paint_now()

    @Slot()
    def paint_now(self) -> None:
        """Everything is there that belongs together: paint it, and what was kept back."""
        self._is_due = True
        if self._is_kept:
            asked = QEvent(QEvent.Type.UpdateRequest)
            low = Qt.EventPriority.LowEventPriority
            QCoreApplication.postEvent(self._window, asked, low.value)
