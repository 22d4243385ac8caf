"""Where an event belongs in a branch: before which other one."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.words import Words
from gui.words import counted, said


class MoveEventDialog(KeyedDialog):
    """`chosen(before)`: the position that it is to stand before; behind the last one with the head
    and one."""

    chosen = Signal(int)

    def __init__(
        self,
        position: int,
        *,
        first: int,
        head: int,
        suggested: int,
        parent: QWidget | None,
    ) -> None:
        """Positions from `first` to `head` can be chosen; `suggested` stands there at first."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = said("Move event {position:,}", position=position)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._position, self._head = position, head
        self.before = QSpinBox()
        self.before.setAccessibleName(said("Before position"))
        self.before.setRange(first, head + 1)
        self.before.setValue(suggested)
        self.told = Words("dim")
        self.move_button = QPushButton(said("Move"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.move_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(said("&Before position"), self.before)
        rows = QVBoxLayout(self)
        rows.addLayout(form)
        rows.addWidget(self.told)
        rows.addStretch(1)
        rows.addWidget(buttons)
        self.move_button.setDefault(True)  # now that it is in the dialog
        self.resize(400, 150)
        self.before.valueChanged.connect(self._tell)
        self.before.selectAll()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        before, events = self.before.value(), self.before.value() - self._position
        self.move_button.setEnabled(events not in (0, 1))
        if events in (0, 1):
            self.told.say(said("It is there already."))
        elif before > self._head:
            self.told.say(said("It becomes the last event."))
        elif events > 1:
            self.told.say(counted("1 event later", "{count:,} events later", events - 1))
        else:
            self.told.say(counted("1 event earlier", "{count:,} events earlier", -events))

    @Slot()
    def _choose(self) -> None:
        if self.move_button.isEnabled():
            self.chosen.emit(self.before.value())
            self.accept()
