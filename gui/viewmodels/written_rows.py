"""The rows that the event under the cursor wrote, over all views."""

from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.row_history import cell_words
from gui.viewmodels.things import CellThing, Thing, ViewThing
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.row_trace import WrittenRow, rows_written

TITLES: Final = (said("view"), said("row"), said("what it changed"))
SHOWN: Final = 50  # of each view


class WrittenRowsViewModel(QObject):
    """`found()` when `rows` differ, `row_wanted(view, key, position)` when one is to be shown,
    `failed(error)`."""

    found = Signal()
    row_wanted = Signal(str, object, object)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.rows: tuple[WrittenRow, ...] = ()
        self.cut: tuple[str, ...] = ()  # views of which there are more rows
        self.position = 0  # of the event that wrote them
        self._tasks = tasks
        self._selection = selection
        self._is_wanted = False
        selection.as_of_changed.connect(self.refresh)

    def want(self, is_wanted: bool) -> None:
        """Whether they are in sight; hidden ones are not asked for."""
        self._is_wanted = is_wanted
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Ask again: the cursor has moved, or the views have come further."""
        if self._is_wanted:
            at = self._selection.as_of
            work = partial(_written, position=at)
            done = partial(self._show, position=at)
            self._tasks.latest("rows written", work, done=done, failed=self.failed.emit)

    def texts(self) -> list[tuple[str, ...]]:
        """The rows under TITLES; behind them a line for each view of which there are more."""
        at = self.position
        more = said(
            "the first {shown} are listed; compare the view at {before:,} and {at:,} for all",
            shown=SHOWN,
            before=at - 1,
            at=at,
        )
        rows = [(it.view, ", ".join(map(str, it.key)), _what(it)) for it in self.rows]
        return [*rows, *((it, "…", more) for it in self.cut)]

    @property
    def count_words(self) -> str:
        """How many rows it wrote, or that there are more than are listed."""
        return f"{len(self.rows):,}{'+' if self.cut else ''}"

    def things(self, row: int, _column: int) -> list[Thing]:
        """What a row is."""
        if not 0 <= row < len(self.rows):
            return []
        it = self.rows[row]
        told = "\t".join(self.texts()[row])
        cell = CellThing(
            view=it.view, key=it.key, column="", text=_what(it), row=told, at=self.position
        )
        return [cell, ViewThing(name=it.view, at=self.position)]

    def show_row(self, row: int) -> None:
        """Ask for a row to be shown, before and after the event."""
        if 0 <= row < len(self.rows):
            it = self.rows[row]
            self.row_wanted.emit(it.view, it.key, self.position)

    def _show(self, found: tuple[WrittenRow, ...], *, position: int) -> None:
        by_view = [list(rows) for _, rows in groupby(found, key=attrgetter("view"))]
        rows = tuple(it for rows in by_view for it in rows[:SHOWN])
        if (rows, position) != (self.rows, self.position):
            self.rows, self.position = rows, position
            self.cut = tuple(it[0].view for it in by_view if len(it) > SHOWN)
            self.found.emit()


def _what(it: WrittenRow) -> str:
    if it.after is None or not it.cells:
        return it.words
    return cell_words(it.cells) if it.before is not None else f"{it.words}: {cell_words(it.cells)}"


def _written(reads: Reads, *, position: int) -> tuple[WrittenRow, ...]:
    return rows_written(reads.views(), reads.log, position, limit=SHOWN + 1)
