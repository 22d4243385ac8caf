"""The two fields that say where something on a network is, and prove that one may ask it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit

from gui.words import said


class AddressBox(QComboBox):
    """An address that is typed, or chosen from those that are known."""

    def __init__(self, example: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setAccessibleName(said("Address"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        if (line := self.lineEdit()) is not None:
            line.setPlaceholderText(example)
            line.setAccessibleName(said("Address"))

    def offer(self, known: Sequence[str], *, chosen: str) -> None:
        """Put these in the list, and one of them, or nothing, into the field."""
        self.addItems(known)
        self.setCurrentText(chosen)


class PasswordField(QLineEdit):
    """A password: what is typed is not shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(said("Password"))
