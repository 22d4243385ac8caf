"""The menu of lines in the top bar: which there are, and what can be done with the one in view."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from gui.actions import Actions
from gui.branch_actions import BRANCH_ACTIONS, LINES
from gui.lines import Lines
from gui.session import Session
from gui.viewmodels.branches import MAIN
from gui.views.status_view import StatusView
from gui.views.top_bar import TopBar
from gui.widgets.line_button import LineText
from gui.words import said


class Window(Protocol):
    """What this asks of the window."""

    top: TopBar
    status: StatusView
    lines: Lines
    session: Session | None


class LineMenu(QObject):
    """One for a window. GUI thread."""

    def __init__(self, window: Window, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._actions = window, actions
        button = window.top.line
        button.opens.connect(self._fill)
        button.closes.connect(self._allow)
        button.wanted.connect(self._show)
        window.lines.changed.connect(self._name)

    @Slot()
    def _name(self) -> None:
        session, name = self._window.session, self._window.lines.branch
        if session is not None:
            row = session.branches.of(name)
            about = row.words if row is not None else said("The log itself")
            self._window.top.show_line(name or MAIN, about, is_branch=bool(name))
            self._window.status.show_branch(name)

    @Slot()
    def _fill(self) -> None:
        session = self._window.session
        if session is None:
            return
        session.branches.refresh()  # for the next time: what is in sight does not move
        for it in self._ids():
            self._actions.show_state(it)
        lines = [
            LineText(key=str(session.branches.log.named), name=MAIN, about=said("the log itself")),
            *(
                LineText(key=str(it.place.path), name=it.name, about=it.words)
                for it in session.branches.rows
            ),
        ]
        here = session.place.path if self._window.lines.branch else session.branches.log.named
        others = [self._actions[it] for it in self._ids()]
        self._window.top.line.offer(lines, str(here), others)

    def _ids(self) -> list[str]:
        return [it.id for it in BRANCH_ACTIONS if it is not LINES]

    @Slot()
    def _allow(self) -> None:
        for it in self._ids():
            self._actions.allow_again(it)

    @Slot(str)
    def _show(self, key: str) -> None:
        self._window.lines.show(Path(key))
