"""A dialog in which Enter does what is in sight: it presses the button that has the focus, and in a
field it only ends the typing."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from gui.widgets.keyed_dialog import KeyedDialog

ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DeliberateDialog(KeyedDialog):
    """What cannot be taken back is never done by Enter in a field. `typed()` after Enter there."""

    typed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt would press the default button, or the first one, from any field."""
        if event.key() not in ENTER:
            super().keyPressEvent(event)
            return
        event.accept()
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and self.isAncestorOf(focused):
            focused.click()
        else:
            self.typed.emit()

    def deliberate(self) -> None:
        """No button is the default one. Call it when all of them are laid out."""
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
            button.setDefault(False)
