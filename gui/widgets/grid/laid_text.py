"""Texts that were laid out before: drawing one again costs a sixth of drawing it anew."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText, QTransform

KEPT: Final = 8192  # about a kilobyte each


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """A font with what drawing needs to know of it. There is one for each font."""

    font: QFont
    metrics: QFontMetricsF
    height: float
    advance: float  # of one character where all are as wide, else 0


_KNOWN: Final[dict[str, Glyphs]] = {}


def laid_text(text: str, glyphs: Glyphs) -> QStaticText:
    """Draw it by `painter.drawStaticText(left, top, …)` while the painter has this font."""
    return _laid(text, glyphs)


def width_of(text: str, glyphs: Glyphs) -> float:
    """How wide a text is."""
    if glyphs.advance and text.isascii():
        return len(text) * glyphs.advance
    return _measured(text, glyphs)


def cut_text(text: str, room: float, glyphs: Glyphs, *, at_start: bool = False) -> str:
    """The text with … where it does not fit: at its end, or at its start."""
    if glyphs.advance and text.isascii():
        most = int(room / glyphs.advance + 0.01)
        if len(text) <= most:
            return text
        return "…" + text[len(text) - max(most - 1, 0) :] if at_start else text[: most - 1] + "…"
    mode = Qt.TextElideMode.ElideLeft if at_start else Qt.TextElideMode.ElideRight
    return _elided(text, glyphs, room, mode)


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
def _elided(text: str, glyphs: Glyphs, room: float, mode: Qt.TextElideMode) -> str:
    return glyphs.metrics.elidedText(text, mode, room)
