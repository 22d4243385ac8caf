"""A flat button that shows the one chosen thing and opens a menu of all of them."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QToolButton, QWidget

from gui.widgets.lettered_menu import LetteredMenu
from gui.widgets.tips import set_tip
from store.visible_text import visible


class ChoiceButton(QToolButton):
    """`chosen(key)` when a person picks another one; the owner then calls `set_current`.

    As wide as its longest text, so nothing beside it moves.
    """

    chosen = Signal(str)

    def __init__(self, name: str, texts: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        texts = {key: visible(text) for key, text in texts.items()}
        self._texts = texts
        self._group = QActionGroup(self)
        menu = LetteredMenu(parent=self)
        self._actions = {key: self._action(menu, key, text) for key, text in texts.items()}
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._group.triggered.connect(self._choose)
        self._current = next(iter(texts))
        self.set_current(self._current)

    @property
    def current(self) -> str:
        """The key of what is shown."""
        return self._current

    def set_current(self, key: str) -> None:
        """Show this one. Raises KeyError for an unknown key."""
        self._actions[key].setChecked(True)
        self._current = key
        self.setText(_shown(self._texts[key]))
        set_tip(self, f"{self._name}: {self._texts[key]}")
        self.setAccessibleName(f"{self._name}: {self._texts[key]}")

    def sizeHint(self) -> QSize:
        usual = super().sizeHint()
        metrics = self.fontMetrics()
        longest = max(metrics.horizontalAdvance(_shown(text)) for text in self._texts.values())
        missing = longest - metrics.horizontalAdvance(self.text())
        return QSize(usual.width() + missing, usual.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _action(self, menu: LetteredMenu, key: str, text: str) -> QAction:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setData(key)
        self._group.addAction(action)
        return action

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        key, before = action.data(), self._current
        self._actions[before].setChecked(True)  # the owner says when it is so
        if key != before:
            self.chosen.emit(key)


def _shown(text: str) -> str:
    return f"{text} ▾"
