"""A value that changes step by step: a tree, and buttons that go along the steps."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tree.json_tree import JsonTree
from gui.words import said


class ValueStepper(QWidget):
    """`back_wanted()` and `on_wanted()`; whoever owns it shows the value and says where it is."""

    back_wanted = Signal()
    on_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.tree = JsonTree(name)
        self.place = ElidedLabel(role="faint")
        self.back, self.on = QPushButton("◂"), QPushButton("▸")
        self.back.setAccessibleName(said("One event back"))
        self.back.setToolTip(said("One event back (Alt+←)"))
        self.on.setAccessibleName(said("One event forward"))
        self.on.setToolTip(said("One event forward (Alt+→)"))
        cells = QHBoxLayout()
        cells.addWidget(self.back)
        cells.addWidget(self.place, 1)
        cells.addWidget(self.on)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(cells)
        rows.addWidget(self.tree, 1)
        for button, signal in ((self.back, self.back_wanted), (self.on, self.on_wanted)):
            button.setAutoDefault(False)
            button.clicked.connect(signal)

    def tell(self, place: str, *, at: int, count: int) -> None:
        """Say where it is, of so many steps."""
        self.place.set_text(place)
        self.back.setEnabled(at > 0)
        self.on.setEnabled(at < count)
