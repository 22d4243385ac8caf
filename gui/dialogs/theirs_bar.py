"""What a dialog offers where another process has kept a version of what it teaches."""

from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from gui.viewmodels.teaching import TeachingViewModel
from gui.words import said

LOOK_MS: Final = 1_000  # between two looks at the file


class TheirsBar(QWidget):
    """Looks for versions of others while it lives; shown once there is one."""

    def __init__(self, teaching: TeachingViewModel, note: QLineEdit) -> None:
        super().__init__()
        self._teaching, self._note = teaching, note
        self.load = QPushButton(said("&Load theirs"))
        self.keep = QPushButton(said("&Keep mine"))
        cells = QHBoxLayout(self)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.addWidget(self.load)
        cells.addWidget(self.keep)
        cells.addStretch(1)
        self.load.clicked.connect(teaching.load_theirs)
        self.keep.clicked.connect(self._keep)
        teaching.changed.connect(self._show)
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(teaching.look_for_others)
        self._looking.start()
        self._show()

    @Slot()
    def _show(self) -> None:
        self.setVisible(bool(self._teaching.theirs))

    @Slot()
    def _keep(self) -> None:
        self._teaching.keep_mine(self._note.text().strip())
