"""Breakpoints: what running and playing through the log stop at."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.viewmodels.breakpoints import BreakpointsViewModel
from gui.viewmodels.completion import CompletionViewModel, Offers
from gui.viewmodels.filter_text import kind_of_filter
from gui.viewmodels.finding import FindingViewModel
from gui.viewmodels.new_breakpoint import EXAMPLES, NewBreakpointViewModel, Scope
from gui.viewmodels.running import RunningViewModel
from gui.viewmodels.things import BreakpointThing, Thing
from gui.widgets.dropdown import Dropdown
from gui.widgets.filter_box import FilterBox
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.section import Section
from gui.widgets.tips import set_action_tip
from gui.widgets.words import Words
from gui.words import said

TITLES: Final = ("", said("stops at"), said("of"))
SCOPES: Final[tuple[Scope, ...]] = ("event", "stream", "category")


class BreakpointsView(QWidget):
    """Enter in the list switches a breakpoint on or off."""

    def __init__(
        self,
        breakpoints: BreakpointsViewModel,
        new: NewBreakpointViewModel,
        running: RunningViewModel,
        *,
        finding: FindingViewModel,
        completion: CompletionViewModel,
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Breakpoints"))
        self._breakpoints, self._new, self._running = breakpoints, new, running
        self._finding, self._completion = finding, completion
        self.scope = Dropdown()
        self.scope.setAccessibleName(said("Scope of a new breakpoint"))
        self.scope.addItems([""] * len(SCOPES))
        self.scope.setMinimumContentsLength(1)  # a long name of a stream does not widen the panel
        self.scope.setSizeAdjustPolicy(
            Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.where = FilterBox(
            said("Filter or condition of a new breakpoint"),
            "",
            kind=kind_of_filter,
            wrong=self._wrong,
        )
        self.add = QPushButton(said("Add breakpoint"))
        self.run, self.run_back = QPushButton(said("Run")), QPushButton(said("Run back"))
        self.cancel = QPushButton(said("Stop"))
        self.message = Words("dim")
        self.list = TextGrid(
            said("Breakpoints"),
            empty=said(
                "Breakpoints are listed here. Add one above, then Run to the event that hits it."
            ),
        )
        self.switch, self.remove = (
            QPushButton(said("Switch on or off")),
            QPushButton(said("Remove")),
        )
        self._lay_out()
        self._connect()
        self._show_scopes()
        self._show_scope()
        self._show_list()
        self._show_running()

    def spots(self) -> list[Spot]:
        """The lines of the list."""
        return [cells_spot(self.list.grid, self._things)]

    def _things(self, row: int, _column: int) -> list[Thing]:
        texts = self._new.rows()
        return [BreakpointThing(row=row, text=texts[row][1])] if row < len(texts) else []

    def begin_with(self, where: str, scope: Scope) -> None:
        """Put a text into the line, to be gone on with."""
        self.scope.setCurrentIndex(SCOPES.index(scope))
        self.where.set_text(where)
        self.where.line.setFocus()

    def _lay_out(self) -> None:
        set_action_tip(self.run, said("Go to the next event that hits a breakpoint"), "run")
        set_action_tip(
            self.run_back, said("Go to the previous event that hits a breakpoint"), "run back"
        )
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.scope)
        rows.addWidget(self.where)
        rows.addLayout(_row(self.add))
        self._section = Section(said("Breakpoints"), self.list)
        rows.addWidget(self._section, 1)
        rows.addLayout(_row(self.switch, self.remove))
        rows.addLayout(_row(self.run, self.run_back, self.cancel))
        rows.addWidget(self.message)

    def _connect(self) -> None:
        self.scope.currentIndexChanged.connect(self._show_scope)
        self.where.line.returnPressed.connect(self._add)
        self.where.offers_wanted.connect(self._offer)
        self._completion.offered.connect(self._show_offers)
        self.add.clicked.connect(self._add)
        self.run.clicked.connect(self._running.run)
        self.run_back.clicked.connect(self._running.run_back)
        self.cancel.clicked.connect(self._running.cancel)
        self.list.row_activated.connect(self._breakpoints.switch)
        self.switch.clicked.connect(self._switch)
        self.remove.clicked.connect(self._remove)
        self._breakpoints.changed.connect(self._show_list)
        self._new.changed.connect(self._show_scopes)
        self._running.changed.connect(self._show_running)

    @property
    def _scope(self) -> Scope:
        return SCOPES[max(self.scope.currentIndex(), 0)]

    def _wrong(self, text: str) -> tuple[int, str] | None:
        return self._new.wrong(text, self._scope)

    @Slot()
    def _add(self) -> None:
        text = self.where.text().strip()
        if not text:
            self.where.line.setFocus()
        elif self.where.check() and self._new.add(text, self._scope):
            self.where.set_text("")

    @Slot(str, int)
    def _offer(self, text: str, cursor: int) -> None:
        """Fields of events, or of the state in sight."""
        if self._scope == "event":
            self._completion.ask(text, cursor)
        else:
            self.where.offer(*self._finding.offers(text, cursor))

    @Slot(object)
    def _show_offers(self, found: Offers) -> None:
        line = self.where.line
        is_of_this = (line.text(), line.cursorPosition()) == (found.text, found.cursor)
        if is_of_this and self._scope == "event":
            self.where.offer(found.start, [(it.text, it.detail) for it in found.offers])

    @Slot()
    def _show_scope(self) -> None:
        self.where.line.setPlaceholderText(EXAMPLES[self._scope])

    @Slot()
    def _show_scopes(self) -> None:
        for at, it in enumerate(SCOPES):
            self.scope.setItemText(at, self._new.titles[it])

    @Slot()
    def _show_list(self) -> None:
        listed = self._new.rows()
        self.list.show_rows(TITLES, [TextRow(texts=it) for it in listed])
        self._section.set_count(f"{len(listed):,}" if listed else "")
        for it in (self.switch, self.remove):
            it.setEnabled(bool(listed))

    @Slot()
    def _show_running(self) -> None:
        self.message.say(self._running.words, role=self._running.tone)
        self.cancel.setEnabled(self._running.is_running)

    @Slot()
    def _switch(self) -> None:
        self._breakpoints.switch(self.list.grid.current_row())

    @Slot()
    def _remove(self) -> None:
        self._breakpoints.remove(self.list.grid.current_row())


def _row(*buttons: QPushButton) -> QHBoxLayout:
    cells = QHBoxLayout()
    for it in buttons:
        cells.addWidget(it)
    return cells


PANEL: Final = TabPanel(
    id="breakpoints",
    title=said("Breakpoints"),
    parent="inspector",
    order=3,
    make=lambda it: BreakpointsView(
        it.breakpoints,
        it.new_breakpoint,
        it.running,
        finding=it.finding,
        completion=it.completion,
    ),
    begin=lambda it: it.where.line.setFocus(),
)
