"""The one door to cutting a text with …, so that what is left fits its room."""

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

ELLIPSIS: Final = "…"
_JOINED: Final = re.compile(f"\u200d*{ELLIPSIS}\u200d*")
_RIGHT: Final = Qt.TextElideMode.ElideRight


def elided(text: str, metrics: QFontMetricsF, room: float, mode: Qt.TextElideMode = _RIGHT) -> str:
    """The text, or as much of it as fits with a … at its end or, as `mode` says, in its middle.

    Qt cuts by the width that the characters have in the whole text. Beside the … they may have
    another one, where the font moves pairs of them closer together: then one more goes. And where
    it parts joined letters it puts a joiner there, which is nothing of the text's own.
    """
    cut = metrics.elidedText(text, mode, room)
    if cut == text:
        return text
    cut = _JOINED.sub(ELLIPSIS, cut)
    while len(cut) > 1 and metrics.horizontalAdvance(cut) > room:
        cut = _JOINED.sub(ELLIPSIS, _shorter(cut))
    return cut


def _shorter(cut: str) -> str:
    """Without the character before the …, or behind it where there is none before."""
    at = cut.find(ELLIPSIS)
    if at == 0:
        return f"{ELLIPSIS}{cut[2:]}"
    return f"{cut[: at - 1].rstrip()}{ELLIPSIS}{cut[at + 1 :]}"
