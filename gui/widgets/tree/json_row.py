"""The rows of a tree that draws them itself: how high they are, and what a cut one tells."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QTreeView,
)

from gui.look.theme import themes
from gui.widgets.key_tip import KeyTip
from gui.widgets.tips import tip_text
from gui.widgets.tree.json_nodes import Node
from gui.widgets.tree.json_painter import Look, cut_words

AnyIndex = QModelIndex | QPersistentModelIndex


class JsonRow(QStyledItemDelegate):
    """High as the theme in force says; draws nothing."""

    def __init__(
        self,
        tree: QTreeView,
        node_of: Callable[[AnyIndex], Node | None],
        look_of: Callable[[Node, AnyIndex], Look],
    ) -> None:
        super().__init__(tree)
        KeyTip(tree)
        self._node_of, self._look_of = node_of, look_of

    def sizeHint(self, _option: QStyleOptionViewItem, _index: object) -> QSize:
        return QSize(100, themes().current.row_px)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        _option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        """What fits needs no tip, and has none."""
        node = self._node_of(index) if index.isValid() else None
        if node is None or event.type() != QEvent.Type.ToolTip:
            return False
        box = view.visualRect(index)
        box.setLeft(0)
        if told := cut_words(box, node, self._look_of(node, index)):
            QToolTip.showText(event.globalPos(), tip_text(told), view)
        return bool(told)
