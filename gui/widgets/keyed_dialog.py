"""A dialog whose Tab goes in the order of reading, and in which Enter presses the button that has
the keyboard."""

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolButton

from gui.widgets.own_keys import presses_button
from gui.widgets.reading_order import go_on


class KeyedDialog(QDialog):
    """What every dialog of the window is; Enter elsewhere presses the default button."""

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Whenever parts were made."""
        return go_on(self, is_next=is_next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = QApplication.focusWidget()
        is_button = isinstance(focused, QPushButton | QToolButton)
        if not (is_button and presses_button(event, focused)):
            super().keyPressEvent(event)
