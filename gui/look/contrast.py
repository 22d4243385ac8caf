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


def thinned(
    color: QColor,
    ground: QColor,
    *,
    wanted: float,
    least: float,
    seen_on: QColor | None = None,
) -> QColor:
    """A share `wanted` of the colour over its ground, or as much more as keeps a contrast of
    `least` on it, and on another ground on which it can lie; the colour itself where it has no
    more than that."""
    other = ground if seen_on is None else seen_on
    return _thinned(color.rgb(), ground.rgb(), other.rgb(), wanted, least)


@lru_cache(maxsize=256)
def _thinned(over: int, under: int, seen_on: int, wanted: float, least: float) -> QColor:
    color, ground, other = map(QColor.fromRgb, (over, under, seen_on))
    for step in range(_STEPS + 1):
        found = mixed(color, ground, wanted + (1 - wanted) * step / _STEPS)
        if min(contrast(found, ground), contrast(found, other)) >= least + _SPARE:
            return found
    return color


def mixed(color: QColor, ground: QColor, share: float) -> QColor:
    """So much of the colour over its ground."""
    rest = 1 - share
    return QColor(
        round(color.red() * share + ground.red() * rest),
        round(color.green() * share + ground.green() * rest),
        round(color.blue() * share + ground.blue() * rest),
    )
