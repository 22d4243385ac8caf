"""Which line of the log something is of: a choice that is there once there are several lines."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.look.theme import themes
from gui.widgets.branch_tint import TINT_PX, paint_tint
from gui.widgets.dropdown import Dropdown


class LineChoice(QWidget):
    """`chosen(id)` when a person chooses. Tinted while a branch is chosen."""

    chosen = Signal(str)

    def __init__(self, words: str) -> None:
        super().__init__()
        self.box = Dropdown()
        self.box.setAccessibleName(words)
        self._is_branch = False
        label = QLabel(words)
        label.setProperty("role", "dim")
        label.setBuddy(self.box)
        cells = QHBoxLayout(self)
        cells.setContentsMargins(12, 4, 12, 4 + TINT_PX)
        cells.addWidget(label)
        cells.addWidget(self.box, 1)
        self.box.activated.connect(self._choose)
        themes().changed.connect(self.update)
        self.hide()

    def offer(self, lines: Sequence[tuple[str, str]], current: str, *, is_branch: bool) -> None:
        """Ids, and words for a person; nothing is in sight while there are none."""
        if [(self.box.itemData(it), self.box.itemText(it)) for it in range(self.box.count())] != [
            *lines
        ]:
            self.box.clear()
            for it, words in lines:
                self.box.addItem(words, it)
        self.box.setCurrentIndex(self.box.findData(current))
        self._is_branch = is_branch
        self.setVisible(bool(lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the heads of panes."""
        super().paintEvent(event)
        if self._is_branch:
            paint_tint(self)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.box.currentData())
