"""What is offered where another process has kept a version of what is edited here."""

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.words import said

LOOK_MS: Final = 1_000  # between two looks


class TheirsBar(QWidget):
    """Hidden until there is such a version; `look_wanted()` now and then while it lives,
    `load_wanted()` and `keep_wanted()` when a button was pressed."""

    look_wanted = Signal()
    load_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.load = QPushButton(said("&Load theirs"))
        self.keep = QPushButton(said("&Keep mine"))
        cells = QHBoxLayout(self)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.addWidget(self.load)
        cells.addWidget(self.keep)
        cells.addStretch(1)
        self.load.clicked.connect(self.load_wanted)
        self.keep.clicked.connect(self.keep_wanted)
        looking = QTimer(self, interval=LOOK_MS)
        looking.timeout.connect(self.look_wanted)
        looking.start()
        self.setVisible(False)
