"""A box for filters and plain words: it says which of them it holds, offers what can stand at the
cursor, and tells what is wrong under the character that it concerns."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from gui.look.icons import icon
from gui.look.theme import themes
from gui.widgets.offers_popup import OffersPopup, corner_of, replace_word
from gui.widgets.words import Words
from gui.words import said

_LEADING: Final = QLineEdit.ActionPosition.LeadingPosition


class FilterBox(QWidget):
    """`kind(text)` is the word that the box shows for what it holds; `wrong(text)` gives a place
    and what is wrong there, or None. Both must be quick.

    Signals: `rested(text)` when typing has paused, `entered(text)` on Enter, or when the box is
    left, with a text that is right, and when it is emptied; `offers_wanted(text, cursor)`. Esc
    empties it; `line.left()` when it is empty.
    """

    rested = Signal(str)
    entered = Signal(str)
    offers_wanted = Signal(str, int)

    def __init__(
        self,
        name: str,
        placeholder: str,
        *,
        kind: Callable[[str], str],
        wrong: Callable[[str], tuple[int, str] | None],
        pause_ms: int = 120,
    ) -> None:
        super().__init__()
        self._kind, self._wrong = kind, wrong
        self.line = _Line()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(placeholder)
        self.line.setClearButtonEnabled(True)
        self.message = Words("error")
        self._rest = QTimer(self, singleShot=True, interval=pause_ms)
        self._offers = OffersPopup(
            self.line,
            insert=partial(replace_word, self.line),
            corner=partial(corner_of, self.line),
        )
        self._told = ""  # by `entered`
        self._is_setting = False
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addWidget(self.line)
        rows.addWidget(self.message)
        self.setFocusProxy(self.line)
        self._connect()

    def text(self) -> str:
        """What stands there."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Show what was set elsewhere; nothing is told of it."""
        self._told = text
        if self.line.text() != text:
            self._is_setting = True
            self.line.setText(text)
            self._is_setting = False
            self._rest.stop()
            self._forget()

    def kind_shown(self) -> str:
        """The word that says what the box holds."""
        return self.line.kind.text()

    def offered(self) -> list[str]:
        """The texts that are offered now."""
        return self._offers.texts()

    @Slot()
    def check(self) -> bool:
        """Whether the text is right; otherwise say what is not, with the cursor at the place."""
        found = self._wrong(self.line.text())
        if found is None:
            self._forget()
            return True
        self.line.setCursorPosition(found[0])
        self.tell(*found)
        return False

    def tell(self, at: int, problem: str) -> None:
        """Say something under a character; the cursor stays."""
        self.message.setIndent(min(self.line.x_of(at), self.width() // 2))
        self.message.say(f"↑ {problem}")
        self.line.setAccessibleDescription(
            said("character {at}: {problem}", at=at + 1, problem=problem)
        )

    def offer(self, start: int, offers: Sequence[tuple[str, str]]) -> None:
        """Offer (text, detail) in place of the word that begins at `start`; none closes it."""
        if self.line.hasFocus():
            self._offers.show_offers(start, offers)

    def _connect(self) -> None:
        self.line.textEdited.connect(self._begin)
        self.line.textChanged.connect(self._show_kind)
        self.line.editingFinished.connect(self._enter)
        self.line.offers_wanted.connect(self._want_offers)
        self._rest.timeout.connect(self._tell_rest)
        self._offers.chosen.connect(self._want_offers)

    @Slot(str)
    def _begin(self, text: str) -> None:
        self._forget()
        if text:
            self._rest.start()
        self._want_offers()

    @Slot()
    def _want_offers(self) -> None:
        self.offers_wanted.emit(self.line.text(), self.line.cursorPosition())

    @Slot()
    def _tell_rest(self) -> None:
        self.rested.emit(self.line.text())

    @Slot()
    def _enter(self) -> None:
        self._rest.stop()
        if self.check():
            self._tell_entered()

    def _tell_entered(self) -> None:
        if self.line.text() != self._told:
            self._told = self.line.text()
            self.entered.emit(self._told)

    @Slot(str)
    def _show_kind(self, text: str) -> None:
        self.line.show_kind(self._kind(text))
        if not text:  # an emptied box lets everything through at once
            self._rest.stop()
            self._forget()
            if not self._is_setting:
                self._told = text
                self.entered.emit(text)

    @Slot()
    def _forget(self) -> None:
        self.message.say("")
        self.line.setAccessibleDescription("")


class _Line(QLineEdit):
    """With the kind of what it holds at its right end."""

    offers_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind = QLabel(self)
        self.kind.setProperty("role", "faint")
        self.kind.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.kind.hide()
        self._lens = self.addAction(icon("search", themes().current["text_faint"]), _LEADING)
        self._restyle()
        themes().changed.connect(self._restyle)

    def show_kind(self, kind: str) -> None:
        """Say what stands here; nothing hides it."""
        self.kind.setText(kind)
        self.kind.setVisible(bool(kind))
        self.setTextMargins(0, 0, self.kind.sizeHint().width() + 6 if kind else 0, 0)
        self._place_kind()

    def x_of(self, at: int) -> int:
        """Where a character is, from the left edge."""
        before = self.cursorPosition()
        self.setCursorPosition(at)
        left = self.cursorRect().center().x()
        self.setCursorPosition(before)
        return left

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == (Qt.Key.Key_Space if has_control else Qt.Key.Key_Down):
            self.offers_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place_kind()

    def _escape(self) -> None:
        if self.text():
            self.clear()
        else:
            self.left.emit()

    def _place_kind(self) -> None:
        """Before the buttons at the right end."""
        size, buttons = self.kind.sizeHint(), self.findChildren(QToolButton)
        lefts = [it.x() for it in buttons if it.isVisible() and it.x() > self.width() // 2]
        right = min(lefts, default=self.width()) - 6
        self.kind.setGeometry(
            right - size.width(), (self.height() - size.height()) // 2, size.width(), size.height()
        )

    @Slot()
    def _restyle(self) -> None:
        self.setFont(themes().current.mono_font())
        self._lens.setIcon(icon("search", themes().current["text_faint"]))
