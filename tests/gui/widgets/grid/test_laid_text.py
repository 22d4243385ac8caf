"""Texts laid out before they are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.look.theme import themes
from gui.viewmodels.event_columns import EVENT_COLUMNS
from gui.widgets.grid.grid_painter import PADDING_PX
from gui.widgets.grid.laid_text import cut_text, glyphs_of, width_of

pytestmark = pytest.mark.usefixtures("qapp")


@given(
    text=st.text(alphabet="abcXYZ019 é世-", max_size=40),
    room=st.floats(20, 300),
)
@pytest.mark.parametrize("kind", ["ui_font", "mono_font"])
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, room: float, kind: str) -> None:
    glyphs = glyphs_of(getattr(themes().current, kind)())

    cut = cut_text(text, room, glyphs)

    assert width_of(cut, glyphs) <= room + 0.5
    if cut != text:
        assert cut.endswith("…")
        assert width_of(text, glyphs) > room - 0.5


@pytest.mark.parametrize("text", ["YYa世", "XYaYY0101世", "YabX", "0Yé0"])
def test_what_stands_closer_together_in_the_whole_text_is_not_cut_too_wide(text: str) -> None:
    glyphs = glyphs_of(themes().current.ui_font())

    widths = [width_of(cut_text(text, room / 4, glyphs), glyphs) - room / 4 for room in range(400)]

    assert max(widths[80:]) <= 0.5  # from 20 px on, where more than the … has room


@pytest.mark.parametrize("kind", ["ui_font", "mono_font"])
@pytest.mark.parametrize(
    "number",
    ["1033", "12\u2009345", "-4,000.50", "\u22120.5", "+2 h 10 min", "12,000 kB", "99 %"],
)
def test_of_a_number_no_part_is_shown(number: str, kind: str) -> None:
    glyphs = glyphs_of(getattr(themes().current, kind)())
    whole = width_of(number, glyphs)

    assert cut_text(number, whole, glyphs) == number
    assert {cut_text(number, whole * part / 10, glyphs) for part in range(1, 10)} == {"…"}


def test_every_number_column_of_the_event_table_holds_what_a_large_log_has() -> None:
    glyphs = glyphs_of(themes().current.mono_font())
    widths = {it.id: it.width_px - 2 * PADDING_PX for it in EVENT_COLUMNS}

    assert width_of("1,000,000", glyphs) <= widths["version"]
    assert width_of("10,000,000", glyphs) <= widths["position"]
