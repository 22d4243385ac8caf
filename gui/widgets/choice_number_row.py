"""A number for one of several things: choose which, say how many, set it."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QWidget

from gui.widgets.dropdown import Dropdown
from gui.widgets.words import Words
from gui.words import said

MOST: Final = 10_000_000
LEAST_PX: Final = 190


class ChoiceNumberRow(QWidget):
    """`wanted(name, number)` when a person sets it; 0 is shown as "off"."""

    wanted = Signal(str, int)

    def __init__(self, before: str, between: str, *, choice: str, unit: str) -> None:
        super().__init__()
        self._numbers: dict[str, int] = {}
        self.choice = Dropdown()
        self.choice.setAccessibleName(choice)
        self.choice.setMinimumWidth(LEAST_PX)
        self.number = QSpinBox()
        self.number.setRange(0, MOST)
        self.number.setSpecialValueText("off")
        self.number.setSuffix(f" {unit}")
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setAccessibleName(f"{before} {between}")
        self.set = QPushButton(said("Set"))
        self.set.setAutoDefault(False)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        for widget in (Words(text=before), self.choice, Words(text=between), self.number, self.set):
            columns.addWidget(widget)
        columns.addStretch(1)
        self.choice.currentIndexChanged.connect(self._show)
        self.set.clicked.connect(self._tell)

    def learn(self, numbers: Mapping[str, int]) -> None:
        """What holds now."""
        self._numbers = dict(numbers)
        if self.choice.count() != len(numbers):
            self.choice.clear()
            self.choice.addItems(sorted(numbers))
        self._show()

    @Slot()
    def _show(self) -> None:
        self.number.setValue(self._numbers.get(self.choice.currentText(), 0))

    @Slot()
    def _tell(self) -> None:
        self.wanted.emit(self.choice.currentText(), self.number.value())
