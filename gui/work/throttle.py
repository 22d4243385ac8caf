"""Something that is done at once, but only so often: what comes too soon is done later, once."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot


class Throttle(QObject):
    """Calls `act` at most every `every_ms` milliseconds. GUI thread; close it."""

    def __init__(self, act: Callable[[], None], *, every_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._act = act
        self._is_wanted = False
        self._pause = QTimer(self, singleShot=True, interval=every_ms)
        self._pause.timeout.connect(self._go_on)

    @property
    def is_resting(self) -> bool:
        """Whether it was done so lately that the next time has to wait."""
        return self._pause.isActive()

    @Slot()
    def want(self) -> None:
        """Do it now, or as soon as the pause is over."""
        self._is_wanted = True
        if not self.is_resting:
            self._go_on()

    def want_later(self) -> None:
        """Do it after a pause: with what else will be wanted by then."""
        self._is_wanted = True
        if not self._pause.isActive():
            self._pause.start()

    def close(self) -> None:
        """Do nothing more, and let go of whose method is called."""
        self._pause.stop()
        self._is_wanted, self._act = False, _nothing

    @Slot()
    def _go_on(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._pause.start()
            self._act()


def _nothing() -> None:
    """What is done after the end."""
