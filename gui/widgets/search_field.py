"""A field to search with: tells what was typed once the typing rests."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit

from gui.look.icons import icon
from gui.look.theme import themes

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchField(QLineEdit):
    """Signals: `searched(text)` after a rest or at once on Enter, `next_wanted()` on Enter when
    the text was already told, `previous_wanted()` on Shift+Enter, `left()` on Esc when empty.
    """

    searched = Signal(str)
    next_wanted = Signal()
    previous_wanted = Signal()
    left = Signal()

    def __init__(self, name: str, placeholder: str, *, pause_ms: int = 120) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        self._told = ""
        self._rest = QTimer(self, singleShot=True, interval=pause_ms)
        self._rest.timeout.connect(self._tell)
        self.textChanged.connect(self._wait)
        self._lens = self.addAction(icon("search", themes().current["text_faint"]), _LEADING)
        self._hits = QLabel(self)
        self._hits.setProperty("role", "faint")
        self._hits.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hits.hide()
        themes().changed.connect(self._restyle)

    def set_hits(self, text: str) -> None:
        """A faint note at the end of the field: "3 of 12"."""
        self._hits.setText(text)
        self._hits.setVisible(bool(text))
        self._place_hits()

    def hits(self) -> str:
        """That note."""
        return self._hits.text()

    def set_problem(self, text: str) -> None:
        """Mark what was typed as wrong and say why on hover; "" takes it back."""
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.setProperty("problem", bool(text))
        self.style().unpolish(self)
        self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._enter(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place_hits()

    def _enter(self, *, backwards: bool) -> None:
        if self.text() != self._told:
            self._tell()
        elif backwards:
            self.previous_wanted.emit()
        else:
            self.next_wanted.emit()

    def _escape(self) -> None:
        if self.text():
            self.clear()
            self._tell()
        else:
            self.left.emit()

    @Slot()
    def _wait(self) -> None:
        self._rest.start()

    @Slot()
    def _tell(self) -> None:
        self._rest.stop()
        if self.text() != self._told:
            self._told = self.text()
            self.searched.emit(self._told)

    def _place_hits(self) -> None:
        size = self._hits.sizeHint()
        right = self.width() - (28 if self.text() else 8)
        self._hits.setGeometry(
            right - size.width(), (self.height() - size.height()) // 2, size.width(), size.height()
        )

    @Slot()
    def _restyle(self) -> None:
        self._lens.setIcon(icon("search", themes().current["text_faint"]))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, themes().current["text_faint"])
        self.setPalette(palette)


_LEADING: Final = QLineEdit.ActionPosition.LeadingPosition
