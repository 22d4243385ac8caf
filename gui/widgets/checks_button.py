"""A flat button that names what is ticked and opens a menu in which more can be."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from gui.widgets.lettered_menu import LetteredMenu


class ChecksButton(QToolButton):
    """`ticked(text, is_on)` when a person ticks or unticks one; the owner then calls `show_texts`.

    `nothing` is shown while none is ticked.
    """

    ticked = Signal(str, bool)

    def __init__(self, name: str, *, nothing: str) -> None:
        super().__init__()
        self._name, self._nothing = name, nothing
        self._menu = LetteredMenu(parent=self)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu.triggered.connect(self._tell)
        self.show_texts((), ())

    def show_texts(self, texts: Sequence[str], ticked: Collection[str]) -> None:
        """Offer these, some of them ticked."""
        if [it.data() for it in self._menu.actions()] != list(texts):
            self._menu.clear()
            for text in texts:
                action = self._menu.addAction(text.replace("&", "&&"))
                action.setData(text)
                action.setCheckable(True)
        for action in self._menu.actions():
            action.setChecked(action.data() in ticked)
        told = ", ".join(it for it in texts if it in ticked) or self._nothing
        self.setText(f"{told} ▾")
        self.setToolTip(f"{self._name}: {told}")
        self.setAccessibleName(f"{self._name}: {told}")

    @Slot(QAction)
    def _tell(self, action: QAction) -> None:
        self.ticked.emit(action.data(), action.isChecked())
