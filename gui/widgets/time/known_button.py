"""How much was known, as a read-out of the transport bar; its menu chooses another moment."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from gui.look.theme import themes
from gui.widgets.lettered_menu import LetteredMenu
from gui.widgets.tips import set_tip
from gui.words import said

CHOICES: Final = {
    "cursor": said("Known at the cursor"),
    "anchor": said("Known at A"),
    "all": said("All that is recorded by now"),
    "typed": said("Known at another moment…"),
}
TIP: Final = said("Only events that were recorded by this moment count")


class KnownButton(QToolButton):
    """`wanted(key of CHOICES)` when a person picks one. Hidden while it has no text."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        menu = LetteredMenu(parent=self)
        self._actions = {key: menu.addAction(text) for key, text in CHOICES.items()}
        for key, action in self._actions.items():
            action.setData(key)
        menu.triggered.connect(self._choose)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(said("What was known"))
        themes().changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def anchor_action(self) -> QAction:
        """Of the choice that needs an A."""
        return self._actions["anchor"]

    def set_text(self, text: str) -> None:
        """Show how much was known; an empty text hides the button."""
        self.setText(f"{text} ▾" if text else "")
        self.setAccessibleName(text or said("What was known"))
        set_tip(self, TIP)
        self.setVisible(bool(text))

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.wanted.emit(str(action.data()))

    @Slot()
    def _restyle(self) -> None:
        self.setFont(themes().current.mono_font())
