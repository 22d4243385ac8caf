"""Rows of a form that ask for a file: a label that leads to its field, the field, and a button."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from gui.words import said


def label_of(text: str, field: QWidget) -> QLabel:
    """A label whose underlined letter leads to its field."""
    label = QLabel(text)
    label.setBuddy(field)
    return label


def file_row(text: str, field: QLineEdit, choose: Callable[[], None]) -> tuple[QLabel, QHBoxLayout]:
    """The label, and the field with a button "Choose…" beside it, which calls `choose`."""
    field.setAccessibleName(text.replace("&", ""))
    button = QPushButton(said("Choose…"))
    button.setAutoDefault(False)
    button.clicked.connect(choose)
    cells = QHBoxLayout()
    cells.addWidget(field, 1)
    cells.addWidget(button)
    return label_of(text, field), cells
