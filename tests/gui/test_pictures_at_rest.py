"""A picture is taken once nothing in it changes any more by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer, QVariantAnimation
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pictures.rest import A_WHILE_MS, is_at_rest, keep_still
from tests.gui.driven_window import PATIENCE_MS, open_store

BLINK_MS = 40
LOOKS = 30


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    before = qapp.styleHints().cursorFlashTime()
    yield qapp
    qapp.styleHints().setCursorFlashTime(before)


def pictures(widget: QWidget) -> list[QImage]:
    """One after another, a few milliseconds apart: at least one blink of the text cursor."""
    taken = list[QImage]()
    for _ in range(LOOKS):
        loop = QEventLoop()
        QTimer.singleShot(BLINK_MS // 8, loop.quit)
        loop.exec()
        taken.append(widget.grab().toImage())
    return taken


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_no_text_cursor_blinks_in_a_picture(
    app: QApplication, qtbot: QtBot, kind: type[QWidget]
) -> None:
    app.styleHints().setCursorFlashTime(BLINK_MS)
    line = kind()
    qtbot.addWidget(line)
    line.show()
    line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    qtbot.waitUntil(lambda: any(it != line.grab().toImage() for it in pictures(line)))

    keep_still(app)

    first, *rest = pictures(line)
    assert all(it == first for it in rest)


def test_a_window_is_not_at_rest_until_its_questions_have_their_answers(
    app: QApplication, qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    window.show()
    session, _ = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: is_at_rest(app), timeout=PATIENCE_MS)

    session.selection.seek(1)

    assert not is_at_rest(app)
    qtbot.waitUntil(lambda: is_at_rest(app), timeout=PATIENCE_MS)
    inspection = session.inspector.inspection
    assert inspection is not None
    assert inspection.position == 1


def test_what_is_put_off_or_moves_is_waited_for(app: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    later = QTimer(window, singleShot=True)
    aging = QTimer(window, interval=A_WHILE_MS)
    aging.start()
    fading = QVariantAnimation(window, duration=A_WHILE_MS, startValue=0, endValue=1)
    assert is_at_rest(app)

    later.start(A_WHILE_MS)
    assert not is_at_rest(app)
    later.start(2 * A_WHILE_MS)
    assert is_at_rest(app)

    fading.start()
    assert not is_at_rest(app)
    fading.stop()
    assert is_at_rest(app)
