"""The writes of one row of a view: which events made it, and what each of them changed."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.line_seek import LineSeek
from gui.window_words import error_words
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from gui.work.there import reads_there
from replay.questions.row_trace import CellChange, RowTrace, RowWrite, trace
from replay.views.sink import KeyValues
from store.errors import StoreError
from store.number_text import plain_text

TITLES: Final = (said("position"), said("event"), said("row"), said("what it changed"))
SHOWN: Final = 500  # the latest
SHOWN_THERE: Final = 50  # of a query store, which is asked for one after the other
LONGEST: Final = 60  # characters of a value


class RowHistoryViewModel(QObject):
    """`traced()` when `found` or `words` differ, `failed(error)`."""

    traced = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, there: Tasks | None = None) -> None:
        """`there`: the tasks that ask query stores."""
        super().__init__()
        self.found: RowTrace | None = None
        self.words = ""
        self._tasks, self._there = tasks, there or tasks
        self.line: Path | None = None  # that the events are of, if it is not in view
        self._seek = LineSeek(tasks, selection)
        self._seek.failed.connect(self.failed)

    def ask(
        self,
        view: str,
        key: KeyValues,
        *,
        until: int,
        goes_there: bool = False,
        source: str = "",
        line: Path | None = None,
    ) -> None:
        """The writes of a row up to a position; then to the event of the latest, if wanted.
        `source`: the address of the query store that has the row; `line`: where its line is, if
        that is not in view."""
        tasks, others = (self._there, self._tasks) if source else (self._tasks, self._there)
        work = partial(_trace, view=view, key=key, until=until, source=source, line=line)
        done = partial(self._show, until=until, goes_there=goes_there, line=line)
        others.cancel("row history")
        tasks.latest("row history", work, done=done, failed=self._tell)

    def rows(self) -> list[tuple[str, ...]]:
        """The writes under TITLES, the latest first."""
        return [_row(it) for it in self.found.writes] if self.found else []

    def position(self, row: int) -> int | None:
        """Of the event of a write."""
        writes = self.found.writes if self.found else ()
        return writes[row].event.position if 0 <= row < len(writes) else None

    def go_to(self, row: int) -> None:
        """Put the cursor on the event of a write."""
        if (position := self.position(row)) is not None:
            self._seek.go(position, self.line)

    def _show(self, found: RowTrace, *, until: int, goes_there: bool, line: Path | None) -> None:
        self.found, self.line = found, line
        count = len(found.writes)
        writes = counted("1 write", "{count:,} writes", count)
        more = said("; there are earlier ones") if found.is_cut else ""
        self.words = said(
            "{key} in {view} up to {until:,}: {writes}{more}",
            key=_key(found.key),
            view=found.view,
            until=until,
            writes=writes,
            more=more,
        )
        if goes_there:
            self.go_to(0)
        self.traced.emit()

    def _tell(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            self.found, self.words = None, error_words(error)
            self.traced.emit()
        else:
            self.failed.emit(error)


def cell_words(cells: tuple[CellChange, ...]) -> str:
    """Each column that changed, with what it was and is."""
    return ", ".join(
        f"{it.column} {_text(it.before)} → {_text(it.after)}"
        if it.is_known
        else said("{column} was too long to be stored", column=it.column)
        for it in cells
    )


def _trace(
    reads: Reads, *, view: str, key: KeyValues, until: int, source: str, line: Path | None
) -> RowTrace:
    if source:
        from replay.query_store.stored_rows import shown_view  # loaded late: it speaks to servers
        from replay.query_store.trace_there import trace_there

        store = reads_there(reads).there(source)
        stored = shown_view(store, view)
        return trace_there(store, stored, reads.log, key, until=until, limit=SHOWN_THERE)
    with reads.line(line) as there:
        return trace(there.views(), there.log, view, key, until=until, limit=SHOWN)


def _row(it: RowWrite) -> tuple[str, ...]:
    cells = "" if it.row.is_deleted else cell_words(it.cells)
    return (f"{it.event.position:,}", it.event.type, it.words, cells)


def _key(key: KeyValues) -> str:
    return ", ".join(map(str, key))


def _text(value: Any) -> str:
    text = "–" if value is None else plain_text(value) or '""'
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
