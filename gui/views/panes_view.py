"""Views: two panes side by side, what differs and where they part."""

from typing import Final, Literal

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

from gui.viewmodels.panes import Moment, PanesViewModel, Side
from gui.widgets.dropdown import Dropdown
from gui.widgets.text_grid import TextGrid
from gui.widgets.text_rows import TextRow
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.words import Words

MOMENTS: Final[tuple[tuple[Moment, str], ...]] = (
    ("anchor", "at A"), ("cursor", "at the cursor"), ("now", "now"),
)  # fmt: skip
Which = Literal["left", "right"]


class PanesView(QFrame):
    """Asks for nothing while it is hidden."""

    def __init__(self, panes: PanesViewModel) -> None:
        super().__init__()
        self.setAccessibleName("Views")
        self.setProperty("role", "panel")
        self._panes = panes
        self.tabs = UnderlineTabs("Views tabs")
        self.views = {which: Dropdown() for which in ("left", "right")}
        self.moments = {which: Dropdown() for which in ("left", "right")}
        self.grids = {
            "left": TextGrid("Left pane"), "right": TextGrid("Right pane"),
        }  # fmt: skip
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
        split.addWidget(self._side("left"))
        split.addWidget(self._side("right"))
        rows.addWidget(split, 1)
        foot = QHBoxLayout()
        self.only.setChecked(True)
        foot.addWidget(self.only)
        foot.addWidget(self.words, 1)
        foot.addWidget(self.part)
        rows.addLayout(foot)
        below = QHBoxLayout()
        below.addWidget(self.parting, 1)
        below.addWidget(self.go)
        rows.addLayout(below)
        return page

    def _side(self, which: Which) -> QWidget:
        side = QWidget()
        rows = QVBoxLayout(side)
        rows.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        self.views[which].setAccessibleName(f"View on the {which}")
        self.moments[which].setAccessibleName(f"Moment on the {which}")
        for moment, words in MOMENTS:
            self.moments[which].addItem(words, moment)
        rows.setContentsMargins(0 if which == "left" else 8, 0, 0 if which == "right" else 8, 0)
        head.addWidget(self.views[which], 2)
        head.addWidget(self.moments[which], 1)
        rows.addLayout(head)
        rows.addWidget(self.grids[which], 1)
        return side

    def _connect(self) -> None:
        panes = self._panes
        panes.listed.connect(self._show_views)
        panes.compared.connect(self._show_panes)
        panes.parted.connect(self._show_parting)
        self.views["left"].activated.connect(self._set_left)
        self.moments["left"].activated.connect(self._set_left)
        self.views["right"].activated.connect(self._set_right)
        self.moments["right"].activated.connect(self._set_right)
        self.only.toggled.connect(panes.show_only_differences)
        self.part.clicked.connect(panes.find_parting)
        self.go.clicked.connect(panes.go_to_parting)
        left, right = self.grids["left"], self.grids["right"]
        left.scrolled.connect(right.scroll_to)
        right.scrolled.connect(left.scroll_to)
        left.row_chosen.connect(right.go_to_row)
        right.row_chosen.connect(left.go_to_row)
        left.row_activated.connect(panes.go_to_row)
        right.row_activated.connect(panes.go_to_row)

    @Slot()
    def _show_views(self) -> None:
        for which, side in (("left", self._panes.left), ("right", self._panes.right)):
            self.views[which].clear()
            self.views[which].addItems(list(self._panes.views))
            self.views[which].setCurrentText(side.view)
            self.moments[which].setCurrentIndex(self.moments[which].findData(side.moment))

    @Slot()
    def _set_left(self) -> None:
        self._set("left")

    @Slot()
    def _set_right(self) -> None:
        self._set("right")

    def _set(self, which: Which) -> None:
        side = Side(view=self.views[which].currentText(), moment=self.moments[which].currentData())
        self._panes.set_side(which, side)

    @Slot()
    def _show_panes(self) -> None:
        self.words.say(self._panes.words, role="dim" if self._panes.found else "warn")
        sides: tuple[Which, ...] = ("left", "right")
        for which in sides:
            shown = self._panes.pane(which)
            rows = [TextRow(texts=texts, is_warning=differs) for texts, differs in shown.rows]
            self.grids[which].show_rows(shown.titles, rows)

    @Slot()
    def _show_parting(self) -> None:
        self.parting.say(self._panes.parting)
        self.go.setVisible(self._panes.parted_at is not None)
