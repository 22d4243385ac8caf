"""The tokens of a theme: colours, fonts and sizes, from one file."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from PySide6.QtGui import QColor, QFont, QFontDatabase

from gui.look.contrast import MARKS, WORDS, mixed, thinned

Scheme = Literal["light", "dark", "contrast"]

RESOURCES: Final = Path(__file__).parents[2] / "resources"
UI_FAMILIES: Final = ["Inter", "Noto Sans", "DejaVu Sans"]
LATER: Final = 0.4  # of its colour, for what is after the cursor, where that leaves enough contrast
FLAG_LINE: Final = 0.43  # of its colour, for the line below a flag, where that is enough too
SHADE: Final = 0.1  # of the accent, over the canvas of a chosen range
MONO_FAMILIES: Final = ["JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One scheme's tokens. Sizes are logical pixels."""

    scheme: Scheme
    colors: dict[str, QColor]
    event_palette: tuple[QColor, ...]
    event_marks: tuple[str, ...]
    ui_px: int
    small_px: int
    mono_px: int
    title_px: int
    unit_px: int
    row_px: int
    bar_px: int
    padding_px: int
    radius_px: int

    def __getitem__(self, name: str) -> QColor:
        """A colour by its token's name."""
        return self.colors[name]

    def event_color(self, index: int) -> QColor:
        """The colour of the event type with this number."""
        return self.event_palette[index % len(self.event_palette)]

    def event_mark(self, index: int) -> str:
        """The shape of the event type with this number. Shapes move on by one against colours each
        time all colours are used up, so a look comes again only when all pairs were."""
        at = index + index // len(self.event_palette)
        return self.event_marks[at % len(self.event_marks)]

    @property
    def shaded(self) -> QColor:
        """The canvas of a range that is chosen, or lies between A and the cursor."""
        return mixed(self["accent"], self["canvas"], SHADE)

    def later_words(self, name: str) -> QColor:
        """The colour of words that belong to what is after the cursor: thinner, and readable."""
        return thinned(self[name], self["canvas"], wanted=LATER, least=WORDS, seen_on=self.shaded)

    def later_event_color(self, index: int) -> QColor:
        """The colour of a mark after the cursor, of the event type with this number."""
        color, ground = self.event_color(index), self["canvas"]
        return thinned(color, ground, wanted=LATER, least=MARKS, seen_on=self.shaded)

    def later_mark(self, name: str) -> QColor:
        """The colour of a line or a mark that belongs to what is after the cursor."""
        return thinned(self[name], self["panel"], wanted=LATER, least=MARKS)

    def flag_line(self) -> QColor:
        """The colour of the thin line through the lanes below a flag."""
        ground = self["canvas"]
        return thinned(self["warn"], ground, wanted=FLAG_LINE, least=MARKS, seen_on=self.shaded)

    def ui_font(self, *, weight: QFont.Weight = QFont.Weight.Normal, px: int = 0) -> QFont:
        """The font for words; figures in it have equal widths."""
        return _font(tuple(UI_FAMILIES), px or self.ui_px, weight)

    def mono_font(self, *, weight: QFont.Weight = QFont.Weight.Normal, px: int = 0) -> QFont:
        """The font for names, numbers and payloads."""
        return _font(tuple(MONO_FAMILIES), px or self.mono_px, weight)


def load_fonts() -> None:
    """Make the bundled fonts known to Qt."""
    for file in sorted((RESOURCES / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


@lru_cache
def load_theme(scheme: Scheme, scale: float = 1.0) -> Theme:
    """A scheme's tokens from resources/theme/tokens.json, sizes times `scale`."""
    tokens = json.loads((RESOURCES / "theme" / "tokens.json").read_text("utf-8"))
    kept = ("ui_px", "small_px", "mono_px", "title_px", "unit_px", "row_px", "bar_px", "radius_px")
    sizes = tokens["type"] | tokens["space"]
    return Theme(
        scheme=scheme,
        colors={name: QColor(value) for name, value in tokens["color"][scheme].items()},
        event_palette=tuple(QColor(value) for value in tokens["event_palette"][scheme]),
        event_marks=tuple(tokens["event_marks"]),
        padding_px=round(sizes["panel_padding_px"] * scale),
        **{name: round(sizes[name] * scale) for name in kept},
    )


@lru_cache
def _font(families: tuple[str, ...], px: int, weight: QFont.Weight) -> QFont:
    font = QFont(list(families))
    font.setPixelSize(px)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("calt"), 0)  # a name such as 5x4 stays what it is: no 5×4
    return font
