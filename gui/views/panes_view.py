"""Views: panes side by side, what differs, where they first differ, and the events of a row."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.offers.spots import Spot, cells_spot
from gui.panel import Panel
from gui.viewmodels.pane_side import ALL, Moment, PaneRows, Which
from gui.viewmodels.panes import PanesViewModel
from gui.viewmodels.row_history import TITLES
from gui.viewmodels.things import EventThing, Thing, ViewThing
from gui.widgets.answer_box import AnswerBox
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.pane_head import PaneHead
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.words import Words
from gui.words import said

MOMENTS: Final[tuple[tuple[Moment, str], ...]] = (
    ("anchor", said("at A")),
    ("cursor", said("at the cursor")),
    ("now", "now"),
    ("exact", said("at exactly…")),
)
UNSET: Final = said("at A (not set)")
BELOW: Final = (3, 2)  # how the panes and what is told of them share the height


class PanesView(QFrame):
    """Asks for nothing while it is hidden. `store_wanted(which)`: another query store is to be
    named for a pane."""

    store_wanted = Signal(str)

    def __init__(self, panes: PanesViewModel) -> None:
        super().__init__()
        self.setAccessibleName(said("Views"))
        self.setProperty("role", "panel")
        self._panes = panes
        self.tabs = UnderlineTabs(said("Views tabs"))
        self.heads = {which: PaneHead(which, MOMENTS, exact="exact") for which in ALL}
        self.views = {which: it.view for which, it in self.heads.items()}
        self.moments = {which: it.moment for which, it in self.heads.items()}
        self.grids = {
            which: TextGrid(
                said("{capitalize} pane", capitalize=which.capitalize()), has_cells=True
            )
            for which in ALL
        }
        self.boxes = {which: QWidget() for which in ALL}
        self.add = QPushButton(said("Add pane"))
        self.remove = QPushButton(said("Remove pane"))
        self.only = QCheckBox(said("Only differences"))
        self.words = Words("dim")
        self.part = QPushButton(said("First divergence"))
        self.part.setToolTip(said("The first event after which a pane differs from the first one"))
        self.below = UnderlineTabs(said("Details of the panes"))
        self.cell = AnswerBox(said("Why the cell has this value"))
        self.cell.hide_ways()
        self.history_words = Words("dim")
        self.history = TextGrid(
            said("Events of the row"),
            empty=said("Choose a row to list the events that changed it."),
        )
        self.parting = Words("dim")
        self.parted_rows = TextGrid(
            said("Both sides of the event at which they first differ"),
            empty=said("First divergence shows both sides of that event here."),
        )
        self.go = QPushButton(said("Go there"))
        self._lay_out()
        self._connect()
        self._show_parting()

    def spots(self) -> list[Spot]:
        """The cells of every pane, the heads of the panes, and the events of the row."""
        return [
            *(
                cells_spot(it.grid, partial(self._panes.cell_things, w))
                for w, it in self.grids.items()
            ),
            *(Spot(widget=it, find=partial(self._head_things, w)) for w, it in self.heads.items()),
            cells_spot(self.history.grid, self._history_things),
        ]

    def _head_things(self, which: Which, _at: QPoint | None) -> list[Thing]:
        if self._panes.sides[which].line:
            return []  # what can be done with a view is done in the line in view
        shown = self._panes.pane(which)
        return [ViewThing(name=self._panes.sides[which].view, at=shown.as_of)]

    def _history_things(self, row: int, _column: int) -> list[Thing]:
        history = self._panes.history
        position = history.position(row) if history.line is None else None
        return [] if position is None else [EventThing(position=position)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The panes ask while their page is in sight: not behind another tab."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._panes.want(event.type() == QEvent.Type.Show)
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.tabs.add("compare", said("Side by side"), self._compare_page())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tabs)

    def _compare_page(self) -> QWidget:
        page = QWidget()
        page.installEventFilter(self)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(self._side_by_side())
        both.addWidget(self._below())
        for at, share in enumerate(BELOW):
            both.setStretchFactor(at, share)
        rows.addWidget(both, 1)
        return page

    def _side_by_side(self) -> QWidget:
        """The panes, what may be done with them, and how they differ."""
        part = QWidget()
        rows = QVBoxLayout(part)
        rows.setContentsMargins(0, 0, 0, 0)
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
        for button in (self.add, self.remove, self.part):
            foot.addWidget(button)
        rows.addWidget(self.words)
        rows.addLayout(foot)  # lowest: words of two lines do not move it under the mouse
        return part

    def _fill(self, which: Which) -> None:
        rows = QVBoxLayout(self.boxes[which])
        rows.setContentsMargins(0 if which == "left" else 8, 0, 0, 0)
        rows.addWidget(self.heads[which])
        rows.addWidget(self.grids[which], 1)

    def _below(self) -> QWidget:
        """The events of the chosen row, and where the panes first differ; nothing before either
        is asked for."""
        history, parting = QWidget(), QWidget()
        rows = QVBoxLayout(history)
        rows.setContentsMargins(0, 6, 0, 0)
        rows.addWidget(self.cell)
        rows.addWidget(self.history_words)
        rows.addWidget(self.history, 1)
        rows = QVBoxLayout(parting)
        rows.setContentsMargins(0, 6, 0, 0)
        head = QHBoxLayout()
        head.addWidget(self.parting, 1)
        head.addWidget(self.go, 0, Qt.AlignmentFlag.AlignTop)
        rows.addLayout(head)
        rows.addWidget(self.parted_rows, 1)
        self.below.add("history", said("Events of the row"), history)
        self.below.add("parting", said("First divergence"), parting)
        self.below.hide()
        return self.below

    def _connect(self) -> None:
        panes = self._panes
        panes.listed.connect(self._show_views)
        panes.compared.connect(self._show_panes)
        panes.row_found.connect(self._go_to_row)
        panes.parting.parted.connect(self._show_parting)
        panes.history.traced.connect(self._show_history)
        panes.cell.answered.connect(self._show_cell)
        self.cell.go_wanted.connect(panes.cell.go_there)
        self.add.clicked.connect(panes.add_side)
        self.remove.clicked.connect(panes.remove_side)
        self.only.toggled.connect(panes.show_only_differences)
        self.part.clicked.connect(panes.find_parting)
        self.go.clicked.connect(panes.go_to_parting)
        self.history.row_activated.connect(panes.history.go_to)
        for which, grid in self.grids.items():
            self.heads[which].chosen.connect(partial(self._choose, which))
            self.heads[which].typed.connect(partial(panes.pin, which))
            self.heads[which].source_chosen.connect(partial(panes.set_source, which))
            self.heads[which].source_wanted.connect(partial(self.store_wanted.emit, which))
            grid.row_activated.connect(partial(panes.go_to_row, which))
            grid.row_chosen.connect(partial(panes.choose_row, which))
            grid.cell_chosen.connect(partial(panes.choose_cell, which))
            for other in self.grids.values():
                if other is not grid:
                    grid.scrolled.connect(other.scroll_to)
                    grid.row_chosen.connect(other.go_to_row)

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show_views()

    @Slot()
    def _show_views(self) -> None:
        panes = self._panes
        for which, box in self.boxes.items():
            box.setVisible(which in panes.sides)
        self.add.setEnabled(len(panes.sides) < len(ALL))
        self.remove.setEnabled(len(panes.sides) > 2)
        self.only.setChecked(panes.only_differences)
        for which, side in panes.sides.items():
            head, exact = self.heads[which], "" if side.at is None else str(side.at)
            words = MOMENTS[0][1] if panes.has_anchor else UNSET
            head.allow("anchor", words, is_allowed=panes.has_anchor)
            head.show_choice(side.view, panes.views_of(side.source), side.moment, exact)
            head.show_sources(panes.sources.of(side), panes.sources.offered(side))
            head.show_branch(panes.sources.branch(side))

    def _choose(self, which: Which, view: str, moment: Moment) -> None:
        side = self._panes.sides[which]
        at = side.at if side.moment == moment else None
        self._panes.set_side(which, replace(side, view=view, moment=moment, at=at))

    @Slot()
    def _show_panes(self) -> None:
        panes = self._panes
        self.words.say(panes.words, role="warn" if panes.is_warning else "dim")
        for which in panes.sides:
            shown = panes.pane(which)
            rows = [TextRow(texts=texts, is_warning=differs) for texts, differs in shown.rows]
            self.heads[which].message.set_text(_standing(shown, self.heads[which].branch))
            empty = shown.trouble[:1].upper() + shown.trouble[1:] or _why_empty(
                shown.as_of, panes.only_differences
            )
            self.grids[which].say_when_empty(empty)
            self.grids[which].show_rows(shown.titles, rows)

    @Slot(int)
    def _go_to_row(self, row: int) -> None:
        for grid in self.grids.values():
            grid.go_to_row(row)

    @Slot()
    def _show_cell(self) -> None:
        self.cell.tell(self._panes.cell.words, can_go=self._panes.cell.position is not None)
        if self._panes.cell.words is not None:
            self._bring("history")

    @Slot()
    def _show_history(self) -> None:
        history = self._panes.history
        self.history_words.say(history.words, role="dim" if history.found else "warn")
        self.history.show_rows(TITLES, [TextRow(texts=it) for it in history.rows()])
        self._bring("history")

    @Slot()
    def _show_parting(self) -> None:
        parting = self._panes.parting
        self.parting.say(parting.words)
        self.go.setVisible(parting.position is not None)
        titles, rows = parting.table()
        self.parted_rows.setVisible(bool(rows))
        self.parted_rows.show_rows(titles, [TextRow(texts=it, is_warning=n) for it, n in rows])
        if parting.words:
            self._bring("parting")

    def _bring(self, tab: str) -> None:
        self.below.show()
        self.below.choose(tab)


def _standing(shown: PaneRows, branch: str) -> str:
    """The branch and the position that a pane shows, and how old that is."""
    if shown.as_of is None:
        return said("no rows; trying again") if shown.trouble else ""
    as_of = said("as of {as_of:,}", as_of=shown.as_of)
    if branch:
        as_of = said("branch {branch} as of {as_of:,}", branch=branch, as_of=shown.as_of)
    return f"{as_of} · {shown.age}" if shown.age else as_of


def _why_empty(as_of: int | None, only_differences: bool) -> str:
    """Of a pane without rows; nothing before its answer has come."""
    if as_of is None:
        return ""
    return (
        said("No row differs.")
        if only_differences
        else said("The view has no rows at this moment.")
    )


PANEL: Final = Panel(
    id="views",
    title=said("Views"),
    area="tab",
    order=6,
    make=lambda it: PanesView(it.panes),
    begin=lambda it: it.views["left"].setFocus(),
)
