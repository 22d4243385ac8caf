"""The rows of a form for the store that events come into."""

from typing import Final, Literal

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLineEdit, QPushButton

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form.file_row import file_row
from gui.widgets.form.noted_fields import show_note
from gui.words import said

TITLE: Final = said("Store to import into")
STORES: Final = said("Foldline stores (*.foldline)")


class StoreRows(QObject):
    """The field follows the file that is chosen, until a person names a store: then `chosen()`,
    where that was by a button, or `typed()`."""

    chosen = Signal()
    typed = Signal()

    def __init__(self, form: QFormLayout, *, store: str, open_store: str) -> None:
        super().__init__()
        self.field, self.note = QLineEdit(store), ElidedLabel(role="dim")
        self.open_button = QPushButton(said("Add to the open store"))
        self._open_store, self._is_named = open_store, bool(store)
        label, cells = file_row(said("&Into store"), self.field, self._choose)
        cells.insertWidget(1, self.open_button)
        form.addRow(label, cells)
        form.addRow("", self.note)
        self.field.setAccessibleName(TITLE)
        self.field.setPlaceholderText(said("name.foldline: created if it does not exist"))
        self.open_button.setVisible(bool(open_store))
        self.open_button.clicked.connect(self._take_open)
        self.field.textEdited.connect(self._name)

    def text(self) -> str:
        """The store that is named."""
        return self.field.text().strip()

    def follow(self, store: str) -> None:
        """A store beside the file, unless a person has named one."""
        if not self._is_named:
            self.field.setText(store)

    def show_target(self, tone: Literal["dim", "warn"], text: str) -> None:
        """What becomes of the store."""
        show_note(self.note, tone, text)

    @Slot()
    def _name(self) -> None:
        self._is_named = bool(self.text())
        self.typed.emit()

    @Slot()
    def _choose(self) -> None:
        option = QFileDialog.Option.DontConfirmOverwrite
        window, text = self.field.window(), self.field.text()
        chosen, _ = QFileDialog.getSaveFileName(window, TITLE, text, STORES, options=option)
        if chosen:
            self._take(chosen)

    @Slot()
    def _take_open(self) -> None:
        self._take(self._open_store)

    def _take(self, store: str) -> None:
        self._is_named = True
        self.field.setText(store)
        self.chosen.emit()
