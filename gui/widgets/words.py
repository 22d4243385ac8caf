"""A wrapped text that takes no room while there is nothing to say."""

import re
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel

from store.visible_text import begun, visible_lines

_BREAK: Final = "\u200b"  # a space of no width
_LONG: Final = re.compile(r"\S{40,}")  # a name that would not fit into a line
_PIECE_LETTERS: Final = 16  # characters between places at which it may be broken


class Words(QLabel):
    """A long name in it is broken where the line ends: it does not widen what it stands in. `role`
    is a role of the style sheet (dim, faint, error, …)."""

    def __init__(self, role: str = "", text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", role)
        self.hide()
        if text:
            self.say(text)

    def text(self) -> str:
        """What it says, without the places at which it may be broken."""
        return super().text().replace(_BREAK, "")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange:
            self._appear()
        return super().event(event)

    def _appear(self) -> None:
        """Only inside a parent: a widget of its own would open a window."""
        if self.parentWidget() is not None:
            self.setVisible(bool(self.text()))

    def say(self, text: str, *, role: str | None = None) -> None:
        """Show a text, or nothing; with another role if one is given."""
        self.setText(_LONG.sub(_breakable, visible_lines(begun(text))))
        self._appear()
        if role is not None and role != self.property("role"):
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


def _breakable(name: re.Match[str]) -> str:
    """With a space of no width in it here and there."""
    whole = name.group()
    return _BREAK.join(
        whole[at : at + _PIECE_LETTERS] for at in range(0, len(whole), _PIECE_LETTERS)
    )
