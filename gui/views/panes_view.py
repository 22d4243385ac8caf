"""Views: panes side by side, what differs and where they part."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.panes import ALL, Moment, PanesViewModel, Side, Which
from gui.widgets.dropdown import Dropdown
from gui.widgets.text_grid import TextGrid
from gui.widgets.text_rows import TextRow
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.words import Words

MOMENTS: Final[tuple[tuple[Moment, str], ...]] = (
    ("anchor", "at A"), ("cursor", "at the cursor"), ("now", "now"),
)  # fmt: skip


class PanesView(QFrame):
    """Asks for nothing while it is hidden."""

    def __init__(self, panes: PanesViewModel) -> None:
        super().__init__()
        self.setAccessibleName("Views")
        self.setProperty("role", "panel")
        self._panes = panes
        self.tabs = UnderlineTabs("Views tabs")
        self.views = {which: Dropdown() for which in ALL}
        self.moments = {which: Dropdown() for which in ALL}
        self.grids = {which: TextGrid(f"{which.capitalize()} pane") for which in ALL}
        self.boxes = {which: QWidget() for which in ALL}
        self.add = QPushButton("Add a pane")
        self.remove = QPushButton("Remove it")
        self.only = QCheckBox("Only differences")
        self.words = Words("dim")
        self.part = QPushButton("First divergence")
        self.part.setToolTip("The first event after which the two views differ")
        self.parting = Words("dim")
        self.go = QPushButton("Go there")
        self._lay_out()
        self._connect()
        self._show_parting()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._panes.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._panes.want(False)

    def _lay_out(self) -> None:
        self.tabs.add("compare", "Side by side", self._compare_page())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tabs)

    def _compare_page(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for which in ALL:
            self._fill(which)
            split.addWidget(self.boxes[which])
        rows.addWidget(split, 1)
        foot = QHBoxLayout()
        self.only.setChecked(True)
        foot.addWidget(self.only)
        foot.addStretch(1)
        foot.addWidget(self.add)
        foot.addWidget(self.remove)
        foot.addWidget(self.part)
        rows.addLayout(foot)
        rows.addWidget(self.words)
        below = QHBoxLayout()
        below.addWidget(self.parting, 1)
        below.addWidget(self.go)
        rows.addLayout(below)
        return page

    def _fill(self, which: Which) -> None:
        rows = QVBoxLayout(self.boxes[which])
        head = QHBoxLayout()
        self.views[which].setAccessibleName(f"View of the {which} pane")
        self.moments[which].setAccessibleName(f"Moment of the {which} pane")
        for moment, words in MOMENTS:
            self.moments[which].addItem(words, moment)
        rows.setContentsMargins(0 if which == "left" else 8, 0, 0, 0)
        head.addWidget(self.views[which], 2)
        head.addWidget(self.moments[which], 1)
        rows.addLayout(head)
        rows.addWidget(self.grids[which], 1)

    def _connect(self) -> None:
        panes = self._panes
        panes.listed.connect(self._show_views)
        panes.compared.connect(self._show_panes)
        panes.parted.connect(self._show_parting)
        self.add.clicked.connect(panes.add_side)
        self.remove.clicked.connect(panes.remove_side)
        self.only.toggled.connect(panes.show_only_differences)
        self.part.clicked.connect(panes.find_parting)
        self.go.clicked.connect(panes.go_to_parting)
        for which, grid in self.grids.items():
            self.views[which].activated.connect(partial(self._set, which))
            self.moments[which].activated.connect(partial(self._set, which))
            grid.row_activated.connect(panes.go_to_row)
            for other in self.grids.values():
                if other is not grid:
                    grid.scrolled.connect(other.scroll_to)
                    grid.row_chosen.connect(other.go_to_row)

    @Slot()
    def _show_views(self) -> None:
        sides = self._panes.sides
        for which, box in self.boxes.items():
            box.setVisible(which in sides)
        self.add.setEnabled(len(sides) < len(ALL))
        self.remove.setEnabled(len(sides) > 2)
        for which, side in sides.items():
            self.views[which].clear()
            self.views[which].addItems(list(self._panes.views))
            self.views[which].setCurrentText(side.view)
            self.moments[which].setCurrentIndex(self.moments[which].findData(side.moment))

    def _set(self, which: Which, _index: int) -> None:
        side = Side(view=self.views[which].currentText(), moment=self.moments[which].currentData())
        self._panes.set_side(which, side)

    @Slot()
    def _show_panes(self) -> None:
        self.words.say(self._panes.words, role="dim" if self._panes.found else "warn")
        for which in self._panes.sides:
            shown = self._panes.pane(which)
            rows = [TextRow(texts=texts, is_warning=differs) for texts, differs in shown.rows]
            self.grids[which].show_rows(shown.titles, rows)

    @Slot()
    def _show_parting(self) -> None:
        self.parting.say(self._panes.parting)
        self.go.setVisible(self._panes.parted_at is not None)
