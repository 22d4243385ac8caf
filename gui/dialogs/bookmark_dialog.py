"""The name and the note of a bookmark, of an event or of a range."""

from PySide6.QtCore import Qt, Slot
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

from gui.viewmodels.bookmarks import BookmarksViewModel, key_words
from gui.widgets.keyed_dialog import KeyedDialog
from gui.words import said


class BookmarkDialog(KeyedDialog):
    """Enter in the name keeps both; so does Ctrl+Enter in the note."""

    def __init__(
        self,
        bookmarks: BookmarksViewModel,
        key: tuple[int, int | None],
        *,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bookmarks, self._key = bookmarks, key
        found = bookmarks.at(*key)
        what = said("Bookmark") if found is None else said("Edit bookmark")
        title = f"{what}: {key_words(key)}"
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(420, 240)
        self.name = QLineEdit(key_words(key) if found is None else found.name)
        self.note = QPlainTextEdit("" if found is None else found.note)
        self.name.setAccessibleName(said("Name of the bookmark"))
        self.note.setAccessibleName(said("Note"))
        self.note.setPlaceholderText(said("what to remember about this place"))
        self.note.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.keep = QPushButton(said("Save"))
        self.keep.setDefault(True)
        buttons.addButton(self.keep, QDialogButtonBox.ButtonRole.AcceptRole)
        self.remove = QPushButton(said("Remove"))
        self.remove.setEnabled(found is not None)
        buttons.addButton(self.remove, QDialogButtonBox.ButtonRole.DestructiveRole)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        self.remove.clicked.connect(self._remove)
        for key_name in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key_name), self, self._keep)
        form = QFormLayout()
        form.addRow(said("&Name"), self.name)
        form.addRow(said("No&te"), self.note)
        rows = QVBoxLayout(self)
        rows.addLayout(form)
        rows.addWidget(buttons)
        self.name.selectAll()
        self.name.setFocus()

    @Slot()
    def _keep(self) -> None:
        position, until = self._key
        name = self.name.text().strip() or key_words(self._key)
        self._bookmarks.add(position, name, until=until, note=self.note.toPlainText().strip())
        self.accept()

    @Slot()
    def _remove(self) -> None:
        self._bookmarks.remove(*self._key)
        self.accept()
