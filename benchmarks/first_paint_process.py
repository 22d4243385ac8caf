"""One start of the program with a store; prints when its first useful paint was, as JSON.

Two arguments: the path of the log, and when this process was begun, in seconds since the epoch.
"""

import gc
import json
import sys
import time
from typing import TYPE_CHECKING, Final

import main as program

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow

LOOK_MS: Final = 2  # between two looks at whether it is there
PATIENCE_S: Final = 120.0


def main() -> int:
    """Start as the program does, end it after the paint."""
    store, begun = sys.argv[1], float(sys.argv[2])
    gc.disable()  # as main.py does, before anything is loaded
    from PySide6.QtCore import QTimer  # late: what a start costs is part of the measurement

    from gui.app import make_app

    app = make_app(sys.argv[:1])
    figures: dict[str, float] = {}

    def look() -> None:
        window = _window(app)
        if window is not None and (_is_useful(window) or time.time() > begun + PATIENCE_S):
            timer.stop()
            window.repaint()
            figures["paint_ms"] = (time.time() - begun) * 1_000
            figures["cpu_ms"] = time.process_time() * 1_000
            window.close()

    timer = QTimer(interval=LOOK_MS)
    timer.timeout.connect(look)
    timer.start()
    code = program.main([store])
    sys.stdout.write(json.dumps(figures) + "\n")
    return code


def _window(app: "QApplication") -> "MainWindow | None":
    from gui.main_window import MainWindow  # late, as above

    return next((it for it in app.topLevelWidgets() if isinstance(it, MainWindow)), None)


def _is_useful(window: "MainWindow") -> bool:
    """Lanes, table and inspector are of where the cursor is."""
    from gui.views.events_view import EventsView  # late, as above

    session, workspace = window.session, window.workspace
    if session is None or workspace is None or session.timeline.index is None:
        return False
    inspection, position = session.inspector.inspection, session.selection.as_of
    if inspection is None or inspection.position != position:
        return False
    grid = workspace.of(EventsView).grid
    first, last = grid.visible_rows()
    rows = range(first, min(last, session.events.count))
    is_listed = all(session.events.row(row) is not None for row in rows)
    return is_listed and grid.current_row() == session.events.row_of(position)


if __name__ == "__main__":
    sys.exit(main())
