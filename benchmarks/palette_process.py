"""The palette of one window on one store; prints what it measured as JSON."""

import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from benchmarks.window_process import WAKE_MS, until

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.palette import Palette

WORDS: Final = ("order", "ord12", "pay 99", "seats", "ship77", "@cust", "zzzz", "sa1", "frame", "e")


def main() -> int:
    """Open the store whose path is the one argument, and type."""
    from gui.app import make_app  # late, as in benchmarks.window_process
    from gui.look.theme import themes
    from gui.main_window import MainWindow
    from gui.settings import Settings
    from gui.work.garbage import GuiThreadCollector

    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    waking = QTimer(interval=WAKE_MS)
    waking.start()
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"))
        try:
            window.resize(1280, 800)
            window.show()
            window.open_store(Path(sys.argv[1]))
            until(app, lambda: _is_ready(window))
            figures = _figures(app, window)
        finally:
            window.close()
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _is_ready(window: "MainWindow") -> bool:
    session = window.session
    if session is None or not session.status.views or session.status.lag:
        return False
    return bool(session.navigator.types) and session.tasks.is_idle


def _figures(app: QApplication, window: "MainWindow") -> dict[str, float]:
    palette = window.finder
    started, began = perf_counter(), process_time()
    palette.show()
    palette.box.repaint()
    open_ms, open_cpu_ms = (perf_counter() - started) * 1_000, (process_time() - began) * 1_000
    keys: list[tuple[float, float]] = []
    for word in WORDS:
        palette.box.line.clear()
        keys += [_key(app, palette, letter) for letter in word]
    (cold, cold_cpu), *warm = keys
    took, cpu = sorted(it[0] for it in warm), sorted(it[1] for it in warm)
    return {
        "open_ms": open_ms,
        "open_cpu_ms": open_cpu_ms,
        "cold_ms": cold,
        "cold_cpu_ms": cold_cpu,
        "p50_ms": took[len(warm) // 2],
        "p50_cpu_ms": cpu[len(warm) // 2],
        "p95_ms": took[int(len(warm) * 0.95)],
        "p95_cpu_ms": cpu[int(len(warm) * 0.95)],
        "keys": len(warm),
    }


def _key(app: QApplication, palette: "Palette", letter: str) -> tuple[float, float]:
    """Milliseconds from a key to the list that has everything, and of CPU of all threads."""
    box = palette.box
    started, began = perf_counter(), process_time()
    event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
    QApplication.sendEvent(box.line, event)
    until(app, lambda: palette.model.is_whole)
    box.repaint()
    return (perf_counter() - started) * 1_000, (process_time() - began) * 1_000


if __name__ == "__main__":
    sys.exit(main())
