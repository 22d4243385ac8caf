"""A list that a text can be typed into as well."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QCompleter

from gui.widgets.dropdown import Dropdown

NARROWEST: Final = 12  # characters that are always in sight


class OfferedBox(Dropdown):
    """`edited()` with every change by a person's hand; what is offered can change meanwhile."""

    edited = Signal()

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        self.setMinimumContentsLength(NARROWEST)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        line = self.lineEdit()
        assert line is not None
        line.setAccessibleName(name)
        line.setPlaceholderText(placeholder)
        line.textEdited.connect(self.edited)
        self.activated.connect(self.edited)
        self.setCompleter(QCompleter(self))  # of nothing: it would type on by itself

    def text(self) -> str:
        """What is typed or chosen, without blanks around it."""
        return self.currentText().strip()

    def offer(self, values: Sequence[str]) -> None:
        """What can be chosen; what is typed stays."""
        if [self.itemText(at) for at in range(self.count())] == list(values):
            return
        typed = self.currentText()
        self.clear()
        self.addItems(list(values))
        self.setCurrentIndex(-1)
        self.setEditText(typed)

    def set_text(self, text: str) -> None:
        """Type a text, without telling."""
        self.setEditText(text)
