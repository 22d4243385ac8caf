"""What an empty panel shows: why it is empty, and the next step."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gui.look.icons import pixmap
from gui.look.theme import themes
from store.visible_text import visible_lines

ICON_PX: Final = 32


class EmptyState(QWidget):
    """An icon, a sentence and, where there is one, a button: `step_wanted()`."""

    step_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._icon_name = "info"
        self._icon, self._sentence, self._step = QLabel(), QLabel(), QPushButton()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setProperty("role", "dim")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._step.clicked.connect(self._want_step)
        self._lay_out()
        themes().changed.connect(self._restyle)

    def show_state(self, icon_name: str, sentence: str, step: str = "") -> None:
        """Say why it is empty; without a `step` there is no button."""
        self._icon_name = icon_name
        sentence = visible_lines(sentence)
        self._sentence.setText(sentence)
        self._step.setText(step)
        self._step.setVisible(bool(step))
        self.setAccessibleDescription(sentence)
        self._restyle()

    def _lay_out(self) -> None:
        center = Qt.AlignmentFlag.AlignHCenter
        rows = QVBoxLayout(self)
        rows.setSpacing(themes().current.unit_px * 3)
        rows.addStretch(2)
        rows.addWidget(self._icon, 0, center)
        rows.addWidget(self._sentence)  # aligned, it would not get the height its lines need
        rows.addWidget(self._step, 0, center)
        rows.addStretch(3)
        self._step.hide()

    @Slot()
    def _want_step(self) -> None:
        self.step_wanted.emit()

    @Slot()
    def _restyle(self) -> None:
        color = themes().current["text_faint"]
        self._icon.setPixmap(pixmap(self._icon_name, color, ICON_PX))
