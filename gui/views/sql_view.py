"""SQL over the views: a statement, its answer as a table, a chart or a lane; saved by name."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.viewmodels.sql import SqlViewModel
from gui.viewmodels.sql_names import NamedTable, SqlNamesViewModel
from gui.widgets.answer_box import AnswerBox
from gui.widgets.branch_band import BranchBand
from gui.widgets.chart.chart import Chart
from gui.widgets.dropdown import Dropdown
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.name_tree import NameGroup, NameItem, NameTree
from gui.widgets.statement_box import StatementBox
from gui.widgets.time.mark_lane import MarkLane
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.words import Words
from gui.words import counted, said
from store.number_text import plain_text

FIRST_SQL: Final = (
    "SELECT category, count(*) AS streams, sum(event_count) AS events\n"
    "FROM streams GROUP BY category ORDER BY events DESC"
)
LETTERS: Final = 2_000  # of one value that are shown
CHOOSE: Final = said("saved queries")
BEFORE: Final = said("history")
LINE: Final = 120  # letters of a question in the list of those asked before
TABLES_PX: Final = 300
KEYS: Final = said(
    "Ctrl+Enter runs the query. Ctrl+Space shows completions. ↑ in the first "
    "line and ↓ in the last line go through the history."
)
ABOUT: Final = said(
    "Ctrl+Enter runs the query. Tables: each view NAME, its past NAME_history, "
    "and the events in event_log."
)
NO_POSITIONS: Final = said("A lane needs a column named position, such as _position of a view.")


class SqlView(QWidget):
    """Nothing can be written here. Ctrl+Enter asks."""

    def __init__(self, sql: SqlViewModel, names: SqlNamesViewModel, *, branch: str) -> None:
        """`branch`: the name of the branch that is asked; empty of the log."""
        super().__init__()
        self.setAccessibleName(said("SQL"))
        self._sql, self._names = sql, names
        self.tables = NameTree(said("Tables and columns"))
        self.about = Words("dim")
        self.branch = BranchBand()
        self.branch.show_branch(branch)
        self.statement = StatementBox(FIRST_SQL)
        self.earlier = Dropdown()
        self.saved = Dropdown()
        self.name = QLineEdit()
        self.save = QPushButton(said("Save"))
        self.forget = QPushButton(said("Delete"))
        self.run = QPushButton(said("Run"))
        self.stop = QPushButton(said("Stop"))
        self.message = Words("dim", ABOUT)
        self.plan = Words("faint")
        self.tabs = UnderlineTabs(said("Result tabs"))
        self.answer = TextGrid(
            said("Result rows"),
            has_cells=True,
            empty=said("Result rows appear here. Write a query above, then choose Run."),
        )
        self.cell = AnswerBox(said("Why the cell has this value"))
        self.cell.hide_ways()
        self.chart = Chart(said("Result chart"))
        self.chart_words = Words("dim")
        self.lane = MarkLane(said("Result positions"))
        self.lane_words = Words("dim")
        self._lay_out()
        self._connect()
        self._show_saved()
        self._show_asked()
        self._show_busy()

    def spots(self) -> list[Spot]:
        """The cells of the answer."""
        return [cells_spot(self.answer.grid, self._sql.things)]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sql.list_saved()
        self._names.look(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._names.look(False)

    def _lay_out(self) -> None:
        self.statement.setAccessibleName(said("SQL"))
        self.statement.setFixedHeight(72)
        self.statement.setToolTip(KEYS)
        self.earlier.setAccessibleName(said("Query history"))
        self.saved.setAccessibleName(said("Saved queries"))
        self.name.setAccessibleName(said("Name of the query"))
        self.name.setPlaceholderText(said("name"))
        self.run.setProperty("primary", True)
        self.run.setToolTip(ABOUT)
        buttons = QHBoxLayout()
        buttons.addWidget(self.earlier, 1)
        buttons.addWidget(self.saved, 1)
        buttons.addWidget(self.name, 1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.forget)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.run)
        self.tabs.add("table", said("Table"), _table(self.answer, self.cell))
        self.tabs.add("chart", said("Chart"), _page(self.chart_words, self.chart))
        self.tabs.add("lane", said("Lane"), _page(self.lane_words, self.lane))
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(6, 8, 12, 8)
        rows.setSpacing(6)
        rows.addWidget(self.statement)
        rows.addLayout(buttons)
        rows.addWidget(self.message)
        rows.addWidget(self.tabs, 1)
        rows.addWidget(self.plan)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(_table(self.tables, self.about))
        split.addWidget(page)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 4)
        split.setSizes([TABLES_PX, 2 * TABLES_PX])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.branch)
        whole.addWidget(split, 1)

    def _connect(self) -> None:
        sql = self._sql
        sql.answered.connect(self._show_answer)
        sql.cell.answered.connect(self._show_cell)
        self.answer.cell_chosen.connect(sql.choose_cell)
        self.cell.go_wanted.connect(sql.cell.go_there)
        sql.busy_changed.connect(self._show_busy)
        sql.saved_changed.connect(self._show_saved)
        sql.selection.as_of_changed.connect(self._show_cursor)
        self.run.clicked.connect(self._run)
        self.stop.clicked.connect(sql.stop)
        self.save.clicked.connect(self._save)
        self.forget.clicked.connect(self._forget)
        self.saved.activated.connect(self._choose)
        self.lane.mark_chosen.connect(sql.selection.seek)
        self._connect_names()
        keys = QShortcut(QKeySequence("Ctrl+Return"), self)
        keys.activated.connect(self._run)

    def _connect_names(self) -> None:
        self._names.listed.connect(self._show_tables)
        self._names.listed.connect(self._sql.list_saved)
        self.tables.reached.connect(self.about.say)
        self.tables.name_taken.connect(self._put_name)
        self.tables.sample_taken.connect(self._ask)
        self.statement.offers_wanted.connect(self._offer)
        self.statement.earlier.connect(self._show_earlier)
        self.statement.later.connect(self._show_later)
        self._sql.asked.changed.connect(self._show_asked)
        self.earlier.activated.connect(self._choose_earlier)
        self.saved.currentIndexChanged.connect(self._show_forget)

    @Slot()
    def _run(self) -> None:
        self._sql.run(self.statement.toPlainText())

    @Slot(str)
    def _ask(self, statement: str) -> None:
        self.statement.put_statement(statement)
        self._run()

    @Slot(str)
    def _put_name(self, name: str) -> None:
        self.statement.put_name(name)
        self.statement.setFocus()

    @Slot(str, int, bool)
    def _offer(self, text: str, cursor: int, is_asked: bool) -> None:
        found = self._names.offers(text, cursor, is_asked=is_asked)
        self.statement.offer(found.start, [(it.text, it.detail) for it in found.offers])

    @Slot()
    def _show_tables(self) -> None:
        self.tables.show_groups([_group(it) for it in self._names.named()])

    @Slot()
    def _show_earlier(self) -> None:
        found = self._sql.asked.earlier(self.statement.toPlainText())
        if found is not None:
            self.statement.put_statement(found)

    @Slot()
    def _show_later(self) -> None:
        found = self._sql.asked.later()
        if found is not None:
            self.statement.put_statement(found)

    @Slot()
    def _choose_earlier(self) -> None:
        if self.earlier.currentData():
            self.statement.put_statement(self.earlier.currentData())
            self.statement.setFocus()

    @Slot()
    def _show_asked(self) -> None:
        self.earlier.clear()
        self.earlier.addItem(BEFORE, "")
        for it in reversed(self._sql.asked.statements):
            self.earlier.addItem(" ".join(it.split())[:LINE], it)

    @Slot()
    def _show_forget(self) -> None:
        name = self.saved.currentData()
        self.forget.setEnabled(bool(name) and name not in self._sql.shipped)

    @Slot()
    def _save(self) -> None:
        self._sql.save(self.name.text(), self.statement.toPlainText())

    @Slot()
    def _forget(self) -> None:
        if self.saved.currentData():
            self._sql.remove(self.saved.currentData())

    @Slot()
    def _choose(self) -> None:
        name = self.saved.currentData()
        if name:
            self.name.setText(name)
            self._ask(self._sql.saved[name])

    @Slot()
    def _show_saved(self) -> None:
        chosen = self.name.text().strip()
        self.saved.clear()
        self.saved.addItem(CHOOSE, "")
        for name in self._sql.saved:
            self.saved.addItem(name, name)
        self.saved.setCurrentIndex(max(self.saved.findData(chosen), 0))
        self._show_forget()

    @Slot()
    def _show_busy(self) -> None:
        self.run.setEnabled(not self._sql.is_busy)
        self.stop.setEnabled(self._sql.is_busy)

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show_cursor()

    @Slot()
    def _show_cursor(self) -> None:
        self.lane.show_cursor(self._sql.selection.as_of)

    @Slot()
    def _show_cell(self) -> None:
        self.cell.tell(self._sql.cell.words, can_go=self._sql.cell.position is not None)

    @Slot()
    def _show_answer(self) -> None:
        result = self._sql.result
        if result is None:
            self.message.say(self._sql.problem, role="error")
            self.plan.say("")
            self._show_rows((), ())  # those of another question would be taken for its answer
            return
        more = said(", cut at {cut_at}", cut_at=result.cut_at) if result.is_cut else ""
        told = said(
            "{count} in {seconds:,.0f} ms{more}",
            count=counted("{count:,} row", "{count:,} rows", len(result.rows)),
            seconds=result.seconds * 1000,
            more=more,
        )
        self.answer.say_when_empty(said("The query returned no rows."))
        stale = self._sql.stale_words
        truths = self._sql.truth_words
        self.message.say(told + stale + truths, role="warn" if stale or truths else "dim")
        self.plan.say(" · ".join(result.plan))
        self._show_rows(result.columns, result.rows)

    def _show_rows(self, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        self.answer.show_rows(columns, [TextRow(texts=tuple(map(_text, it))) for it in rows])
        self._draw_chart()
        self._draw_lane()

    def _draw_chart(self) -> None:
        drawn = self._sql.drawn()
        self.chart_words.say(drawn.why_not)
        self.chart.setVisible(not drawn.why_not)
        if drawn.xs:
            self.chart.show_line(drawn.xs, drawn.values, unit=drawn.unit, over=drawn.over)
        elif drawn.names:
            self.chart.show_bars(drawn.names, drawn.values, unit=drawn.unit)

    def _draw_lane(self) -> None:
        positions = self._sql.positions()
        head = self._sql.selection.head
        marks = said(
            "{count:,} of {head:,} events; a click, ← and → go to them.",
            count=len(set(positions)),
            head=head,
        )
        self.lane_words.say(marks if positions else NO_POSITIONS)
        self.lane.setVisible(bool(positions))
        self.lane.show_marks(positions, end=head)
        self._show_cursor()


def _group(it: NamedTable) -> NameGroup:
    items = tuple(
        NameItem(text=column.name, detail=column.detail, taken=column.taken, is_faint=column.is_own)
        for column in it.columns
    )
    return NameGroup(
        name=NameItem(text=it.name, detail=it.about, taken=it.taken), sample=it.sample, items=items
    )


def _text(value: object) -> str:
    """What a cell says; of a long value its beginning."""
    if isinstance(value, bytes):
        value = value[:LETTERS].hex()
    text = plain_text(value)
    return text if len(text) <= LETTERS else f"{text[:LETTERS]}…"


def _table(answer: QWidget, cell: QWidget) -> QWidget:
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(answer, 1)
    rows.addWidget(cell)
    return page


def _page(words: Words, drawn: QWidget) -> QWidget:
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(words)
    rows.addWidget(drawn)
    rows.addStretch(1)  # what does not grow stands at the top
    return page


PANEL: Final = TabPanel(
    id="sql",
    title=said("SQL"),
    parent="views",
    order=1,
    make=lambda it: SqlView(it.sql, it.sql_names, branch=it.line.name),
)
