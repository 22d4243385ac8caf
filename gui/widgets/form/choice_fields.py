"""A labelled list for each of some choices, which come and go with what they belong to."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget


class ChoiceField(NamedTuple):
    """One choice."""

    name: str  # for whoever asks
    title: str  # for people
    values: tuple[str, ...]
    chosen: str


class ChoiceFields(QWidget):
    """`chosen()` when a person has chosen another value."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[ChoiceField, ...] = ()
        self._boxes: dict[str, QComboBox] = {}
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_choices(self, choices: Sequence[ChoiceField]) -> None:
        """Show these; a field that is there already keeps the focus."""
        wanted = tuple(it._replace(chosen="") for it in choices)
        if wanted != self._shown:
            self._shown = wanted
            self._make(choices)
        for it in choices:
            self._boxes[it.name].setCurrentText(it.chosen)
        self.setVisible(bool(choices))

    def values(self) -> dict[str, str]:
        """What is chosen, by name."""
        return {name: box.currentText() for name, box in self._boxes.items()}

    def box(self, name: str) -> QComboBox:
        """The list of one choice."""
        return self._boxes[name]

    def _make(self, choices: Sequence[ChoiceField]) -> None:
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self._boxes = {}
        for it in choices:
            box = QComboBox()
            box.setAccessibleName(it.title)
            box.addItems(list(it.values))
            box.activated.connect(self.chosen)
            self._rows.addRow(it.title, box)
            self._boxes[it.name] = box
