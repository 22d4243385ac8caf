"""The name of the line in view, and behind it a menu of all lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QToolButton

from gui.widgets.lettered_menu import LetteredMenu
from gui.widgets.tips import set_tip
from gui.words import said
from store.visible_text import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class LineText:
    """A line of the menu. `key` is told when it is chosen."""

    key: str
    name: str
    about: str = ""


class LineButton(QToolButton):
    """`wanted(key)` when a person chooses a line; `opens()` before the menu is in sight, when
    `offer` says what it shows; `closes()`."""

    wanted = Signal(str)
    opens = Signal()
    closes = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._choose)
        self._lines: list[QAction] = []
        self.lines = LetteredMenu(parent=self)
        self.lines.setToolTipsVisible(True)
        self.lines.aboutToShow.connect(self.opens)
        self.lines.aboutToHide.connect(self.closes)
        self.setMenu(self.lines)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_line(self, name: str, about: str, *, is_branch: bool) -> None:
        """The one in view."""
        self.setText(visible(name))
        told = said("Branch: {name}", name=name) if is_branch else said("Line: {name}", name=name)
        self.setAccessibleName(told)
        set_tip(self, about)

    def offer(self, lines: Sequence[LineText], current: str, others: Sequence[QAction]) -> None:
        """All lines, and behind them what can be done."""
        self.lines.clear()
        for it in self._lines:
            self._group.removeAction(it)
            it.deleteLater()
        self._lines = [self._line(it, is_current=it.key == current) for it in lines]
        self.lines.addActions(self._lines)
        self.lines.addSeparator()
        self.lines.addActions(list(others))
        self.lines.give_letters()

    def open_menu(self) -> None:
        """By a key."""
        self.lines.popup(self.mapToGlobal(QPoint(0, self.height())))
        chosen = self._group.checkedAction()
        if chosen is not None:
            self.lines.setActiveAction(chosen)

    def _line(self, it: LineText, *, is_current: bool) -> QAction:
        about = f"    {it.about}" if it.about else ""
        action = QAction(visible(f"{it.name}{about}").replace("&", "&&"), self)
        action.setData(it.key)
        action.setCheckable(True)
        action.setChecked(is_current)
        self._group.addAction(action)
        return action

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.wanted.emit(str(action.data()))
