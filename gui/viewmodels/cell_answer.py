"""Why a cell of a view is what it is."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.answer_words import AnswerWords, event_words, rule_words, when_words, who_words
from gui.viewmodels.divergence import value_text
from gui.viewmodels.line_seek import LineSeek
from gui.window_words import error_words
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from gui.work.there import reads_there
from replay.history.cell_answer import CellAnswer, answer_of, cell_answer
from replay.views.sink import KeyValues
from store.errors import StoreError
from store.events import RecordedEvent

NO_ROW = said("there is no such row")
UNKNOWN = said("the value is too long for the history, so an earlier event may have set it")


class CellAnswerViewModel(QObject):
    """`answered()` when there are other words, `failed(error)`."""

    answered = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, there: Tasks | None = None) -> None:
        """`there`: the tasks that ask query stores."""
        super().__init__()
        self.words: AnswerWords | None = None
        self.position: int | None = None  # of the event
        self._tasks, self._there, self._selection = tasks, there or tasks, selection
        self._line: Path | None = None  # that the event is of, if it is not in view
        self._seek = LineSeek(tasks, selection)
        self._seek.failed.connect(self.failed)

    def ask(
        self,
        view: str,
        key: KeyValues,
        column: str,
        *,
        at: int | None,
        source: str = "",
        line: Path | None = None,
    ) -> None:
        """Which event gave a cell the value that it has as of a position. `source`: the address of
        the query store that has the row; `line`: where its line is, if that is not in view."""
        title = said(
            "{column} of {str} in {view}", column=column, str=", ".join(map(str, key)), view=view
        )
        tasks, others = (self._there, self._tasks) if source else (self._tasks, self._there)
        wanted = _Cell(view=view, key=key, column=column, at=at, source=source, line=line)
        work = partial(_ask, wanted=wanted, cursor=self._selection.as_of)
        done = partial(self._show, title=title, line=line)
        failed = partial(self._tell, title=title)
        others.cancel("cell answer")
        tasks.latest("cell answer", work, done=done, failed=failed)

    def go_there(self) -> None:
        """Put the cursor on the event."""
        if self.position is not None:
            self._seek.go(self.position, self._line)

    def forget(self) -> None:
        """Another row or view is looked at."""
        for it in (self._tasks, self._there):
            it.cancel("cell answer")
        if self.words is not None:
            self.words = self.position = None
            self.answered.emit()

    def _show(
        self,
        found: tuple[CellAnswer | None, RecordedEvent | None],
        *,
        title: str,
        line: Path | None,
    ) -> None:
        answer, cursor = found
        self._line = line
        self.position = None if answer is None else answer.event.position
        if answer is None:
            self.words = _words(title, event=NO_ROW)
        else:
            self.words = _answer_words(answer, title, cursor)
        self.answered.emit()

    def _tell(self, error: Exception, *, title: str) -> None:
        if isinstance(error, StoreError):
            self.position = None
            self.words = _words(title, event=error_words(error))
            self.answered.emit()
        else:
            self.failed.emit(error)


def _answer_words(answer: CellAnswer, title: str, cursor: RecordedEvent | None) -> AnswerWords:
    write = answer.write
    return AnswerWords(
        title=title,
        before=said("no row") if write.is_first else value_text(write.before),
        after=value_text(write.after),
        event=event_words(answer.event),
        when=when_words(answer.event, cursor=cursor, axis="recorded"),
        who=who_words(answer.entry),
        rules=rule_words(answer.entry),
        place="" if answer.is_known else UNKNOWN,
    )


def _words(title: str, *, event: str) -> AnswerWords:
    return AnswerWords(title=title, after="", event=event)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    view: str
    key: KeyValues
    column: str
    at: int | None
    source: str
    line: Path | None


def _ask(
    reads: Reads, *, wanted: _Cell, cursor: int
) -> tuple[CellAnswer | None, RecordedEvent | None]:
    it, here = wanted, reads.log.event(cursor)
    if it.source:
        return _ask_there(reads, it), here
    with reads.line(it.line) as there:
        return cell_answer(there.views(), there.log, it.view, it.key, it.column, at=it.at), here


def _ask_there(reads: Reads, it: _Cell) -> CellAnswer | None:
    from replay.query_store.stored_rows import shown_view  # loaded late: it speaks to servers
    from replay.query_store.trace_there import cell_there

    store = reads_there(reads).there(it.source)
    stored = shown_view(store, it.view)
    until = stored.position if it.at is None else it.at
    write = cell_there(store, stored, it.key, it.column, at=until)
    return None if write is None else answer_of(reads.log, it.view, it.key, write)
