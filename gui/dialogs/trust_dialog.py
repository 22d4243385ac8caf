"""A person's own file is a program: before it runs they see which it is, and what it says."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.look.theme import themes
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.words import Words
from gui.words import said


class TrustDialog(KeyedDialog):
    """`trusted(path, sha256)` when the person says so; nothing runs before."""

    trusted = Signal(str, str)

    def __init__(
        self,
        path: str,
        sha256: str,
        text: str,
        parent: QWidget | None = None,
        *,
        what: str = "model",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(said("Trust this {what}?", what=what))
        self.setAccessibleName(said("Trust this {what}?", what=what))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 560)
        self._path, self._sha256 = path, sha256
        title = Words(text=said("{name} is a program", name=Path(path).name))
        title.setProperty("role", "title")
        about = Words(
            "dim",
            said(
                "It runs with your permissions, in its own process, which is ended if it "
                "takes too long or too much memory. Read it first. You are asked again "
                "when it changes."
            ),
        )
        self.where = Words("dim", f"{path}\nSHA-256 {sha256}")
        self.code = QPlainTextEdit(text)
        self.code.setReadOnly(True)
        self.code.setAccessibleName(said("The file"))
        self.code.setFont(themes().current.mono_font())
        self.trust = QPushButton(said("Trust and run"))
        self.trust.setProperty("primary", True)
        self.cancel = QPushButton(said("Cancel"))
        self.cancel.setDefault(True)
        self.cancel.setAutoDefault(True)
        self.trust.setAutoDefault(False)
        rows = QVBoxLayout(self)
        for widget in (title, about, self.where):
            rows.addWidget(widget)
        rows.addWidget(self.code, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.trust)
        rows.addLayout(buttons)
        self.cancel.clicked.connect(self.reject)
        self.trust.clicked.connect(self._give)
        self.cancel.setFocus()

    @Slot()
    def _give(self) -> None:
        self.accept()
        self.trusted.emit(self._path, self._sha256)
