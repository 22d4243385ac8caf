"""Texts that were laid out before: drawing one again costs a sixth of drawing it anew."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText, QTransform

from gui.widgets.elision import elided
from store.visible_text import begun, visible

KEPT: Final = 8192  # about a kilobyte each


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """A font with what drawing needs to know of it. There is one for each font."""

    font: QFont
    metrics: QFontMetricsF
    height: float
    advance: float  # of one character where all are as wide, else 0


# Digits, with separators, a sign and units: "1,033", "-0.5", "+2 h 10 min", "12,000 kB".
_AMOUNT: Final = re.compile(r"[+−-]?\s?\d[\d.,\s]*([a-zA-Zµ%]{1,3}(\s\d[\d.,]*\s?[a-zµ]{1,3})*)?")
_KNOWN: Final[dict[str, Glyphs]] = {}


def laid_text(text: str, glyphs: Glyphs) -> QStaticText:
    """Draw it by `painter.drawStaticText(left, top, …)` while the painter has this font."""
    return _laid(visible(begun(text)), glyphs)


def width_of(text: str, glyphs: Glyphs) -> float:
    """How wide a text is, or its beginning where it is very long."""
    text = visible(begun(text))
    if glyphs.advance and text.isascii():
        return len(text) * glyphs.advance
    return _measured(text, glyphs)


def cut_text(text: str, room: float, glyphs: Glyphs) -> str:
    """The text with … at its end where it does not fit, with escapes for what cannot be seen as it
    is. Of a number nothing is left but the …: a part of its digits would be another number."""
    text = visible(begun(text))
    if _AMOUNT.fullmatch(text):
        return text if width_of(text, glyphs) <= room + 0.01 else "…"
    if glyphs.advance and text.isascii():
        most = int(room / glyphs.advance + 0.01)
        return text if len(text) <= most else text[: max(most - 1, 0)] + "…"
    return _elided(text, glyphs, room)


def glyphs_of(font: QFont) -> Glyphs:
    """What drawing needs to know of a font."""
    key = font.key()
    if key not in _KNOWN:
        metrics = QFontMetricsF(font)
        is_even = metrics.horizontalAdvance("i") == metrics.horizontalAdvance("W")
        advance = metrics.horizontalAdvance("0") if is_even else 0.0
        _KNOWN[key] = Glyphs(font, metrics, metrics.height(), advance)
    return _KNOWN[key]


@lru_cache(maxsize=KEPT)
def _laid(text: str, glyphs: Glyphs) -> QStaticText:
    laid = QStaticText(text)
    laid.setTextFormat(Qt.TextFormat.PlainText)
    laid.prepare(QTransform(), glyphs.font)
    return laid


@lru_cache(maxsize=KEPT)
def _measured(text: str, glyphs: Glyphs) -> float:
    return glyphs.metrics.horizontalAdvance(text)


@lru_cache(maxsize=KEPT)
def _elided(text: str, glyphs: Glyphs, room: float) -> str:
    return elided(text, glyphs.metrics, room)
