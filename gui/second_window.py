"""A second window beside the open one: another process of the program, with a line of its own.

It has its own cursor, views and queries, and lives on when the first window is closed.
"""

import os
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QPoint, QProcess, QProcessEnvironment
from PySide6.QtWidgets import QWidget

from gui.session import Session
from gui.settings import Settings
from gui.words import said
from gui.work.reads import Reads
from replay.children.command import window_command
from replay.children.environment import environment
from store.errors import StoreError

BESIDE: Final = "FOLDLINE_SECOND_WINDOW"  # set for a window that another one has opened
STEP_PX: Final = 48


class NoSecondWindow(StoreError):
    hint = said("Close other programs, then try again.")

    def __init__(self) -> None:
        super().__init__(said("the system cannot start another process for the second window"))


class Window(Protocol):
    """What this asks of the window."""

    def open_session(self) -> Session: ...

    def show_error(self, error: Exception) -> None: ...


def open_line(window: Window) -> None:
    """Show the line in view a second time."""
    _open(window, window.open_session().place.named)


def open_as_of(window: Window) -> None:
    """Show the line in view as it was at the cursor. What is recorded later does not appear there;
    when that window is closed, nothing is left of it."""
    session = window.open_session()
    session.tasks.latest(
        "second window",
        partial(_as_of, position=session.selection.as_of),
        done=partial(_open, window),
        failed=window.show_error,
    )


def step_aside(window: QWidget, settings: Settings) -> None:
    """A second window does not cover the first one, and keeps a layout of its own."""
    if os.environ.pop(BESIDE, ""):
        settings.is_beside = True
        window.move(window.pos() + QPoint(STEP_PX, STEP_PX))


def start(path: Path) -> None:
    """Start a window that outlives this process. Raises NoSecondWindow."""
    program, *arguments = window_command(str(path))
    process, surroundings = QProcess(), QProcessEnvironment()
    for name, value in {**environment(), BESIDE: "1"}.items():
        surroundings.insert(name, value)
    process.setProgram(program)
    process.setArguments(arguments)
    process.setProcessEnvironment(surroundings)
    if not process.startDetached():
        raise NoSecondWindow


def _open(window: Window, path: Path) -> None:
    try:
        start(path)
    except NoSecondWindow as error:
        window.show_error(error)


def _as_of(reads: Reads, *, position: int) -> Path:
    from replay.branching.passing import as_of  # late: a window is there without it

    return as_of(reads.log.place.path, position)
