"""A speed: any number but 0, negative plays backwards; typed, stepped or picked."""

import math
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from gui.widgets.dropdown import Dropdown
from gui.words import said

SPEEDS: Final = (-1.0, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 50.0, 200.0)
WIDEST: Final = "-1000×"


class SpeedField(Dropdown):
    """`chosen(speed)` when a person enters another one; the owner then calls `set_value`.

    What is no number, or 0, is not taken: the field shows the speed in force again.
    """

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = 1.0
        self._edit = QLineEdit(self)
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt's way to have none
        self.addItems([speed_text(speed) for speed in SPEEDS])
        self.setAccessibleName(said("Speed"))
        self.setToolTip(said("Speed: any number; negative plays backwards"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(WIDEST) + 30)
        self._edit.installEventFilter(self)
        self._edit.editingFinished.connect(self._take_text)
        self.activated.connect(self._take_item)
        self.set_value(1.0)

    @property
    def value(self) -> float:
        """The speed shown."""
        return self._value

    def set_value(self, speed: float) -> None:
        """Show the speed in force, unless another one is just being typed."""
        self._value = speed
        if not (self._edit.hasFocus() and self._edit.isModified()):
            self.setEditText(speed_text(speed))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down double and halve; Escape shows the speed in force again."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                factor = 2.0 if event.key() == Qt.Key.Key_Up else 0.5
                self._want(self._value * factor)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._show_value()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _take_text(self) -> None:
        speed = parse_speed(self.currentText())
        self._show_value()
        if speed is not None:
            self._want(speed)

    @Slot(int)
    def _take_item(self, index: int) -> None:
        self._show_value()
        if 0 <= index < len(SPEEDS):
            self._want(SPEEDS[index])

    def _want(self, speed: float) -> None:
        if speed != self._value:
            self.chosen.emit(speed)

    def _show_value(self) -> None:
        self._edit.setModified(False)
        self.setEditText(speed_text(self._value))


def speed_text(speed: float) -> str:
    """For example 4×, 0.25×, -1×."""
    return f"{speed:.6g}×"


def parse_speed(text: str) -> float | None:
    """Read a speed; None when it is no finite number or 0."""
    trimmed = text.strip().rstrip("×xX*").strip().replace("−", "-").replace(",", ".")
    try:
        speed = float(trimmed)
    except ValueError:
        return None
    return speed if speed and math.isfinite(speed) else None
