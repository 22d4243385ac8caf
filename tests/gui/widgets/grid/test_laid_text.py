"""Texts laid out before they are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.look.theme import themes
from gui.widgets.grid.laid_text import cut_text, glyphs_of, width_of

pytestmark = pytest.mark.usefixtures("qapp")


@given(
    text=st.text(alphabet="abcXYZ019 é世-", max_size=40),
    room=st.floats(20, 300),
    start=st.booleans(),
)
@pytest.mark.parametrize("kind", ["ui_font", "mono_font"])
def test_a_cut_text_fits_and_says_that_it_was_cut(
    text: str, room: float, start: bool, kind: str
) -> None:
    glyphs = glyphs_of(getattr(themes().current, kind)())

    cut = cut_text(text, room, glyphs, at_start=start)

    assert width_of(cut, glyphs) <= room + 0.5
    if cut != text:
        assert cut.startswith("…") if start else cut.endswith("…")
        assert width_of(text, glyphs) > room - 0.5
