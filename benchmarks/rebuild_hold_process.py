"""One window while every view is rebuilt by a job; prints how long the GUI thread was held."""

import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final, Self

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot

from gui.app import make_app
from gui.dialogs.rebuild_report_dialog import RebuildReportDialog
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.views.panes_view import PanesView
from gui.work.garbage import GuiThreadCollector

KNOCK_S: Final = 0.002
PATIENCE_S: Final = 600.0
LOOK_MS: Final = 50


class Holds(QObject):
    """A thread knocks at the GUI thread every two milliseconds, as long as the context lasts; a
    hold is how long until it answers. What the system gives to other processes meanwhile counts
    too."""

    _knocked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.ms: list[float] = []
        self._closing = threading.Event()
        self._knocked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._knock, name="knocking")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.set()
        self._thread.join()

    def figures(self, *, since: float) -> dict[str, float]:
        """The longest hold and how many knocks, since a moment of the performance counter."""
        return {
            "seconds": perf_counter() - since,
            "longest_ms": max(self.ms),
            "p999_ms": sorted(self.ms)[int(len(self.ms) * 0.999)],
            "knocks": len(self.ms),
        }

    def _knock(self) -> None:
        while not self._closing.wait(KNOCK_S):
            self._knocked.emit(perf_counter())

    @Slot(float)
    def _answer(self, at_s: float) -> None:
        self.ms.append((perf_counter() - at_s) * 1_000)


def main() -> int:
    """Open, let it settle, rebuild by the menu, and tell. Two arguments: the path of the log, and
    how many milliseconds it has to settle."""
    settle_ms = int(sys.argv[2])
    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    with Holds() as holds, opened(Path(sys.argv[1]), settle_ms=settle_ms) as window:
        assert window.workspace is not None
        window.workspace.show_panel(PanesView)
        tabs = window.workspace.of(PanesView).tabs
        tabs.choose("projector")
        if tabs.chosen() != "projector":
            raise RuntimeError("the tab of the projector is called something else")
        pause(settle_ms // 5)
        holds.ms.clear()
        started = perf_counter()
        window.actions_["rebuild"].trigger()
        until(lambda: _is_reported(window))
        pause(LOOK_MS)  # what showing the report costs counts too
        figures = holds.figures(since=started)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _is_reported(window: MainWindow) -> bool:
    reports = window.findChildren(RebuildReportDialog)
    return any(it.isVisible() for it in reports) and not window.jobs.running


@contextmanager
def opened(store: Path, *, settle_ms: int) -> Iterator[MainWindow]:
    """A window with settings of its own, and the store open in it. It is closed whatever happens:
    its threads would keep the process."""
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"))
        try:
            window.resize(1280, 800)
            window.show()
            window.open_store(store)
            until(lambda: window.workspace is not None)
            pause(settle_ms)
            yield window
        finally:
            window.close()


def until(is_so: Callable[[], bool]) -> None:
    """Let the event loop run until it is so."""
    deadline = perf_counter() + PATIENCE_S
    while not is_so():
        if perf_counter() > deadline:
            raise TimeoutError("the window did not come to it")
        pause(LOOK_MS)


def pause(milliseconds: int) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
