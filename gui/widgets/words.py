"""A wrapped text that takes no room while there is nothing to say."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


class Words(QLabel):
    """`role` is a role of the style sheet (dim, faint, error, …)."""

    def __init__(self, role: str = "", text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", role)
        self.hide()
        if text:
            self.say(text)

    def say(self, text: str, *, role: str | None = None) -> None:
        """Show a text, or nothing; with another role if one is given."""
        self.setText(text)
        self.setVisible(bool(text))
        if role is not None and role != self.property("role"):
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
