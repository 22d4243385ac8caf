"""A step line: flat until the next value, the newest with its label, and cheap."""

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.widgets.step_line import MARGIN_PX, StepLine


def line(qtbot: QtBot) -> StepLine:
    found = StepLine("Lag over time")
    qtbot.addWidget(found)
    found.resize(300, 56)
    found.show()
    return found


def test_it_is_flat_until_the_next_value_and_stands_on_nothing(qtbot: QtBot) -> None:
    found = line(qtbot)

    found.show_steps([0, 1, 3], [0, 10, 5], label="5 behind")

    points = found.points()
    floor, top = found.height() - MARGIN_PX, MARGIN_PX
    assert [y for _, y in points] == [floor, floor, top, top, (floor + top) / 2]
    xs = [x for x, _ in points]
    assert xs[1] == xs[2]
    assert xs[3] == xs[4]
    assert xs[0] == MARGIN_PX
    assert xs[-1] < found.width() - 50, "there is room for the label"


def test_it_is_drawn_in_the_accent_and_nothing_is_drawn_of_nothing(qtbot: QtBot) -> None:
    found = line(qtbot)
    empty = found.grab().toImage()
    found.show_steps([0, 1], [1, 1], label="")

    image = found.grab().toImage()

    accent = QColor(themes().current["accent"]).rgb()
    colours = {image.pixel(x, MARGIN_PX) for x in range(image.width())}
    assert accent in colours
    assert found.points()
    found.show_steps([], [], label="")
    assert found.points() == []
    assert found.grab().toImage() == empty
