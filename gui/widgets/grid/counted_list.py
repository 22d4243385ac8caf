"""A list of named things, each with a swatch and a count, that a text narrows.

It is a table of one column: Qt's list lays out every row, which takes a quarter of a second
for 100,000 of them.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from gui.look.icons import pixmap
from gui.look.theme import themes
from gui.widgets.elision import elided
from gui.widgets.empty_words import EmptyWords
from gui.widgets.grid.counted_model import CountedItem, CountedModel
from gui.widgets.key_tip import KeyTip
from gui.widgets.own_keys import takes_key
from gui.widgets.time.mark_shapes import MARK_PX, mark_pixmap
from gui.words import said
from store.visible_text import begun, visible

__all__ = ["CountedItem", "CountedList"]

PADDING_PX: Final = 12
SWATCH_PX: Final = 18
ICON_PX: Final = 14
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | _MIDDLE
_ENDS: Final = (Qt.Key.Key_Home, Qt.Key.Key_End)
_TURNS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right)
LEVEL_PX: Final = 14
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CountedList(QTableView):
    """Signals: `keys_chosen(keys)` when a person selects, never when the program does;
    `key_activated(key)` on Enter or double click. Esc takes the selection back.

    A row that is open or closed is not selected: a click, Enter, → and ← ask by `open_wanted(key,
    is open)` for the rows below it. `rows_seen()` when other rows came into sight. `empty` is what
    it says while it has no items.
    """

    keys_chosen = Signal(object)
    key_activated = Signal(str)
    open_wanted = Signal(str, bool)
    rows_seen = Signal()

    def __init__(
        self, name: str, *, is_mono: bool = False, is_multi: bool = False, empty: str = ""
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._rows = CountedModel(self)
        self._filter = ""
        self._chosen: tuple[str, ...] = ()
        self._is_setting = False
        self._set_up(is_mono=is_mono, is_multi=is_multi)
        self.setModel(self._rows)
        KeyTip(self)
        self._empty, self._empty_words = empty, EmptyWords(self, empty)
        self.selectionModel().selectionChanged.connect(self._tell_chosen)
        self.activated.connect(self._tell_activated)
        self.clicked.connect(self._turn)
        self.verticalScrollBar().valueChanged.connect(self.rows_seen)
        themes().changed.connect(self._restyle)

    def set_items(self, items: Sequence[CountedItem]) -> None:
        """Show other items; what is chosen and where it is scrolled to stay, by key."""
        top = self._top_key()
        self._is_setting = True
        if self._rows.replace(items, self._filter):
            self._select(self._chosen)
            self._scroll_back(top)
        self._is_setting = False
        self._tell_empty()

    def set_filter(self, text: str) -> None:
        """Show the items whose text contains this, whatever the case."""
        self._filter = text
        self._is_setting = True
        if self._rows.narrow(text):
            self._select(self._chosen)
        self._is_setting = False
        self._tell_empty()

    def say_when_empty(self, words: str) -> None:
        """Other words for while there are no items."""
        self._empty = words
        self._tell_empty()

    def choose(self, keys: Iterable[str]) -> None:
        """Select by key without telling anyone and without scrolling; keys that are not shown
        are remembered.
        """
        self._chosen = tuple(keys)
        self._is_setting = True
        self._select(self._chosen)
        self._is_setting = False

    def chosen(self) -> tuple[str, ...]:
        """What is selected, also when the filter hides it."""
        return self._chosen

    def key_at(self, row: int) -> str:
        """Of a row that is shown; empty where there is none."""
        return self._rows.item(row).key if 0 <= row < self.shown_count() else ""

    def keys_in_sight(self) -> list[str]:
        """The rows that can be seen, from the top down."""
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        last = self.shown_count() - 1 if last < 0 else last
        return [self._rows.item(row).key for row in range(first, last + 1)]

    def shown_count(self) -> int:
        """How many items the filter lets through."""
        return self._rows.rowCount()

    def event(self, event: QEvent) -> bool:
        keys = _ENDS if self._current_group() is None else (*_ENDS, *_TURNS)
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, keys):
            return True  # these keys move in here, whatever they do in the window
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENDS and self.shown_count():
            last = self.shown_count() - 1
            self.setCurrentIndex(self._rows.index(last if event.key() == Qt.Key.Key_End else 0))
        elif event.key() == Qt.Key.Key_Escape and self._chosen:
            self.clearSelection()
        elif event.key() in _TURNS and (group := self._current_group()) is not None:
            self.open_wanted.emit(group.key, event.key() == Qt.Key.Key_Right)
        elif event.key() in _ENTER and self.currentIndex().isValid():
            group = self._current_group()
            if group is None:
                self._tell_activated(self.currentIndex())
            else:
                self.open_wanted.emit(group.key, not group.is_open)
        else:
            super().keyPressEvent(event)

    def selectAll(self) -> None:
        """Choosing everything is the same as choosing nothing, and slow."""

    def sizeHint(self) -> QSize:
        rows = min(max(self.shown_count(), 3), 12)
        return QSize(220, rows * themes().current.row_px)

    def _tell_empty(self) -> None:
        is_narrowed = bool(self._filter) and self._rows.has_items
        words = said("Nothing contains “{text}”.", text=self._filter)
        self._empty_words.say(words if is_narrowed else self._empty)

    def _current_group(self) -> CountedItem | None:
        """The row that the keys move, if it can be opened or closed."""
        at = self.currentIndex().row()
        item = self._rows.item(at) if 0 <= at < self.shown_count() else None
        return item if item is not None and item.is_open is not None else None

    def _set_up(self, *, is_mono: bool, is_multi: bool) -> None:
        modes = QAbstractItemView.SelectionMode
        self.setItemDelegate(_ItemPainter(self, is_mono=is_mono))
        self.setSelectionMode(modes.ExtendedSelection if is_multi else modes.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self._set_row_height()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setProperty("role", "panel")

    def _set_row_height(self) -> None:
        row_px = themes().current.row_px
        self.verticalHeader().setMinimumSectionSize(row_px)
        self.verticalHeader().setDefaultSectionSize(row_px)
        self.verticalScrollBar().setSingleStep(row_px)

    def _select(self, keys: Sequence[str]) -> None:
        picked = QItemSelection()
        for row in self._rows.rows_of(set(keys)):
            index = self._rows.index(row)
            picked.select(index, index)
        self.setAutoScroll(False)
        self.selectionModel().select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if not picked.isEmpty():
            first = picked.at(0).topLeft()
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.setAutoScroll(True)

    def _top_key(self) -> str | None:
        index = self.indexAt(QPoint(1, 1))
        is_moved = index.isValid() and self.verticalScrollBar().value() > 0
        return self._rows.item(index.row()).key if is_moved else None

    def _scroll_back(self, top: str | None) -> None:
        rows = self._rows.rows_of({top}) if top is not None else []
        if rows:
            hint = QAbstractItemView.ScrollHint.PositionAtTop
            self.scrollTo(self._rows.index(rows[0]), hint)

    @Slot()
    def _tell_chosen(self) -> None:
        if self._is_setting:
            return
        rows = sorted(index.row() for index in self.selectedIndexes())
        items = [self._rows.item(row) for row in rows]
        self._chosen = tuple(it.key for it in items if it.is_open is None)
        self.keys_chosen.emit(self._chosen)

    @Slot(QModelIndex)
    def _tell_activated(self, index: QModelIndex) -> None:
        item = self._rows.item(index.row())
        if item.is_open is None:
            self.key_activated.emit(item.key)

    @Slot(QModelIndex)
    def _turn(self, index: QModelIndex) -> None:
        item = self._rows.item(index.row())
        if item.is_open is not None:
            self.open_wanted.emit(item.key, not item.is_open)

    @Slot()
    def _restyle(self) -> None:
        self._set_row_height()
        self.viewport().update()


class _ItemPainter(QStyledItemDelegate):
    """Paints a row from its item; asks the model for nothing else."""

    def __init__(self, view: CountedList, *, is_mono: bool) -> None:
        super().__init__(view)
        self._view = view
        self._is_mono = is_mono

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, box = themes().current, option.rect
        model = index.model()
        assert isinstance(model, CountedModel)
        item = model.item(index.row())
        self._paint_ground(painter, option, box)
        right = _paint_count(painter, item.count, box)
        left = _paint_swatch(painter, item, box)
        font = theme.mono_font() if self._is_mono else theme.ui_font()
        painter.setFont(font)
        painter.setPen(theme["text"])
        room = QRectF(left, box.top(), max(right - left, 0), box.height())
        middle = Qt.TextElideMode.ElideMiddle
        cut = elided(visible(begun(item.text)), QFontMetricsF(font), room.width(), middle)
        painter.drawText(room, _MIDDLE, cut)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect) -> None:
        theme, state = themes().current, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme["selection"])
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setOpacity(0.45)
            painter.fillRect(box, theme["selection"])
            painter.setOpacity(1.0)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme["accent"], 1))
            painter.drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_count(painter: QPainter, count: str, box: QRect) -> float:
    """Draw the count and give back where the name must end."""
    theme, right = themes().current, float(box.right() - PADDING_PX + 1)
    if not count:
        return right
    font = theme.mono_font()
    width = QFontMetricsF(font).horizontalAdvance(count)
    painter.setFont(font)
    painter.setPen(theme["text_dim"])
    painter.drawText(QRectF(right - width - 1, box.top(), width + 1, box.height()), _RIGHT, count)
    return right - width - 6


def _paint_swatch(painter: QPainter, item: CountedItem, box: QRect) -> float:
    """Draw what stands before the name and give back where the name begins."""
    theme, left = themes().current, float(box.left() + PADDING_PX + item.level * LEVEL_PX)
    ratio = painter.device().devicePixelRatioF()
    middle = box.top() + box.height() / 2
    if item.is_open is not None:
        size = round(ICON_PX * ratio)
        stamp = pixmap("chevron-down" if item.is_open else "chevron-right", theme["text_dim"], size)
        stamp.setDevicePixelRatio(ratio)
        painter.drawPixmap(round(left) - 2, round(middle - ICON_PX / 2), stamp)
        return left + LEVEL_PX
    if item.icon:
        size = round(ICON_PX * ratio)
        stamp = pixmap(item.icon, theme["text_dim"], size)
        stamp.setDevicePixelRatio(ratio)
        painter.drawPixmap(round(left), round(middle - ICON_PX / 2), stamp)
    elif item.color_index >= 0:
        color, shape = theme.event_color(item.color_index), theme.event_mark(item.color_index)
        stamp = mark_pixmap(shape, color.name(), ratio)
        painter.drawPixmap(round(left) - 1, round(middle - (MARK_PX + 2) / 2), stamp)
    else:
        return left
    return left + SWATCH_PX
