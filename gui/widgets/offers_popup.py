"""What a line offers while one types: texts with a detail, in a list below it."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.look.theme import themes
from gui.words import said

POPUP_PX: Final = 380
MOST_SHOWN: Final = 10  # rows; the others are scrolled to
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYS: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape, Qt.Key.Key_Tab, *_ENTER)
DETAIL: Final = Qt.ItemDataRole.UserRole
ACCESSIBLE: Final = Qt.ItemDataRole.AccessibleTextRole


def replace_word(line: QLineEdit, start: int, text: str) -> None:
    """Write a text in place of what stands from `start` to the cursor."""
    before, behind = line.text()[:start], line.text()[line.cursorPosition() :]
    gap = "" if behind.startswith((" ", ")")) or text.endswith("(") else " "
    line.setText(f"{before}{text}{gap}{behind}")
    line.setCursorPosition(len(before) + len(text) + len(gap))
    line.textEdited.emit(line.text())


def corner_of(line: QLineEdit) -> QPoint:
    """Below the cursor of a line."""
    return QPoint(line.cursorRect().left(), line.height())


class OffersPopup(QObject):
    """A list over the window's other widgets, below the line, which keeps the keyboard: while it is
    open, arrows, Enter, Tab and Esc are for it. Tab takes the first offer where none is chosen.

    `chosen()` when one has taken the place of a word.
    """

    chosen = Signal()

    def __init__(
        self,
        line: QWidget,
        *,
        insert: Callable[[int, str], None],
        corner: Callable[[], QPoint],
    ) -> None:
        """`insert(start, text)` puts a text in place of what stands from `start` to the cursor;
        `corner()` is where the list begins, in the line."""
        super().__init__(line)
        self._line, self._insert, self._corner = line, insert, corner
        self._start = 0
        self._list = QListView()
        self._model = QStandardItemModel(self._list)  # not let go of before the list is
        self._list.setAccessibleName(said("Offers"))
        self._list.setProperty("role", "offers")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setItemDelegate(_WithDetail(self))
        self._list.setModel(self._model)
        self._list.hide()
        self._list.clicked.connect(self._take)
        line.installEventFilter(self)
        line.destroyed.connect(self._list.deleteLater)

    def texts(self) -> list[str]:
        """What is offered, while it is."""
        if not self._list.isVisible():
            return []
        return [self._model.item(row).text() for row in range(self._model.rowCount())]

    def show_offers(self, start: int, offers: Sequence[tuple[str, str]]) -> None:
        """Offer these below the word, or nothing."""
        self._start = start
        self._model.clear()
        for text, detail in offers:
            item = QStandardItem(text)
            item.setData(detail, DETAIL)
            item.setData(f"{text}, {detail}" if detail else text, ACCESSIBLE)
            self._model.appendRow(item)
        if offers:
            self._place(len(offers))
        else:
            self._list.hide()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keys of the line that are for the list while it is open."""
        if self._list.isHidden():
            return False
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.Resize):
            self._list.hide()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in _KEYS:
                event.accept()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._takes(Qt.Key(event.key()))
        return False

    def _takes(self, key: Qt.Key) -> bool:
        """Whether a key was for the list. Enter is for it only where an offer is chosen."""
        at = self._list.currentIndex()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self._list.hide()
        elif key == Qt.Key.Key_Tab or (key in _ENTER and at.isValid()):
            self._take(at if at.isValid() else self._model.index(0, 0))
        else:
            if key in _ENTER:
                self._list.hide()
            return False
        return True

    def _step(self, step: int) -> None:
        at, count = self._list.currentIndex(), self._model.rowCount()
        row = (at.row() + step) % count if at.isValid() else 0 if step > 0 else count - 1
        self._list.setCurrentIndex(self._model.index(row, 0))

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        self._list.hide()
        self._insert(self._start, str(index.data()))
        self.chosen.emit()

    def _place(self, count: int) -> None:
        window = self._line.window()
        self._list.setParent(window)
        row_px = themes().current.row_px
        height = min(count, MOST_SHOWN) * row_px + 2 * self._list.frameWidth()
        below = self._line.mapTo(window, self._corner())
        left = min(below.x(), max(window.width() - POPUP_PX, 0))
        self._list.setGeometry(left, below.y() + 1, POPUP_PX, height)
        self._list.raise_()
        self._list.show()


class _WithDetail(QStyledItemDelegate):
    """Paints the detail at the right, faintly."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        detail = index.data(DETAIL)
        if detail:
            painter.save()
            painter.setPen(themes().current["text_faint"])
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(option.rect.adjusted(0, 0, -8, 0), flags, detail)
            painter.restore()

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(POPUP_PX, themes().current.row_px)
