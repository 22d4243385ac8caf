"""What is wanted often is done at once, then only so often, and the last wish is never lost."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.work.throttle import Throttle


def test_the_first_wish_is_done_at_once_and_the_others_together_after_the_pause(
    qtbot: QtBot,
) -> None:
    owner, done = QObject(), list[int]()
    wishes = 0
    it = Throttle(lambda: done.append(wishes), every_ms=20, parent=owner)

    for wishes in range(1, 101):  # noqa: B007 read when it is done
        it.want()
    assert done == [1]

    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == [1, 100]
    qtbot.waitUntil(lambda: not it.is_resting)
    assert done == [1, 100]
    it.want()
    assert done == [1, 100, 100]


def test_nothing_is_done_once_it_is_closed(qtbot: QtBot) -> None:
    owner, done = QObject(), list[str]()
    it = Throttle(lambda: done.append("done"), every_ms=5, parent=owner)
    later = Throttle(lambda: done.append("later"), every_ms=5, parent=owner)
    for one in (it, it, later, later):
        one.want()

    it.close()

    qtbot.waitUntil(lambda: done.count("later") == 2)  # its pause began after that of the other
    assert done == ["done", "later", "later"]
