"""Full-text search over every event of the open store; a filter is looked for likewise. Words are
looked for in a query store too, where one keeps the events of this log."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.event_rows import EventRow, read_rows
from gui.window_words import error_words, hint_of
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from gui.work.there import There, reads_there
from replay.errors import UnknownField
from replay.questions.newest_hits import newest_hits
from replay.views.search_view import Found, NothingToSearch, search
from store.errors import StoreError
from store.filter.typed import typed

SHOWN: Final = 200  # the newest
LOOK_MS: Final = 2_000  # between an answer of a query store and the next question
NOTHING_FOUND: Final = said(
    "every word must occur in the event, at least as the beginning of a word"
)
ONLY_WORDS: Final = said("A query store is searched for words. Search here with a filter.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The events that were found, newest first. Those of a query store as they are here."""

    found: Found
    rows: tuple[EventRow, ...]


class SearchViewModel(QObject):
    """`answered()` when `hits` or `words` differ, `failed(error)`."""

    answered = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, there: There) -> None:
        super().__init__()
        self.source = ""  # the address of a query store; empty: the index here
        self.hits: Hits | None = None
        self.words = ""  # what came of it, for a person
        self._tasks = tasks
        self._selection, self._there = selection, there
        self._asked = ""
        self._is_wanted = False
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.refresh)

    def close(self) -> None:
        """Ask nothing more."""
        self._is_wanted = False
        self._again.stop()

    def want(self, is_wanted: bool) -> None:
        """Whether the page is in sight; a hidden one asks for nothing."""
        self._is_wanted = is_wanted
        self.refresh()

    def ask(self, words: str) -> None:
        """Search for events that hold all the words, or words that begin so; or that meet a
        filter. One that cannot be read is left alone."""
        self._asked = words.strip()
        if typed(self._asked).problem:
            self._asked = ""
        elif self._asked:
            self.refresh()
        else:
            self._cancel()
            self.hits, self.words = None, ""
            self.answered.emit()

    def look_in(self, source: str) -> None:
        """Search a query store by its address; the index here with an empty one."""
        if source != self.source:
            self._cancel()
            self.source, self.hits, self.words = source, None, ""
            self.answered.emit()
            self.refresh()

    def advance(self) -> None:
        """The index here has got on. A query store is asked by the clock: it gets on by itself."""
        if not self.source:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Search again."""
        self._again.stop()
        if not (self._is_wanted and self._asked):
            return
        if not self.source:
            work = partial(_search, words=self._asked)
            self._tasks.latest("search", work, done=self._show, failed=self._tell)
        elif typed(self._asked).is_filter:
            self._cancel()
            self.hits, self.words = None, ONLY_WORDS
            self.answered.emit()
        else:
            work = partial(_search_there, source=self.source, words=self._asked)
            self._there.tasks.latest("search", work, done=self._show_there, failed=self._miss)

    def go_to(self, row: int) -> None:
        """Put the cursor on a found event."""
        if self.hits is not None and 0 <= row < len(self.hits.rows):
            self._selection.seek(self.hits.rows[row].position)

    def _cancel(self) -> None:
        self._again.stop()
        for tasks in (self._tasks, self._there.tasks):
            tasks.cancel("search")

    def _show_there(self, hits: Hits) -> None:
        self._again.start(LOOK_MS)
        self._show(hits)

    def _miss(self, error: Exception) -> None:
        self._again.start(LOOK_MS)
        self._tell(error)

    def _show(self, hits: Hits) -> None:
        found = hits.found
        count = counted("{count:,} event", "{count:,} events", len(hits.rows))
        self.words = (
            said("the newest {count}; there are more", count=count) if found.is_cut else count
        )
        if not hits.rows and not typed(self._asked).is_filter:
            self.words += f": {NOTHING_FOUND}"
        if found.behind:
            behind = counted("{count:,} event", "{count:,} events", found.behind)
            self.words += (
                said(" · the query store is {behind} behind", behind=behind)
                if self.source
                else said(" · the index is {behind} behind", behind=behind)
            )
        self.hits = hits
        self.answered.emit()

    def _tell(self, error: Exception) -> None:
        if isinstance(error, NothingToSearch):
            self.hits, self.words = None, hint_of(error)
            self.answered.emit()
        elif isinstance(error, UnknownField):
            self.hits, self.words = None, error.sentence
            self.answered.emit()
        elif self.source and isinstance(error, StoreError):
            self.hits, self.words = None, error_words(error)
            self.answered.emit()
        else:
            self.failed.emit(error)


def _search(reads: Reads, *, words: str) -> Hits:
    tree = typed(words).tree
    if tree is not None:
        found = newest_hits(reads.log, tree, limit=SHOWN)
    else:
        found = search(reads.views(), reads.log, words, limit=SHOWN)
    return _hits(reads, found)


def _search_there(reads: Reads, *, source: str, words: str) -> Hits:
    """Raises as found_events does."""
    from replay.query_store.found_events import found_events  # late: few ask a server

    store = reads_there(reads).there(source)
    return _hits(reads, found_events(store, reads.log, words, limit=SHOWN))


def _hits(reads: Reads, found: Found) -> Hits:
    rows = read_rows(reads, sorted(found.positions), before=0) if found.positions else ()
    return Hits(found=found, rows=rows[::-1])
