"""One window that follows a log while another process appends; prints what it cost as JSON."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

from gui.app import make_app
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.work.garbage import GuiThreadCollector

BETWEEN_S: Final = 1 / 200
OPENING_S: Final = 5.0
BEGINNING_S: Final = 2.0  # until the other process appends steadily


class Frames(QObject):
    """Counts how often a window is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def main() -> int:
    """Two arguments: the path of the log, and for how many seconds it is followed."""
    path, follow_s = Path(sys.argv[1]), float(sys.argv[2])
    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"))
        try:
            window.resize(1280, 800)
            window.show()
            window.open_store(path)
            _pass_time(OPENING_S)
            figures = _followed(window, path, follow_s)
        finally:
            window.close()  # its threads would keep the process
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _followed(window: MainWindow, path: Path, follow_s: float) -> dict[str, float]:
    session, frames, passes = window.open_session(), Frames(), list[None]()
    session.selection.follow(True)
    command = [sys.executable, "-m", "benchmarks.steady_appends", str(path), str(BETWEEN_S)]
    appending = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        _pass_time(BEGINNING_S)
        window.installEventFilter(frames)
        session.advance.passed.connect(lambda: passes.append(None))
        head, begun_s, cpu_s = session.selection.head, time.monotonic(), time.process_time()
        _pass_time(follow_s)
        took_s = time.monotonic() - begun_s
        return {
            "frames": frames.count / took_s,
            "passes": len(passes) / took_s,
            "appended": (session.selection.head - head) / took_s,
            "share": (time.process_time() - cpu_s) / took_s * 100,
        }
    finally:
        appending.communicate()


def _pass_time(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1_000), loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
