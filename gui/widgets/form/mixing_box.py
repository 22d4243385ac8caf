"""The question before events are added to a store that has some."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from gui.words import said


def ask_to_mix(dialog: QDialog, text: str, more: str, *, add: Callable[[], None]) -> QMessageBox:
    """Nothing that was added can be taken out again, so Enter leaves the store alone. `add` is
    called by "Add to it"."""
    box = QMessageBox(QMessageBox.Icon.Warning, dialog.windowTitle(), text)
    box.setParent(dialog, Qt.WindowType.Dialog)
    box.setInformativeText(more)
    adding = box.addButton(said("Add to it"), QMessageBox.ButtonRole.AcceptRole)
    leaving = box.addButton(said("Do not add"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leaving)
    box.setEscapeButton(leaving)
    adding.clicked.connect(add)
    box.open()
    return box
