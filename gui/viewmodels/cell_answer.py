"""Why a cell of a view is what it is."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.answer_words import AnswerWords, event_words, rule_words, when_words, who_words
from gui.viewmodels.divergence import value_text
from gui.window_words import error_words
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.cell_answer import CellAnswer, cell_answer
from replay.views.sink import KeyValues
from store.errors import StoreError
from store.events import RecordedEvent

NO_ROW = said("there is no such row")
UNKNOWN = said("the value is too long for the history, so an earlier event may have set it")


class CellAnswerViewModel(QObject):
    """`answered()` when there are other words, `failed(error)`."""

    answered = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.words: AnswerWords | None = None
        self.position: int | None = None  # of the event
        self._tasks, self._selection = tasks, selection

    def ask(self, view: str, key: KeyValues, column: str, *, at: int | None) -> None:
        """Which event gave a cell the value that it has as of a position."""
        title = said(
            "{column} of {str} in {view}", column=column, str=", ".join(map(str, key)), view=view
        )
        work = partial(_ask, view=view, key=key, column=column, at=at, cursor=self._selection.as_of)
        done, failed = partial(self._show, title=title), partial(self._tell, title=title)
        self._tasks.latest("cell answer", work, done=done, failed=failed)

    def go_there(self) -> None:
        """Put the cursor on the event."""
        if self.position is not None:
            self._selection.seek(self.position)

    def forget(self) -> None:
        """Another row or view is looked at."""
        self._tasks.cancel("cell answer")
        if self.words is not None:
            self.words = self.position = None
            self.answered.emit()

    def _show(self, found: tuple[CellAnswer | None, RecordedEvent | None], *, title: str) -> None:
        answer, cursor = found
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


def _ask(
    reads: Reads, *, view: str, key: KeyValues, column: str, at: int | None, cursor: int
) -> tuple[CellAnswer | None, RecordedEvent | None]:
    answer = cell_answer(reads.views(), reads.log, view, key, column, at=at)
    return answer, reads.log.event(cursor)
