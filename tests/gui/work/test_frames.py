"""What a window is asked to repaint is kept back until it belongs together."""

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.work.frames import Frames

PATIENCE_MS = 60_000


class Counted(QWidget):
    """Counts how often it is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.paints += 1


@pytest.fixture
def window(qtbot: QtBot) -> Counted:
    found = Counted()
    qtbot.addWidget(found)
    found.show()
    qtbot.waitUntil(lambda: found.paints > 0, timeout=PATIENCE_MS)
    QApplication.processEvents()
    return found


def ask(window: Counted, times: int) -> int:
    """Ask for a repaint again and again; how many there were."""
    before = window.paints
    for _ in range(times):
        window.update()
        QApplication.processEvents()
    return window.paints - before


def test_each_request_is_painted_where_nothing_is_held(window: Counted) -> None:
    Frames(window)

    assert ask(window, 5) == 5


def test_what_is_asked_between_two_passes_is_painted_with_the_next(window: Counted) -> None:
    frames = Frames(window)
    frames.hold(True)
    ask(window, 1)
    before = window.paints

    window.update()
    QApplication.processEvents()
    kept = window.paints - before
    frames.paint_now()
    QApplication.processEvents()

    assert (kept, window.paints - before) in {(0, 1), (1, 1)}  # a slow machine may be due


def test_what_is_kept_back_is_painted_without_a_pass_too(qtbot: QtBot, window: Counted) -> None:
    frames = Frames(window)
    frames.hold(True)
    ask(window, 2)
    before = window.paints
    window.update()

    qtbot.waitUntil(lambda: window.paints > before, timeout=PATIENCE_MS)


def test_letting_go_paints_at_once(window: Counted) -> None:
    frames = Frames(window)
    frames.hold(True)
    ask(window, 2)
    frames.hold(False)
    QApplication.processEvents()

    assert ask(window, 3) == 3
