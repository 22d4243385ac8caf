"""Texts that were laid out before: drawing one again costs a sixth of drawing it anew."""

from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText, QTransform

KEPT: Final = 8192  # about a kilobyte each


class Glyphs(NamedTuple):
    """A font with what drawing needs to know of it."""

    font: QFont
    key: str
    height: float
    advance: float  # of one character where all are as wide, else 0


def laid_text(text: str, glyphs: Glyphs) -> QStaticText:
    """Draw it by `painter.drawStaticText(left, top, …)` while the painter has this font."""
    return _laid(text, glyphs.key)


def width_of(text: str, glyphs: Glyphs) -> float:
    """How wide a text is."""
    if glyphs.advance and text.isascii():
        return len(text) * glyphs.advance
    return _measured(text, glyphs.key)


def cut_text(text: str, room: float, glyphs: Glyphs, *, at_start: bool = False) -> str:
    """The text with … where it does not fit: at its end, or at its start."""
    if glyphs.advance and text.isascii():
        most = int(room / glyphs.advance + 0.01)
        if len(text) <= most:
            return text
        return "…" + text[len(text) - max(most - 1, 0) :] if at_start else text[: most - 1] + "…"
    mode = Qt.TextElideMode.ElideLeft if at_start else Qt.TextElideMode.ElideRight
    return _elided(text, glyphs.key, room, mode)


def glyphs_of(font: QFont) -> Glyphs:
    """What drawing needs to know of a font."""
    return _glyphs(font.key())


@lru_cache(maxsize=KEPT)
def _laid(text: str, font_key: str) -> QStaticText:
    laid = QStaticText(text)
    laid.setTextFormat(Qt.TextFormat.PlainText)
    laid.prepare(QTransform(), _glyphs(font_key).font)
    return laid


@lru_cache(maxsize=KEPT)
def _measured(text: str, font_key: str) -> float:
    return QFontMetricsF(_glyphs(font_key).font).horizontalAdvance(text)


@lru_cache(maxsize=KEPT)
def _elided(text: str, font_key: str, room: float, mode: Qt.TextElideMode) -> str:
    return QFontMetricsF(_glyphs(font_key).font).elidedText(text, mode, room)


@lru_cache(maxsize=32)
def _glyphs(font_key: str) -> Glyphs:
    font = QFont()
    font.fromString(font_key)
    metrics = QFontMetricsF(font)
    is_even = metrics.horizontalAdvance("i") == metrics.horizontalAdvance("W")
    return Glyphs(font, font_key, metrics.height(), metrics.horizontalAdvance("0") * is_even)
