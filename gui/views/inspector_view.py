"""The inspector at the right: the event, the state, and what differs from A."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import Panel
from gui.selection import Selection
from gui.viewmodels.blame import BlameViewModel
from gui.viewmodels.correction_facts import IN_ORDER, correction_facts
from gui.viewmodels.event_facts import facts, upcast_text
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.late_marks import LateMarksViewModel
from gui.viewmodels.pins import PinsViewModel
from gui.viewmodels.state_marks import (
    ChangeMark,
    change_note,
    comparison_words,
    marks_of,
    state_title,
    state_words,
)
from gui.viewmodels.written_rows import TITLES, WrittenRowsViewModel
from gui.widgets.answer_box import AnswerBox
from gui.widgets.chart.lazy_curve import LazyCurve
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.grid.key_value_grid import Fact, KeyValueGrid
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.grid.vertical_scroll import VerticalScroll
from gui.widgets.line_choice import LineChoice
from gui.widgets.search_field import SearchField
from gui.widgets.section import Section
from gui.widgets.tree.json_nodes import Mark
from gui.widgets.tree.json_text_view import JsonTextView
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.tree.json_words import path_text
from gui.widgets.underline_tabs import UnderlineTabs
from gui.words import said

NO_DATA: Final = said("The data of the event at the cursor is shown here.")
NO_METADATA: Final = said("Its metadata is shown here.")
NO_ROWS: Final = said("The rows that the event wrote into views are listed here.")
NO_STATE: Final = said("The state of the selected stream at the cursor is shown here.")


class InspectorView(QFrame):
    """Only the tab in sight is drawn; the comparison is asked for only while it is in sight.
    `teach_wanted()` when the state of a stream without a model is to be taught;
    `order_wanted(position)` when a late event is to be put where it belongs."""

    teach_wanted = Signal()
    order_wanted = Signal(int)

    def __init__(
        self,
        inspector: InspectorViewModel,
        selection: Selection,
        *,
        written: WrittenRowsViewModel,
        blame: BlameViewModel,
        pins: PinsViewModel,
        late: LateMarksViewModel,
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Inspector"))
        self.setProperty("role", "panel")
        self._inspector = inspector
        self._selection = selection
        self._written = written
        self._blame = blame
        self._pins = pins
        self._late = late
        self.tabs = UnderlineTabs(said("Inspector tabs"))
        self.facts = KeyValueGrid(said("Event facts"))
        self.data = JsonTextView(said("Event data"), empty=NO_DATA)
        self.metadata = JsonTextView(said("Event metadata"), empty=NO_METADATA)
        self.upcast = JsonTextView(said("Event data in its current shape"))
        self.written = TextGrid(said("Rows the event wrote"), empty=NO_ROWS)
        self.written.setToolTip(
            said("Enter or double-click shows the row before and after the event")
        )
        self.state_search = SearchField(said("Find in state"), said("find in state"))
        self.state_words = ElidedLabel(role="faint")
        self.teach = QPushButton(said("No model: teach the state…"))
        self.teach.setToolTip(
            said("Define what each event type does to the state, without code (T)")
        )
        self.teach.hide()
        self.state = JsonTree(said("State"), empty=NO_STATE)
        self.state.tells_origins = True
        self.pinned = KeyValueGrid(said("Pinned fields"))
        self.pinned.hide()
        self.answer = AnswerBox(said("Why the field has this value"))
        self.diff_line = LineChoice(said("A is of"))
        self.diff_words = ElidedLabel(role="faint")
        self.diff = JsonTree(said("Difference between A and the cursor"))
        self.no_diff = EmptyState(said("No difference to show"))
        self._diff_pages = QStackedWidget()
        self.curve = LazyCurve(said("Value over time"))
        self._lay_out()
        self._connect()
        self._show_inspection()
        self._show_comparison()

    def spots(self) -> list[Spot]:
        """The rows that the event wrote."""
        return [cells_spot(self.written.grid, self._written.things)]

    def _lay_out(self) -> None:
        self.tabs.add("event", said("Event"), self._event_page())
        self.tabs.add("state", said("State"), self._state_page())
        self.tabs.add("diff", said("Diff"), self._diff_page())
        self.tabs.choose("state")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tabs)

    def _event_page(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 8, 0, 8)
        rows.addWidget(self.facts, 3)
        rows.addWidget(Section(said("Data"), self.data), 2)
        self._upcast_part = Section(said("Data, upcast"), self.upcast)
        rows.addWidget(self._upcast_part, 3)
        rows.addWidget(Section(said("Metadata"), self.metadata), 1)
        self._written_part = Section(said("Rows it wrote"), self.written)
        rows.addWidget(self._written_part, 3)
        return VerticalScroll(said("Event"), page)

    def _state_page(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 8, 0, 8)
        rows.addLayout(_indented(self.state_search))
        rows.addLayout(_indented(self.state_words))
        rows.addLayout(_indented(self.teach))
        rows.addWidget(self.pinned)
        rows.addWidget(self.state, 1)
        rows.addWidget(self.answer)
        rows.addWidget(self.curve)
        return page

    def _diff_page(self) -> QWidget:
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 8, 0, 8)
        rows.addLayout(_indented(self.diff_words))
        rows.addWidget(self.diff, 1)
        self.no_diff.show_state(
            "git-compare",
            said(
                "Set A, then move the cursor. The changes of the selected stream between "
                "the two are shown here."
            ),
            said("Set A here"),
        )
        self._diff_pages.addWidget(inner)
        self._diff_pages.addWidget(self.no_diff)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.diff_line)
        rows.addWidget(self._diff_pages, 1)
        return page

    def _connect(self) -> None:
        self._inspector.inspected.connect(self._show_inspection)
        self._inspector.corrections.changed.connect(self._show_marks)
        self._late.changed.connect(self._show_marks)
        self._inspector.compared.connect(self._show_comparison)
        self.tabs.tab_chosen.connect(self._change_tab)
        self._written.found.connect(self._show_written)
        self.written.row_activated.connect(self._written.show_row)
        self.teach.clicked.connect(self.teach_wanted)
        self.state.path_chosen.connect(self._choose_field)
        self.state.path_activated.connect(self._go_to_field)
        self.state.history_wanted.connect(self._show_history)
        self.state.hits_changed.connect(self._show_hits)
        self.state.pin_wanted.connect(self._pins.toggle)
        self.pinned.link_chosen.connect(self._choose_pinned)
        self.answer.pin_wanted.connect(self.state.want_pin)
        self._pins.changed.connect(self._show_pins)
        self._blame.answered.connect(self._show_answer)
        self._selection.as_of_changed.connect(self._move_curve)
        self.curve.x_chosen.connect(self._blame.go_to_x)
        self.answer.go_wanted.connect(self._blame.go_there)
        self.answer.history_wanted.connect(self._show_history)
        self.answer.previous_wanted.connect(self._blame.previous_change)
        self.answer.next_wanted.connect(self._blame.next_change)
        self.state.origin_wanted.connect(self._inspector.find_origin)
        self._inspector.origin_found.connect(self._show_origin)
        self.state_search.searched.connect(self._find)
        self.state_search.left.connect(self.state.setFocus)
        self.state_search.next_wanted.connect(self.state.find_next)
        self.state_search.previous_wanted.connect(self.state.find_previous)
        self.facts.link_chosen.connect(self._go)
        self.no_diff.step_wanted.connect(self._selection.anchor_here)
        if (line := self._inspector.line) is not None:
            line.changed.connect(self._show_line)
            self.diff_line.chosen.connect(line.choose)
            self._show_line()

    @Slot()
    def _show_inspection(self) -> None:
        if self.tabs.chosen() == "event":
            self._show_event()
        elif self.tabs.chosen() == "state":
            self._show_state()
            self._show_pins()

    def _show_event(self) -> None:
        inspection = self._inspector.inspection
        event = inspection.event if inspection else None
        told = facts(inspection) if inspection else []
        if event is not None:
            mark = self._inspector.corrections.of(event)
            told += correction_facts(mark, self._late.of(event))
        self.facts.show_facts([Fact(it.label, it.value, link=it.link) for it in told])
        self.data.show_json(event.data_json if event else "")
        self.metadata.show_json(event.metadata_json if event else "")
        newest = upcast_text(inspection) if inspection else ""
        self._upcast_part.setVisible(bool(newest))
        self.upcast.show_json(newest)

    @Slot()
    def _show_written(self) -> None:
        rows = self._written.texts()
        self._written_part.set_count(self._written.count_words)
        self.written.show_rows(TITLES, [TextRow(texts=it) for it in rows])

    def _show_state(self) -> None:
        inspection = self._inspector.inspection
        self.teach.setVisible(inspection is not None and inspection.is_merged)
        if inspection is None or inspection.state is None:
            self.state.clear()
            self.state_words.set_text(said("no event here yet"))
            return
        marks = marks_of(inspection.changes)
        note = change_note(inspection)
        self.state_words.set_text(state_words(inspection))
        self.state.show_value(
            inspection.state.state,
            title=state_title(inspection),
            marks=_marks(marks),
            notes={mark.path: note for mark in marks},
        )

    @Slot(object)
    def _choose_field(self, path: tuple[str | int, ...]) -> None:
        self._blame.choose(path)
        self.answer.show_pinned(is_pinned=path in self._pins.paths)
        if self._blame.words is None:
            self.answer.wait(path_text(path))

    @Slot(object)
    def _go_to_field(self, path: tuple[str | int, ...]) -> None:
        """To the event that made it what it is, also where the answer is not here yet."""
        if self._blame.path != path:
            self._choose_field(path)
        self._blame.go_there()

    @Slot()
    def _show_history(self) -> None:
        self.tabs.choose("history")

    @Slot()
    def _show_answer(self) -> None:
        """Why the chosen field is what it is; and a number over the events of its stream."""
        words = self._blame.words
        self.answer.tell(words, can_go=words is not None and bool(words.when))
        self.curve.show_line(self._blame.curve, cursor=self._blame.curve_cursor)

    @Slot()
    def _show_pins(self) -> None:
        """The pinned fields above the tree; the arrow behind each chooses it."""
        if self.tabs.chosen() != "state":
            return
        fields = self._pins.fields()
        facts = [Fact(it.label, it.value, link=str(at)) for at, it in enumerate(fields)]
        self.pinned.show_facts(facts)
        self.pinned.setVisible(bool(facts))
        self.state.pinned = self._pins.paths
        self.answer.show_pinned(is_pinned=self._blame.path in self._pins.paths)

    @Slot(str)
    def _choose_pinned(self, link: str) -> None:
        path = self._pins.fields()[int(link)].path
        if not self.state.go_to(path):
            self._choose_field(path)

    @Slot()
    def _move_curve(self) -> None:
        self.curve.move_cursor(self._blame.curve_cursor)

    @Slot(int, int)
    def _show_hits(self, number: int, count: int) -> None:
        place = said("{number:,} of ", number=number) if number else ""
        self.state_search.set_hits(f"{place}{count:,}" if self.state_search.text() else "")

    @Slot()
    def _show_comparison(self) -> None:
        comparison, problem = self._inspector.comparison, self._inspector.problem
        self._diff_pages.setCurrentIndex(0 if comparison is not None or problem else 1)
        if problem:
            self.diff_words.set_text(problem)
            self.diff.clear()
        if comparison is None or self.tabs.chosen() != "diff":
            return
        self.diff_words.set_text(comparison_words(comparison))
        self.diff.show_value(
            comparison.after.state,
            title=comparison.stream,
            marks=_marks(marks_of(comparison.changes)),
        )

    @Slot()
    def _show_line(self) -> None:
        if (line := self._inspector.line) is not None:
            self.diff_line.offer(line.offered(), line.name, is_branch=line.is_branch)

    @Slot(str)
    def _change_tab(self, tab: str) -> None:
        self._inspector.want_comparison(tab == "diff")
        self._written.want(tab == "event")
        self._show_inspection()
        self._show_comparison()

    @Slot(str)
    def _find(self, text: str) -> None:
        self.state.find_text(text)

    @Slot(int)
    def _show_origin(self, position: int) -> None:
        """The event that gave a value: who, when, by which command, under which rules."""
        self.tabs.choose("event")
        self._selection.seek(position)

    @Slot(str)
    def _go(self, link: str) -> None:
        if link == IN_ORDER:
            self.order_wanted.emit(self._selection.as_of)
        else:
            self._selection.seek(int(link))

    @Slot()
    def _show_marks(self) -> None:
        """What was found out behind the event is told with it."""
        if self.tabs.chosen() == "event":
            self._show_event()


def _marks(changes: list[ChangeMark]) -> dict[tuple[str | int, ...], Mark]:
    return {it.path: Mark(it.kind, it.before) for it in changes}


def _indented(widget: QWidget) -> QHBoxLayout:
    """With the margin that trees and lists bring themselves."""
    cells = QHBoxLayout()
    cells.setContentsMargins(12, 0, 12, 0)
    cells.addWidget(widget)
    return cells


PANEL: Final = Panel(
    id="inspector",
    title=said("Inspector"),
    area="right",
    order=7,
    make=lambda it: InspectorView(
        it.inspector,
        it.selection,
        written=it.written_rows,
        blame=it.blame,
        pins=it.pins,
        late=it.two_times.late,
    ),
    size_px=368,
)
