"""Cut texts fit their room, whatever script they are of, and one door cuts them all."""

from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from gui.look.theme import themes
from gui.widgets.elision import elided
from tests.gui.many_scripts import NAMES

pytestmark = pytest.mark.usefixtures("qapp")

GUI: Final = Path(__file__).parents[3] / "gui"
MODES: Final = (Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", [*NAMES, "AVAVAVAV", "مرحبا \u200d بالعالم"])
def test_what_is_left_fits_and_ends_in_no_joiner(text: str, mode: Qt.TextElideMode) -> None:
    metrics = QFontMetricsF(themes().current.ui_font())

    cuts = [elided(text, metrics, room, mode) for room in range(20, 200, 7)]

    assert all(
        metrics.horizontalAdvance(cut) <= room
        for cut, room in zip(cuts, range(20, 200, 7), strict=True)
        if cut not in ("…", text)
    )
    assert not [it for it in cuts if "\u200d…" in it or "…\u200d" in it]


def test_no_other_code_cuts_a_text() -> None:
    doors = {it.name for it in GUI.rglob("*.py") if ".elidedText(" in it.read_text("utf-8")}

    assert doors == {"elision.py", "style_fields.py"}  # the style writes what Qt lays out itself
