"""Names that are checked, none or several: a list with a box at each."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from gui.widgets.empty_words import EmptyWords
from store.visible_text import visible

LINES: Final = 4  # that are in sight
NAME: Final = Qt.ItemDataRole.UserRole


class CheckedNames(QListWidget):
    """`edited()` when a person has checked or unchecked a name: with the mouse, or with Space."""

    edited = Signal()

    def __init__(self, name: str, *, empty: str = "") -> None:
        """`empty` is what it says while there are no names."""
        super().__init__()
        self.setAccessibleName(name)
        self.setTabKeyNavigation(False)
        line = self.fontMetrics().height() + 6
        self.setFixedHeight(line * LINES + 2 * self.frameWidth())
        self.itemChanged.connect(self._tell)
        EmptyWords(self, empty)

    def offer(self, names: Sequence[str]) -> None:
        """Show these; what is checked stays so where it is among them."""
        if list(names) == [self._name(at) for at in range(self.count())]:
            return
        checked = self.checked()
        self.clear()
        self.blockSignals(True)
        for it in names:
            item = QListWidgetItem(visible(it))
            item.setData(NAME, it)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_state(it in checked))
            self.addItem(item)
        self.blockSignals(False)

    def checked(self) -> tuple[str, ...]:
        """The names, in the order of the list."""
        on = Qt.CheckState.Checked
        places = (at for at in range(self.count()) if self.item(at).checkState() == on)
        return tuple(self._name(at) for at in places)

    def check(self, names: Sequence[str]) -> None:
        """Check these alone, without telling."""
        self.blockSignals(True)
        for at in range(self.count()):
            self.item(at).setCheckState(_state(self._name(at) in names))
        self.blockSignals(False)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Somebody who comes by the keys stands on a name at once."""
        super().focusInEvent(event)
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)

    @Slot(QListWidgetItem)
    def _tell(self, _item: QListWidgetItem) -> None:
        self.edited.emit()

    def _name(self, at: int) -> str:
        return str(self.item(at).data(NAME))


def _state(is_checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if is_checked else Qt.CheckState.Unchecked
