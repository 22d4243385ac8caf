"""A wrapped text that takes no room while there is nothing to say."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel

from store.visible_text import begun, visible_lines


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
        self.setText(visible_lines(begun(text)))
        self._appear()
        if role is not None and role != self.property("role"):
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
