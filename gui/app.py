"""Start the window."""

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Final

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from gui.look.icons import icon
from gui.look.theme import themes
from gui.look.tokens import load_fonts
from gui.main_window import MainWindow
from gui.problems import problem_of
from gui.qt_messages import keep_harmless_messages_off_the_terminal, tell_every_message
from gui.second_window import step_aside
from gui.settings import Settings
from gui.start_work import is_store
from gui.work.ending_signals import EndingSignals
from gui.work.garbage import GuiThreadCollector
from replay.deep_link import WrongLink, is_link, parse_link, store_of
from store.place import Place, path_of

# How long a thread may keep the interpreter while another waits for it. At Python's 5 ms a reader's
# answer would reach a busy GUI thread a third of a frame late; and a paint takes the interpreter up
# again at every widget that is painted by our own code.
SWITCH_S: Final = 0.0002


def run(paths: Sequence[str]) -> int:
    """Show the window, with a store, an event file or a link if one is named. A link of a store
    that a window shows already is handed to it. Returns the exit code."""
    keep_harmless_messages_off_the_terminal()
    app = make_app(sys.argv[:1])
    link = paths[0] if paths and is_link(paths[0]) else ""
    if link and is_taken_elsewhere(link):
        return 0
    settings = Settings()
    themes().apply(settings.scheme())
    collector = GuiThreadCollector(app)
    path = path_of(paths[0]) if paths and not link else None
    begins_with_store = path is not None and is_store(path)
    window = MainWindow(settings, begins_with_store=begins_with_store)
    _tell_unexpected_errors(window)
    if begins_with_store and path is not None:
        window.open_store(path)  # its head is read while the window comes up
    window.show()
    step_aside(window, settings)
    signals = EndingSignals(window.end)
    if link:
        QTimer.singleShot(0, window, lambda: window.links.open(link))
    elif path is not None and not begins_with_store:
        QTimer.singleShot(0, window, lambda: window.open_path(path))
    code = app.exec()
    signals.close()
    sys.excepthook = sys.__excepthook__
    collector.stop()
    tell_every_message()
    return code


def is_taken_elsewhere(text: str) -> bool:
    """Whether a running window shows the store of a link, and takes it."""
    from gui.work.link_server import hand_over  # late: few starts need it

    try:
        path = store_of(parse_link(text))
    except WrongLink:
        return False  # our own window says what is wrong
    if path is None:
        return False
    place = Place(path)  # of a branch: a window that shows it, else one that shows its log
    return hand_over(text, place) or (place.log != place.path and hand_over(text, Place(place.log)))


def make_app(arguments: Sequence[str]) -> QApplication:
    """The application with its name, fonts and icon."""
    sys.setswitchinterval(SWITCH_S)
    QCoreApplication.setOrganizationName("foldline")
    QCoreApplication.setApplicationName("foldline")
    QApplication.setDesktopFileName("foldline")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(list(arguments))
    load_fonts()
    app.setWindowIcon(icon("layers", themes().current["accent"]))
    return app


def _tell_unexpected_errors(window: MainWindow) -> None:
    """An error nobody expected is shown in the window, and printed for whoever started it."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        problem = problem_of(error)
        window.banner.show_problem(problem.what, to_do=problem.hint, details=problem.details)

    sys.excepthook = tell
