"""How well a colour stands out from its ground, and how far it may be thinned out."""

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QColor

WORDS: Final = 4.5  # of WCAG 2.2, level AA
MARKS: Final = 3.0
_SPARE: Final = 0.15  # for colours in 8 bits, and for the softened edges of thin strokes
_STEPS: Final = 50


def luminance(color: QColor) -> float:
    """As WCAG 2.2 has it, from 0 to 1."""
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """From 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def thinned(color: QColor, ground: QColor, *, wanted: float, least: float) -> QColor:
    """A share `wanted` of the colour over its ground, or as much more as keeps a contrast of
    `least`; the colour itself where it has no more than that."""
    return _thinned(color.rgb(), ground.rgb(), wanted, least)


@lru_cache(maxsize=256)
def _thinned(over: int, under: int, wanted: float, least: float) -> QColor:
    color, ground = QColor.fromRgb(over), QColor.fromRgb(under)
    for step in range(_STEPS + 1):
        share = wanted + (1 - wanted) * step / _STEPS
        mixed = _mixed(color, ground, share)
        if contrast(mixed, ground) >= least + _SPARE:
            return mixed
    return color


def _mixed(color: QColor, ground: QColor, share: float) -> QColor:
    rest = 1 - share
    return QColor(
        round(color.red() * share + ground.red() * rest),
        round(color.green() * share + ground.green() * rest),
        round(color.blue() * share + ground.blue() * rest),
    )
