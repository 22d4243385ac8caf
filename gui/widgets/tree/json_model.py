"""A JSON value as a Qt model. Replacing the value changes only the rows that differ."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.widgets.tree.json_nodes import Node, RowKey, Shown, child_keys, fill, label, size_of
from gui.widgets.tree.json_words import Path, short_text
from gui.words import said
from store.visible_text import visible

Index = QModelIndex | QPersistentModelIndex

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NOWHERE: Final = QModelIndex()


class JsonModel(QAbstractItemModel):
    """One row at the top, the value itself; its fields below it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = Shown(title="")
        self._nodes: dict[int, Node] = {}
        self._root = self._made((False, ""), parent=None, row=0)

    def replace(self, shown: Shown) -> None:
        """Show something else. Rows whose path is still there stay the same rows."""
        self.shown = shown
        self._fill_rows([self._root])

    def node(self, index: Index) -> Node | None:
        """The row behind an index."""
        return self._nodes.get(index.internalId()) if index.isValid() else None

    def made(self) -> list[Node]:
        """The rows that somebody has looked at."""
        return list(self._nodes.values())

    def index_of(self, path: Path) -> QModelIndex:
        """The row of a path; an invalid index when the value has no such path."""
        node = self._root
        for key in path:
            found = [child for child in self._children(node) if child.row_key == (False, key)]
            if not found:
                return QModelIndex()
            node = found[0]
        return self._index(node)

    # What Qt asks.

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        if column != 0 or row < 0:
            return QModelIndex()
        above = self.node(parent)
        if above is None:
            return self._index(self._root) if row == 0 else QModelIndex()
        children = self._children(above)
        return self._index(children[row]) if row < len(children) else QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        node = self.node(index)
        if node is None or node.parent is None:
            return QModelIndex()
        return self._index(node.parent)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        node = self.node(parent)
        return 1 if node is None else node.size

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: ARG002
        return 1

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        return self.rowCount(parent) > 0

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        node = self.node(index) if role in (_DISPLAY, _ACCESSIBLE) else None
        if node is None:
            return None
        words = f"{label(node, self.shown)} {short_text(node.value)}"
        return visible(f"{words}{_said(node)}" if role == _ACCESSIBLE else words)

    # How rows come and go.

    def _index(self, node: Node) -> QModelIndex:
        return self.createIndex(node.row, 0, node.id)

    def _children(self, node: Node) -> list[Node]:
        if node.children is None:
            keys = child_keys(node, self.shown)
            node.children = [self._made(key, parent=node, row=row) for row, key in enumerate(keys)]
        return node.children

    def _made(self, key: RowKey, *, parent: Node | None, row: int) -> Node:
        node = Node(key, parent=parent, row=row)
        self._nodes[node.id] = node
        fill(node, self.shown)
        node.size = size_of(node, self.shown)
        return node

    def _fill_rows(self, siblings: list[Node]) -> None:
        """Bring rows and all that was made below them up to date; tell of those that changed."""
        changed = []
        for node in siblings:
            if fill(node, self.shown):
                changed.append(node.row)
            if node.children is None:
                self._resize(node, size_of(node, self.shown))
            else:
                self._rearrange(node, child_keys(node, self.shown))
                self._fill_rows(node.children)
        if changed:
            first, last = siblings[changed[0]], siblings[changed[-1]]
            self.dataChanged.emit(self._index(first), self._index(last))

    def _resize(self, node: Node, size: int) -> None:
        """Nobody has seen these rows yet: only their number matters."""
        if size > node.size:
            self.beginInsertRows(self._index(node), node.size, size - 1)
            node.size = size
            self.endInsertRows()
        elif size < node.size:
            self.beginRemoveRows(self._index(node), size, node.size - 1)
            node.size = size
            self.endRemoveRows()

    def _rearrange(self, node: Node, keys: list[RowKey]) -> None:
        present = [child.row_key for child in node.children or ()]
        if present == keys:
            return
        staying = _in_order(present, keys)
        self._drop(node, staying)
        self._add(node, keys, staying)

    def _drop(self, node: Node, wanted: set[RowKey]) -> None:
        children = node.children or []
        gone = [child.row for child in children if child.row_key not in wanted]
        for first, last in reversed(list(_runs(gone))):
            self.beginRemoveRows(self._index(node), first, last)
            for child in children[first : last + 1]:
                self._forget(child)
            del children[first : last + 1]
            self._renumber(node)
            self.endRemoveRows()

    def _add(self, node: Node, keys: list[RowKey], present: set[RowKey]) -> None:
        new = [row for row, key in enumerate(keys) if key not in present]
        for first, last in _runs(new):
            made = [self._made(keys[row], parent=node, row=row) for row in range(first, last + 1)]
            self.beginInsertRows(self._index(node), first, last)
            assert node.children is not None
            node.children[first:first] = made
            self._renumber(node)
            self.endInsertRows()

    def _renumber(self, node: Node) -> None:
        children = node.children or []
        for row, child in enumerate(children):
            child.row = row
        node.size = len(children)

    def _forget(self, node: Node) -> None:
        del self._nodes[node.id]
        for child in node.children or ():
            self._forget(child)


def _in_order(present: list[RowKey], wanted: list[RowKey]) -> set[RowKey]:
    """Rows that can stay: they are wanted, and in the same order as before."""
    place = {key: at for at, key in enumerate(wanted)}
    staying, last = set(), -1
    for key in present:
        at = place.get(key, -1)
        if at > last:
            staying.add(key)
            last = at
    return staying


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Rows side by side, as first and last."""
    for _, run in groupby(enumerate(rows), key=_distance):
        found = [row for _, row in run]
        yield found[0], found[-1]


def _distance(numbered: tuple[int, int]) -> int:
    return numbered[1] - numbered[0]


def _said(node: Node) -> str:
    """Mark and note in words, for those who do not see colours."""
    words = ""
    if node.mark is not None:
        words = f", {node.mark.kind}"
    if node.mark is not None and node.mark.kind == "changed":
        words += said(" from {before}", before=short_text(node.mark.before))
    return f"{words}, {node.note}" if node.note else words
