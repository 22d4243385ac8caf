"""The sheet of all keys, as the table of actions has them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.action_table import ACTIONS

OTHER_KEYS = (
    ("0 … 9 within half a second", "Speed: 5 0 is 50×, 0 5 is 0.5×"),
    ("Drag in the lanes", "Move the cursor; Shift frees it from marks"),
    ("Drag in the ruler", "Select a range: A and cursor at its ends"),
    ("Ctrl+wheel, Shift+wheel", "Zoom at the pointer, pan"),
    ("Shift+click in the table", "Select a range of events"),
)


class KeysDialog(QDialog):
    """Two columns: what, and by which keys."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAccessibleName("Keys")
        self.resize(520, 640)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setColumnStretch(0, 1)
        rows = [(spec.text.rstrip("…"), "   ".join(spec.keys)) for spec in ACTIONS if spec.keys]
        rows += [(what, keys) for keys, what in OTHER_KEYS]
        for row, (what, keys) in enumerate(rows):
            grid.addWidget(QLabel(what), row, 0)
            label = QLabel(keys)
            label.setProperty("role", "dim")
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, row, 1)
        area = QScrollArea()
        area.setAccessibleName("All keys")
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(page)
        QVBoxLayout(self).addWidget(area)
