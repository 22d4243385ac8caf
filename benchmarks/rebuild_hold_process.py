"""One window while every view is rebuilt by a job; prints how long the GUI thread was held."""

import json
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot

from gui.app import make_app
from gui.garbage import GuiThreadCollector
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import themes

KNOCK_S: Final = 0.002


class Holds(QObject):
    """A thread knocks at the GUI thread every two milliseconds; a hold is how long until it
    answers. What the system gives to other processes meanwhile counts too."""

    _knocked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.ms: list[float] = []
        self._closing = threading.Event()
        self._knocked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._knock, name="knocking")
        self._thread.start()

    def figures(self, *, since: float) -> dict[str, float]:
        """The longest hold and how many knocks, since a moment of the performance counter."""
        return {
            "seconds": perf_counter() - since,
            "longest_ms": max(self.ms),
            "p999_ms": sorted(self.ms)[int(len(self.ms) * 0.999)],
            "knocks": len(self.ms),
        }

    def close(self) -> None:
        """Knock no more."""
        self._closing.set()
        self._thread.join()

    def _knock(self) -> None:
        while not self._closing.wait(KNOCK_S):
            self._knocked.emit(perf_counter())

    @Slot(float)
    def _answer(self, at_s: float) -> None:
        self.ms.append((perf_counter() - at_s) * 1_000)


def main() -> int:
    """Open, let it settle, rebuild by the menu, and tell."""
    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    holds = Holds()
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"))
        window.resize(1280, 800)
        window.show()
        window.open_store(Path(sys.argv[1]))
        pause(5_000)
        if window.workspace is None:
            raise RuntimeError("the store did not open")
        window.workspace.show_views()
        window.workspace.panes.tabs.choose("projector")
        pause(1_000)
        holds.ms.clear()
        started = perf_counter()
        window.actions_["rebuild"].trigger()
        while window.jobs.running:
            pause(100)
        figures = holds.figures(since=started)
        holds.close()
        window.close()
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def pause(milliseconds: int) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
