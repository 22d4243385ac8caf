"""A form with room for every field, however low the panel is."""

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from gui.widgets.grid.vertical_scroll import VerticalScroll
from gui.widgets.words import Words


class ScrolledForm(VerticalScroll):
    """`about` stands above the fields."""

    def __init__(self, name: str, about: str, form: QFormLayout) -> None:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(Words("dim", about))
        rows.addLayout(form)
        rows.addStretch(1)
        super().__init__(name, page)
