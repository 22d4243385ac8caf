"""A line with a list of suggestions: one of them is chosen, or anything else is typed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit

from gui.widgets.dropdown import Dropdown


class SuggestBox(Dropdown):
    """`edited(text)` when a person has typed or chosen, never when the program does."""

    edited = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._suggested: tuple[str, ...] = ()
        self.setEditable(True)
        self.setInsertPolicy(Dropdown.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]
        self.setAccessibleName(name)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.line.setAccessibleName(name)
        self.line.textEdited.connect(self.edited)
        self.activated.connect(self._tell)

    @property
    def line(self) -> QLineEdit:
        """Where one types."""
        line = self.lineEdit()
        assert line is not None, "it can be edited"
        return line

    def show_text(self, text: str, suggested: Sequence[str]) -> None:
        """Show a text, and offer these; where one is typing the cursor stays."""
        if tuple(suggested) != self._suggested:
            at = self.line.cursorPosition()
            self._suggested = tuple(suggested)
            self.blockSignals(True)
            kept = self.currentText()
            self.clear()
            self.addItems(list(self._suggested))
            self.setCurrentIndex(-1)
            self.setEditText(kept)
            self.blockSignals(False)
            self.line.setCursorPosition(at)
        if text != self.currentText():
            self.setEditText(text)
            self.line.setCursorPosition(0)

    @Slot()
    def _tell(self) -> None:
        self.edited.emit(self.currentText())
