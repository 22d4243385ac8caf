"""Cyclic garbage is collected on the GUI thread only.

Python collects on whichever thread allocates. A Qt object that a reader thread finds unreachable
would be destroyed at an arbitrary moment, after its parent or in the middle of a paint: a crash.

What is there when it begins, a hundred thousand objects of modules and classes, is never looked at
again (`gc.freeze`): going through it took 44 ms each time, nearly three frames. What comes later
takes 4 ms with a store open.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS: Final = 500
QUIET_MS: Final = 2_000  # the same while nothing is due: a window at rest is hardly woken


class GuiThreadCollector(QObject):
    """Takes over from the automatic collector until `stop`. Create it on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation that is due, as the automatic collector would."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                self._timer.setInterval(EVERY_MS)
                return
        if self._timer.interval() < QUIET_MS:
            self._timer.setInterval(min(2 * self._timer.interval(), QUIET_MS))

    def stop(self) -> None:
        """Give the work back to the automatic collector, if it was at work before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
