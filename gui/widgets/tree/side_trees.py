"""Values side by side as trees: what is chosen in one is chosen in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tree.json_nodes import Mark
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.tree.json_words import Path

HEAD_PX: Final = 12  # before a name, as before the rows of its tree


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSide:
    """One value; `notes` stand behind fields."""

    value: Any
    marks: Mapping[Path, Mark] = field(default_factory=dict)
    notes: Mapping[Path, str] = field(default_factory=dict)


class SideTrees(QWidget):
    """A tree for each of the names, which stand above them."""

    def __init__(self, names: Sequence[str], *, empty: str) -> None:
        super().__init__()
        self.heads = [ElidedLabel(role="dim") for _ in names]
        self.trees = [JsonTree(it, empty=empty) for it in names]
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for name, head, tree in zip(names, self.heads, self.trees, strict=True):
            head.set_text(name)
            head.setContentsMargins(HEAD_PX, 0, 0, 0)
            split.addWidget(_below(head, tree))
            tree.path_chosen.connect(self._choose)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(split)

    def show_sides(self, title: str, sides: Sequence[TreeSide]) -> None:
        """In the order of the names; `title` names the top row of each."""
        for tree, side in zip(self.trees, sides, strict=True):
            tree.show_value(side.value, title=title, marks=side.marks, notes=side.notes)

    def clear(self) -> None:
        """Nothing, for now; the places are kept."""
        for tree in self.trees:
            tree.clear()

    @Slot(object)
    def _choose(self, path: Path) -> None:
        for tree in self.trees:
            if tree is not self.sender() and tree.current_path() != path:
                tree.go_to(path)


def _below(head: QWidget, tree: QWidget) -> QWidget:
    box = QWidget()
    rows = QVBoxLayout(box)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(head)
    rows.addWidget(tree, 1)
    return box
