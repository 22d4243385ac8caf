"""What an event is to say in a branch: another content, or that of a new event."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.look.theme import themes
from gui.viewmodels.event_draft import Draft
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.words import Words
from gui.words import said


class EventTextDialog(KeyedDialog):
    """`written(Draft)` when a person keeps it, from which on it waits: `close` it, or `refuse` with
    a sentence. Ctrl+Enter keeps it from any field."""

    written = Signal(object)

    def __init__(
        self, title: str, about: str, draft: Draft, *, is_new: bool, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(640, 520)
        self._is_new, self._draft = is_new, draft
        self.stream, self.type = QLineEdit(draft.stream, self), QLineEdit(draft.type, self)
        self.stream.setVisible(is_new)
        self.data, self.metadata = _json(draft.data), _json(draft.metadata)
        self.wrong = Words("error")
        self.keep = QPushButton(said("Insert") if is_new else said("Replace"))
        self._lay_out(about)
        (self.type if is_new else self.data).setFocus()

    def _lay_out(self, about: str) -> None:
        names = (
            (self.stream, said("Stream")),
            (self.type, said("Event type")),
            (self.data, said("Data")),
            (self.metadata, said("Metadata")),
        )
        for widget, name in names:
            widget.setAccessibleName(name)
        self.metadata.setMaximumHeight(110)
        self.wrong.setAccessibleName(said("Problem"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.keep, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self._keep)
        form = QFormLayout()
        if self._is_new:
            form.addRow(said("&Stream"), self.stream)
        form.addRow(said("&Type"), self.type)
        form.addRow(said("&Data"), self.data)
        form.addRow(said("&Metadata"), self.metadata)
        rows = QVBoxLayout(self)
        rows.addWidget(Words("dim", about))
        rows.addLayout(form, 1)
        rows.addWidget(self.wrong)
        rows.addWidget(buttons)
        self.keep.setDefault(True)  # now that it is in the dialog

    def refuse(self, sentence: str) -> None:
        """It cannot be kept: a person may write something else."""
        self.keep.setEnabled(True)
        self.wrong.say(sentence)

    @Slot()
    def _keep(self) -> None:
        if not self.keep.isEnabled():
            return
        draft = Draft(
            stream=self.stream.text(),
            type=self.type.text(),
            data=self.data.toPlainText(),
            metadata=self.metadata.toPlainText(),
        )
        problem = self._problem(draft)
        self.wrong.say(problem)
        if not problem:
            self.keep.setEnabled(False)
            self.written.emit(draft)

    def _problem(self, draft: Draft) -> str:
        if self._is_new and not draft.stream.strip():
            return said("The event needs a stream.")
        if not self._is_new and draft == self._draft:
            return said("Nothing was changed.")
        return draft.wrong


def _json(text: str) -> QPlainTextEdit:
    box = QPlainTextEdit(text)
    box.setFont(themes().current.mono_font())
    box.setTabChangesFocus(True)
    return box
