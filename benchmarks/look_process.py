"""One window that is given other themes and a large event; prints what it measured as JSON."""

import gc
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gui.app import make_app
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.panels import panels
from gui.session import Session
from gui.settings import Settings
from gui.widgets.underline_tabs import UnderlineTabs
from gui.work.garbage import GuiThreadCollector
from gui.workspace import Workspace

PATIENCE_S = 120.0
SWITCHES = ("dark", "light", "contrast", "light", "dark", "light")


def main() -> int:
    """Open the log at the path that is the only argument, and tell the figures."""
    gc.disable()
    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    waking = QTimer(interval=50)  # so that patience ends even when nothing happens
    waking.start()
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"))
        try:
            window.resize(1280, 800)
            window.show()
            window.open_store(Path(sys.argv[1]))
            _longest(app, lambda: _is_open(window))
            session, workspace = window.open_session(), window.open_workspace()
            payload_ms = _payload_ms(app, session)
            _see_everything(app, workspace)
            figures = {"payload_ms": payload_ms, "theme_ms": _theme_ms(app, window)}
        finally:
            window.close()  # its threads would keep the process
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _is_open(window: MainWindow) -> bool:
    session = window.session
    return session is not None and session.inspector.inspection is not None and _rests(session)


def _rests(session: Session) -> bool:
    return session.tasks.is_idle and session.status.lag == 0


def _payload_ms(app: QApplication, session: Session) -> float:
    """The longest step of the loop from the click on the event until it is painted."""
    head = session.selection.head
    session.selection.seek(1)
    _longest(app, lambda: _is_at(session, 1))
    session.selection.choose_stream("large-1")
    session.selection.seek(head)
    return _longest(app, lambda: _is_at(session, head)) * 1_000


def _is_at(session: Session, position: int) -> bool:
    inspection = session.inspector.inspection
    return inspection is not None and inspection.position == position and _rests(session)


def _see_everything(app: QApplication, workspace: Workspace) -> None:
    """Each page in front once, as after a day of work."""
    for panel in workspace.docked:
        workspace.docking.show(panel.id)
        app.processEvents()
    for tabs in workspace.findChildren(UnderlineTabs):
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
            app.processEvents()
    workspace.docking.show(panels()[0].id)


def _theme_ms(app: QApplication, window: MainWindow) -> float:
    """The longest of some switches, with the repaint."""
    session, took = window.open_session(), []
    for scheme in SWITCHES:
        _longest(app, lambda: _rests(session))
        started = thread_time()
        themes().apply(scheme)
        window.repaint()
        app.processEvents()
        took.append((thread_time() - started) * 1_000)
    return max(took)


def _longest(app: QApplication, is_so: Callable[[], bool]) -> float:
    """Serve events until then. Returns the seconds of this thread that one turn took at most."""
    deadline, longest = perf_counter() + PATIENCE_S, 0.0
    while not is_so():
        if perf_counter() > deadline:
            raise TimeoutError("the window did not settle")
        started = thread_time()
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        longest = max(longest, thread_time() - started)
    return longest


if __name__ == "__main__":
    sys.exit(main())
