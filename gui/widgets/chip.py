"""A floating note that can be clicked: "12 new events"."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QPushButton

from store.visible_text import visible


class Chip(QPushButton):
    """Hidden while it has nothing to say. `clicked` as every button."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setProperty("role", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_text("")

    def set_text(self, text: str) -> None:
        """Say something; "" hides the chip."""
        text = visible(text)
        self.setText(text)
        self.setAccessibleName(text or self._name)
        self._show_if_speaking()
        self.adjustSize()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange:
            self._show_if_speaking()
        return super().event(event)

    def _show_if_speaking(self) -> None:
        if self.parent() is not None:  # without one, showing would open a window
            self.setVisible(bool(self.text()))
