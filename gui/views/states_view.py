"""One stream's state at A, at the cursor and now, side by side."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.viewmodels.state_sides import NAMES, StateSidesViewModel
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.line_choice import LineChoice
from gui.widgets.search_field import SearchField
from gui.widgets.tree.json_nodes import Mark
from gui.widgets.tree.json_tree import JsonTree
from gui.words import said

EMPTY: Final = said("The state of the selected stream is shown here.")


class StatesView(QWidget):
    """A field that is chosen in one state is chosen in all. Asks for nothing while it is hidden."""

    def __init__(self, sides: StateSidesViewModel) -> None:
        super().__init__()
        self.setAccessibleName(said("States side by side"))
        self._sides = sides
        self.search = SearchField(said("Find in the states"), said("find in the states"))
        self.line = LineChoice(said("A is of"))
        self.words = [ElidedLabel(role="faint") for _ in NAMES]
        self.trees = [JsonTree(said("State: {name}", name=it), empty=EMPTY) for it in NAMES]
        self._lay_out()
        sides.changed.connect(self._show)
        sides.line.changed.connect(self._show_line)
        self.line.chosen.connect(sides.line.choose)
        self._show_line()
        self.search.searched.connect(self._find)
        self.search.next_wanted.connect(self._find_next)
        self.search.left.connect(self.trees[1].setFocus)
        for tree in self.trees:
            tree.path_chosen.connect(self._choose)

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        if self._sides.sides:
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sides.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._sides.want(False)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for words, tree in zip(self.words, self.trees, strict=True):
            box = QWidget()
            rows = QVBoxLayout(box)
            rows.setContentsMargins(0, 0, 0, 0)
            rows.addWidget(words)
            rows.addWidget(tree, 1)
            split.addWidget(box)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.search)
        rows.addWidget(self.line)
        rows.addWidget(split, 1)

    @Slot()
    def _show_line(self) -> None:
        line = self._sides.line
        self.line.offer(line.offered(), line.name, is_branch=line.is_branch)

    @Slot()
    def _show(self) -> None:
        shown = zip(self.words, self.trees, self._sides.sides, strict=True)
        for words, tree, side in shown:
            words.set_text(side.words)
            if side.state is None:
                tree.clear()
                continue
            marks = {it.path: Mark(it.kind, it.before) for it in side.marks}
            tree.show_value(side.state, title=side.title, marks=marks)

    @Slot(object)
    def _choose(self, path: tuple[str | int, ...]) -> None:
        for tree in self.trees:
            if tree is not self.sender() and tree.current_path() != path:
                tree.go_to(path)

    @Slot(str)
    def _find(self, text: str) -> None:
        hits = [tree.find_text(text) for tree in self.trees]
        self.search.set_hits(" · ".join(f"{it:,}" for it in hits) if text else "")

    @Slot()
    def _find_next(self) -> None:
        for tree in self.trees:
            tree.find_next()


PANEL: Final = TabPanel(
    id="states",
    title=said("States"),
    parent="views",
    order=0,
    make=lambda it: StatesView(it.state_sides),
    begin=lambda it: it.trees[1].setFocus(),
)
