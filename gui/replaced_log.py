"""When another file, or none, stands where the open log was: what the window says, and does."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from gui.problems import copy_words
from gui.session import Session
from gui.views.top_bar import TopBar
from gui.widgets.banner import Banner


class Window(Protocol):
    """What this asks of the window."""

    top: TopBar
    banner: Banner

    def open_session(self) -> Session: ...

    def open_store(self, path: Path, *, is_heir: bool = False) -> None: ...

    def close_store(self) -> None: ...

    def show_error(self, error: Exception) -> None: ...


class ReplacedLog(QObject):
    """One for a window; `watch` each session that it shows. GUI thread."""

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window

    def watch(self, session: Session) -> None:
        """Tell from now on, and now where the session goes on with a copy of a former file."""
        session.replaced.connect(self._show_replaced)
        session.returned.connect(self._show_returned)
        session.copied.connect(self._open_copy)
        if session.log.is_heir:
            happened, to_do = copy_words(session.log)
            self._window.banner.show_problem(happened, to_do=to_do, tone="warn")

    @Slot(Exception)
    def _show_replaced(self, error: Exception) -> None:
        self._window.top.show_live(is_live=False, why=str(error))
        self._window.show_error(error)

    @Slot()
    def _show_returned(self) -> None:
        self._window.top.show_live(is_live=True)
        self._window.banner.dismiss()

    @Slot()
    def _open_copy(self) -> None:
        """Everything of the former file is let go before the copy is opened."""
        path = self._window.open_session().path
        self._window.close_store()
        self._window.open_store(path, is_heir=True)
