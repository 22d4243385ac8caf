"""Rows of a table, and what is to be seen of the chosen one: a title, a text and a value."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.widgets.boxes import column_of
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.words import Words


class RowsAndValue(QWidget):
    """`row_chosen(row)` when a person moves to a row."""

    row_chosen = Signal(int)

    def __init__(self, name: str, value_name: str, *, empty: str, no_value: str) -> None:
        super().__init__()
        self.rows = TextGrid(name, empty=empty)
        self.title, self.text = Words("strong"), Words()
        self.value = JsonTree(value_name, empty=no_value)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.rows)
        split.addWidget(column_of((self.title, 0), (self.text, 0), (self.value, 1)))
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.rows.row_chosen.connect(self.row_chosen)

    def show_rows(self, titles: Sequence[str], rows: Sequence[TextRow]) -> None:
        """Other rows; the one that is chosen stays so by its place."""
        self.rows.show_rows(tuple(titles), list(rows))

    def show_chosen(self, title: str, text: str, value: Any, *, name: str, tone: str) -> None:
        """What is to be seen of the chosen row; `value` is JSON, None for nothing."""
        self.title.say(title, role=tone)
        self.text.say(text)
        self.value.forget_place()
        if value is None:
            self.value.clear()
        else:
            self.value.show_value(value, title=name)
