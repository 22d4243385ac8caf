"""A line over the window and what it finds: letters that were sought are bold, a key stands at the
right, and what cannot be done is faint and says why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.palette_line import PaletteDelegate
from gui.words import said

WIDTH_PX: Final = 680
MOST_SHOWN: Final = 12  # rows; the others are scrolled to
ROW: Final = Qt.ItemDataRole.UserRole
_STAYS: Final = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAGES: Final = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One line. `found` tells which letters were sought: asked of lines that are drawn."""

    text: str
    found: Callable[[], tuple[int, ...]] = tuple
    detail: str = ""
    key: str = ""
    refusal: str = ""

    @property
    def marks(self) -> tuple[int, ...]:
        """The places of the letters that were sought."""
        return self.found()

    @property
    def words(self) -> str:
        """For a screen reader."""
        why = said("cannot be done: {refusal}", refusal=self.refusal) if self.refusal else ""
        return ", ".join(it for it in (self.text, self.detail, self.key, why) if it)


class PaletteBox(QFrame):
    """`typed(text)`, `taken(row)` on Enter or a click, `left()` on Esc and when the keyboard goes
    elsewhere. The owner hides it."""

    typed = Signal(str)
    taken = Signal(int)
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAccessibleName(said("Palette"))
        self.setProperty("role", "palette")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what lies below is not painted
        self.line = _Line()
        self.list = QListView()
        self.hint = QLabel()
        self._model = _Offers(self)
        self._lay_out()
        self.line.textEdited.connect(self.typed)
        self.line.stepped.connect(self._step)
        self.line.entered.connect(self._take_current)
        self.line.left.connect(self.left)
        self.list.clicked.connect(self._take)
        self.hide()

    def begin(self, text: str = "") -> None:
        """Open it with a text, and with the keyboard."""
        self.line.setText(text)
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.deselect()  # what is typed goes on with the text

    def show_offers(self, offers: Sequence[Offer], words: str) -> None:
        """List these, the first one chosen; `words` stand below."""
        self._model.show_offers(offers)
        self.hint.setText(words)
        self.list.setVisible(bool(offers))
        if offers:
            self.list.setCurrentIndex(self._model.index(0))
            self.list.scrollToTop()
        self._tell_current()
        self._place()

    def say(self, words: str) -> None:
        """Below the list, in place of what stands there."""
        self.hint.setText(words)

    def offers(self) -> tuple[Offer, ...]:
        """What is listed."""
        return self._model.offers

    def current(self) -> int:
        """The number of the chosen line; -1: none."""
        return self.list.currentIndex().row()

    def _lay_out(self) -> None:
        self.line.setAccessibleName(said("Go to anything"))
        self.line.setPlaceholderText(
            said("an action, stream, event type, view, filter or bookmark")
        )
        self.list.setAccessibleName(said("Results"))
        self.list.setProperty("role", "offers")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setModel(self._model)
        self.hint.setProperty("role", "faint")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        for widget in (self.line, self.list, self.hint):
            rows.addWidget(widget)

    def _place(self) -> None:
        """In the middle of the window, near its top."""
        window = self.parentWidget()
        if window is None:
            return
        width = min(WIDTH_PX, window.width() - 32)
        shown = min(len(self._model.offers), MOST_SHOWN)
        self.list.setFixedHeight(shown * themes().current.row_px + 2 if shown else 0)
        self.setGeometry((window.width() - width) // 2, 56, width, self.sizeHint().height())

    @Slot(int)
    def _step(self, rows: int) -> None:
        count, at = len(self._model.offers), self.current()
        if count:
            is_one = abs(rows) == 1
            to = (at + rows) % count if is_one else min(max(at + rows, 0), count - 1)
            self.list.setCurrentIndex(self._model.index(to))
            self._tell_current()

    def _tell_current(self) -> None:
        """The line has the keyboard, so that it says what is chosen."""
        at, offers = self.current(), self._model.offers
        self.line.setAccessibleDescription(offers[at].words if 0 <= at < len(offers) else "")

    @Slot()
    def _take_current(self) -> None:
        if self.current() >= 0:
            self.taken.emit(self.current())

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        self.taken.emit(index.row())


class _Line(QLineEdit):
    """Keeps the keys that move along the list."""

    stepped = Signal(int)
    entered = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        is_wish = event.type() == QEvent.Type.ShortcutOverride
        if is_wish and isinstance(event, QKeyEvent) and _is_plain(event):
            event.accept()  # whatever these keys do in the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in _PAGES:
            self.stepped.emit(_PAGES[key] * (MOST_SHOWN - 1))
        elif key in _ENTER:
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes along the list, too."""
        self.stepped.emit(1 if is_next else -1)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self.left.emit()


class _Offers(QAbstractListModel):
    """Lines as Qt asks for them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.offers: tuple[Offer, ...] = ()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """These in place of what was there."""
        self.beginResetModel()
        self.offers = tuple(offers)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.offers)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        offer = self.offers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return offer.words
        return offer if role == ROW else None


def _is_plain(event: QKeyEvent) -> bool:
    """A key that is for the line: without Ctrl, Alt and the like."""
    shift = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    return not event.modifiers() & ~shift and event.key() not in (Qt.Key.Key_F1,)
