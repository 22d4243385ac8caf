"""A box for a statement of several lines: it offers words while one types, and steps through
earlier statements at its first and last line."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from gui.look.theme import themes
from gui.widgets.offers_popup import OffersPopup


class StatementBox(QPlainTextEdit):
    """`offers_wanted(text, cursor, is_asked)`: on Ctrl+Space it is asked for; `earlier()` on ↑ in
    the first line, `later()` on ↓ in the last one."""

    offers_wanted = Signal(str, int, bool)
    earlier = Signal()
    later = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        self._offers = OffersPopup(self, insert=self._replace, corner=self._corner)
        self._offers.chosen.connect(self._want_offers)
        self._restyle()
        themes().changed.connect(self._restyle)

    def offered(self) -> list[str]:
        """The texts that are offered now."""
        return self._offers.texts()

    def offer(self, start: int, offers: Sequence[tuple[str, str]]) -> None:
        """Offer (text, detail) in place of the word that begins at `start`; none closes it."""
        if self.hasFocus():
            self._offers.show_offers(start, offers)

    def put_name(self, name: str) -> None:
        """Write a name at the cursor, apart from the words beside it."""
        cursor = self.textCursor()
        before = self.toPlainText()[: cursor.selectionStart()]
        gap = " " if before[-1:].isalnum() or before[-1:] in ("_", '"', ",") else ""
        cursor.insertText(f"{gap}{name}")
        self.setTextCursor(cursor)

    def put_statement(self, text: str) -> None:
        """Show another statement, with the cursor at its end; Ctrl+Z takes it back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        block = self.textCursor().blockNumber()
        if has_control and event.key() == Qt.Key.Key_Space:
            self._tell(is_asked=True)
        elif is_plain and event.key() == Qt.Key.Key_Up and block == 0:
            self.earlier.emit()
        elif is_plain and event.key() == Qt.Key.Key_Down and block == self.blockCount() - 1:
            self.later.emit()
        else:
            super().keyPressEvent(event)
            if event.text() and not has_control:
                self._want_offers()

    @Slot()
    def _want_offers(self) -> None:
        self._tell(is_asked=False)

    def _tell(self, *, is_asked: bool) -> None:
        self.offers_wanted.emit(self.toPlainText(), self.textCursor().position(), is_asked)

    def _replace(self, start: int, text: str) -> None:
        cursor = self.textCursor()
        behind = self.toPlainText()[cursor.position() :]
        cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        gap = "" if text.endswith("(") or behind[:1].isspace() or behind[:1] in (")", ",") else " "
        cursor.insertText(f"{text}{gap}")
        self.setTextCursor(cursor)

    def _corner(self) -> QPoint:
        return self.viewport().mapTo(self, self.cursorRect().bottomLeft())

    @Slot()
    def _restyle(self) -> None:
        self.setFont(themes().current.mono_font())
