"""Stores that were left: their threads and processes end while another store is already in view."""

from collections.abc import Callable
from threading import Thread, current_thread
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from gui.link_opening import LinkOpening
from gui.session import Session
from gui.start_work import StartWork
from gui.views.status_view import StatusView
from gui.work.frames import Frames
from gui.workspace import Workspace


class Window(Protocol):
    """What this asks of the window."""

    session: Session | None
    workspace: Workspace | None
    pages: QStackedWidget
    start_work: StartWork
    links: LinkOpening
    status: StatusView
    frames: Frames


class Endings(QObject):
    """One for a window. GUI thread, which waits in `wait` alone."""

    _ended = Signal(object)

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        # What belongs to the GUI thread is held here until it can be let go on it.
        self._ending: dict[Thread, Session] = {}
        self._then: list[Callable[[], object]] = []
        self._ended.connect(self._let_go)

    @property
    def is_idle(self) -> bool:
        """Whether every store that was left has ended."""
        return not self._ending

    def leave_store(self) -> None:
        """Remember the place, and take what is open out of the window; it ends by itself."""
        window = self._window
        if window.workspace is None or window.session is None:
            return
        window.start_work.leave()
        window.workspace.keep()
        window.links.leave()
        window.status.show_status_of(None)
        window.frames.hold(False)
        window.session.leave()
        self.end(window.session)
        window.pages.removeWidget(window.workspace)
        window.workspace.deleteLater()
        window.session = window.workspace = None

    def end(self, session: Session) -> None:
        """End what serves a store that was left, on a thread of its own."""
        thread = Thread(name="ending", target=self._end, args=[session])
        self._ending[thread] = session
        thread.start()

    def afterwards(self, then: Callable[[], object]) -> None:
        """Do something once nobody here has a store open that was left: now, or later."""
        if self.is_idle:
            then()
        else:
            self._then.append(then)

    def wait(self) -> None:
        """Until all have ended. What was to be done afterwards is done."""
        for thread in tuple(self._ending):
            thread.join()
            self._let_go(thread)

    def _end(self, session: Session) -> None:
        """On a thread of its own."""
        try:
            session.end()
        finally:
            self._ended.emit(current_thread())

    @Slot(object)
    def _let_go(self, thread: Thread) -> None:
        session = self._ending.pop(thread, None)
        if session is None:
            return  # it was waited for
        thread.join()
        session.deleteLater()
        if self.is_idle:
            then, self._then = self._then, []
            for it in then:
                it()
