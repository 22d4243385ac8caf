"""Names in groups, with a word on each: Enter or a double click takes one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from gui.look.theme import themes
from gui.widgets.key_tip import KeyTip
from gui.widgets.own_keys import takes_key

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN = (*_ENTER, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_TAKEN = Qt.ItemDataRole.UserRole
LEAST_PX = 24  # of the words, which are cut with an ellipsis
SAMPLE = "sample question"
_IS_SAMPLE = Qt.ItemDataRole.UserRole.value + 1
_IS_FAINT = Qt.ItemDataRole.UserRole.value + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NameItem:
    """A name within a group. `taken` is what is written when it is taken."""

    text: str
    detail: str
    taken: str
    is_faint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGroup:
    """A name with others in it, and a sample that can be taken whole."""

    name: NameItem
    sample: str
    items: tuple[NameItem, ...]


class NameTree(QTreeWidget):
    """`name_taken(text)` or `sample_taken(text)` on Enter and on a double click; `reached(words)`
    with the whole word on a name when the cursor comes to it."""

    reached = Signal(str)
    name_taken = Signal(str)
    sample_taken = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setExpandsOnDoubleClick(False)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_Row(self))
        KeyTip(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setMinimumSectionSize(LEAST_PX)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(False)
        self.expanded.connect(self._share_room)
        self.collapsed.connect(self._share_room)
        self.doubleClicked.connect(self._take_clicked)
        self.currentItemChanged.connect(self._tell_reached)

    def show_groups(self, groups: Sequence[NameGroup]) -> None:
        """Show others; groups that were open stay so, and the chosen one chosen."""
        is_open = {it.text(0) for it in self._tops() if it.isExpanded()}
        current = self.currentItem()
        chosen = current.text(0) if current is not None else ""
        self.clear()
        for group in groups:
            top = _item(group.name)
            self.addTopLevelItem(top)
            words = " ".join(group.sample.split())
            first = _item(NameItem(text=SAMPLE, detail=words, taken=group.sample))
            first.setData(0, _IS_SAMPLE, True)
            top.addChild(first)
            top.addChildren([_item(it) for it in group.items])
            top.setExpanded(group.name.text in is_open)
            if group.name.text == chosen:
                self.setCurrentItem(top)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def event(self, event: QEvent) -> bool:
        """Its keys are its own, whatever they do in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, _OWN):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentItem()
        if event.key() in _ENTER and current is not None:
            self._take(current)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _share_room(self) -> None:
        """Names are whole as long as there is room for a little of the words, which have the rest.
        A hidden header does not hear that its tree has become narrower, so we do it."""
        room = self.viewport().width()
        names = max(min(self.sizeHintForColumn(0), room - LEAST_PX), LEAST_PX)
        self.setColumnWidth(0, names)
        self.setColumnWidth(1, max(room - names, LEAST_PX))

    @Slot(QModelIndex)
    def _take_clicked(self, index: QModelIndex) -> None:
        item = self.itemFromIndex(index)
        if item is not None:
            self._take(item)

    @Slot()
    def _tell_reached(self) -> None:
        current = self.currentItem()
        self.reached.emit("" if current is None else f"{current.text(0)}: {current.text(1)}")

    def _take(self, item: QTreeWidgetItem) -> None:
        taken = str(item.data(0, _TAKEN))
        if item.data(0, _IS_SAMPLE):
            self.sample_taken.emit(taken)
        else:
            self.name_taken.emit(taken)

    def _tops(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(it) for it in range(self.topLevelItemCount()))
        return [it for it in found if it is not None]


class _Row(QStyledItemDelegate):
    """As wide as its text, and as high as the rows of the window's other lists; in the colours of
    the theme in force, which an item that keeps its own would lose."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if index.column() or index.data(_IS_FAINT):
            color = themes().current["text_faint" if index.column() else "text_dim"]
            option.palette.setColor(QPalette.ColorRole.Text, color)
            option.palette.setColor(QPalette.ColorRole.HighlightedText, color)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(super().sizeHint(option, index).width(), themes().current.row_px)


def _item(it: NameItem) -> QTreeWidgetItem:
    item = QTreeWidgetItem([it.text, it.detail])
    item.setData(0, _TAKEN, it.taken)
    item.setToolTip(0, it.detail)
    item.setToolTip(1, it.detail)
    item.setData(0, _IS_FAINT, it.is_faint)
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{it.text}, {it.detail}")
    return item
