"""A text of any length is laid out no further than anybody can read."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.grid.key_value_grid import Fact, KeyValueGrid
from gui.widgets.grid.laid_text import cut_text, glyphs_of, laid_text, width_of
from gui.widgets.tips import set_tip
from gui.widgets.words import Words
from store.visible_text import LONGEST_SHOWN, begun

LONG = "lorem ipsum \u202e" * 800_000
SHOWN = 7 * LONGEST_SHOWN  # an escape takes six characters

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_beginning_of_a_long_text_ends_with_an_ellipsis() -> None:
    assert begun("short") == "short"
    assert begun("x" * LONGEST_SHOWN) == "x" * LONGEST_SHOWN
    assert begun(LONG) == f"{LONG[:LONGEST_SHOWN]}…"


@pytest.mark.parametrize("font", ["ui_font", "mono_font"])
def test_a_cell_is_cut_and_measured_by_its_beginning(font: str) -> None:
    glyphs = glyphs_of(getattr(themes().current, font)())

    assert len(cut_text(LONG, 300.0, glyphs)) < 200
    assert cut_text("x" * 10_000_000, 300.0, glyphs).endswith("…")
    assert len(laid_text(LONG, glyphs).text()) <= SHOWN
    assert width_of(LONG, glyphs) == width_of(LONG[: LONGEST_SHOWN + 9], glyphs)


@pytest.mark.parametrize("made", [lambda: Words("dim", LONG), lambda: ElidedLabel(LONG)])
def test_a_label_holds_no_more_than_can_be_read(qtbot: QtBot, made: Callable[[], QLabel]) -> None:
    label = made()
    qtbot.addWidget(label)

    assert len(label.text()) <= SHOWN
    assert len(label.toolTip()) <= SHOWN


def test_a_tip_and_a_fact_hold_no_more_than_can_be_read_and_the_whole_is_copied(
    qtbot: QtBot,
) -> None:
    grid, widget = KeyValueGrid("Facts"), QWidget()
    qtbot.addWidget(grid)
    qtbot.addWidget(widget)

    set_tip(widget, LONG)
    grid.show_facts([Fact("name", LONG)])

    assert len(widget.toolTip()) <= SHOWN
    copy = next(it for it in grid.findChildren(QToolButton) if it.accessibleName() == "Copy name")
    copy.click()
    assert QApplication.clipboard().text() == LONG
