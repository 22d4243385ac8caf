"""Where a row of the tree is short of room its value wins over its note, and the new over the
old."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from gui.look.theme import themes
from gui.widgets.grid.laid_text import Glyphs, glyphs_of, laid_text
from gui.widgets.tree import json_painter
from gui.widgets.tree.json_nodes import Mark, Node, fill, shown
from gui.widgets.tree.json_painter import Look, paint_row

pytestmark = pytest.mark.usefixtures("qapp")

NOTE = "ReservationConfirmationReceived · 39 ms"


def painted(monkeypatch: pytest.MonkeyPatch, width: int, *, old: object, new: object) -> list[str]:
    """The texts that are drawn of `unitPrice old → new` in so much room, from left to right."""
    themes().apply("light")
    texts: list[str] = []

    def noted(text: str, glyphs: Glyphs) -> object:
        texts.append(text)
        return laid_text(text, glyphs)

    monkeypatch.setattr(json_painter, "laid_text", noted)
    tree = shown(
        {"unitPrice": new},
        title="it",
        marks={("unitPrice",): Mark("changed", old)},
        notes={("unitPrice",): NOTE},
    )
    root = Node((False, ""), parent=None, row=0)
    fill(root, tree)
    node = Node((False, "unitPrice"), parent=root, row=0)
    fill(node, tree)
    image = QImage(width, 24, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    look = Look(
        label="unitPrice",
        left=12,
        is_open=False,
        is_current=False,
        has_focus=False,
        is_touched=False,
        needle="",
        is_hit=False,
    )
    paint_row(painter, QRect(0, 0, width, 24), node, look)
    painter.end()
    return texts


def px(letters: int) -> int:
    return round(glyphs_of(themes().current.mono_font()).advance * letters)


def test_with_room_for_all_the_whole_note_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert painted(monkeypatch, 800, old=1213, new=1214) == [
        "unitPrice",
        "1,213",
        "→",
        "1,214",
        NOTE,
    ]


def test_the_note_is_cut_and_goes_before_a_value_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """As wide as name, old and new value need, and less than the note beside them."""
    seen = [painted(monkeypatch, px(it), old=1213, new=1214) for it in range(28, 70, 3)]

    assert all(it[:4] == ["unitPrice", "1,213", "→", "1,214"] for it in seen)
    notes = [it[4] for it in seen if len(it) > 4]
    assert len(notes) < len(seen)
    assert notes[0].endswith("…")
    assert all(NOTE.startswith(it.rstrip("…")) for it in notes)


def test_an_old_value_is_cut_before_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = painted(monkeypatch, px(40), old="Tiago Gonçalves", new="Tiago Gonzales")

    assert texts[0] == "unitPrice"
    assert texts[1].startswith('"Ti')
    assert texts[1].endswith("…")
    assert texts[2:] == ["→", '"Tiago Gonzales"']
