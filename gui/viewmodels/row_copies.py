"""The rows of the event table that a person copies, read whole wherever they are."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_pages import Listing
from gui.viewmodels.event_rows import EventRow
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.event_texts import FORMATS
from store.whole_file import write_whole

MOST_COPIED: Final = 100_000  # rows


class RowCopiesViewModel(QObject):
    """`copied(text)` when the rows have been read, `told()` when `words` differ,
    `failed(error)`."""

    copied = Signal(str)
    told = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, events: EventListViewModel) -> None:
        super().__init__()
        self.words = ""
        self._tasks = tasks
        self._events = events
        events.reset.connect(self._forget)

    def copy(self, first: int, last: int, line: Callable[[EventRow], str]) -> None:
        """Read the rows from the first to the last, and make a line of each."""
        count = last - first + 1
        end = first + min(count, MOST_COPIED)
        self._say(
            said("Copying {end}…", end=counted("{count:,} row", "{count:,} rows", end - first))
            if count > 1
            else ""
        )
        work = partial(_copied, listing=self._events.listing, first=first, end=end, line=line)
        done = partial(self._tell, count=count)
        self._tasks.latest("copy rows", work, done=done, failed=self._give_up)

    def copy_as(self, first: int, last: int, format_: str) -> None:
        """Read the events of the rows whole, and make a text of a format of FORMATS."""
        self._ask_text(first, last, format_, self.copied.emit)

    def save_as(self, first: int, last: int, format_: str, path: Path) -> None:
        """The same into a file, which appears whole; one that is there is replaced."""
        self._ask_text(first, last, format_, partial(self._save, path))

    def save_event(self, position: int, format_: str, path: Path) -> None:
        """One event, listed or not, into a file."""
        work = partial(_event_text, position=position, format_=format_)
        done = partial(self._save, path)
        self._tasks.latest("copy rows", work, done=done, failed=self._give_up)

    def _ask_text(self, first: int, last: int, format_: str, done: Callable[[str], None]) -> None:
        count, end = last - first + 1, first + min(last - first + 1, MOST_COPIED)
        self._say(
            said("Reading {end}…", end=counted("{count:,} row", "{count:,} rows", end - first))
            if count > 1
            else ""
        )
        work = partial(
            _text_of, listing=self._events.listing, first=first, end=end, format_=format_
        )
        told = partial(self._tell_text, count=count, taken=end - first, done=done)
        self._tasks.latest("copy rows", work, done=told, failed=self._give_up)

    def _tell_text(self, text: str, *, count: int, taken: int, done: Callable[[str], None]) -> None:
        more = said("select fewer rows, or use File ▸ Export…")
        self._say(
            said(
                "{taken:,} of {count:,} rows were included; {more}",
                taken=taken,
                count=count,
                more=more,
            )
            if taken < count
            else ""
        )
        done(text)

    def _save(self, path: Path, text: str) -> None:
        work = partial(_written, path=path, text=text)
        self._tasks.latest("save rows", work, done=self._tell_written, failed=self._give_up)

    def _tell_written(self, path: Path) -> None:
        self._say(said("Written to {path}", path=path))

    def _tell(self, lines: list[str], *, count: int) -> None:
        is_cut = len(lines) < count
        more = said("select fewer rows, or use File ▸ Export…")
        self._say(
            said(
                "{copied:,} of {count:,} rows were copied; {more}",
                copied=len(lines),
                count=count,
                more=more,
            )
            if is_cut
            else ""
        )
        self.copied.emit("\n".join(lines))

    def _give_up(self, error: Exception) -> None:
        self._forget()
        self.failed.emit(error)

    def _forget(self) -> None:
        self._say("")

    def _say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.told.emit()


def _text_of(reads: Reads, *, listing: Listing, first: int, end: int, format_: str) -> str:
    positions = [listing.position(row) for row in range(first, end)]
    found = {it.position: it for it in reads.log.at_positions(positions)}
    return FORMATS[format_]([found[it] for it in positions if it in found])


def _event_text(reads: Reads, *, position: int, format_: str) -> str:
    return FORMATS[format_](reads.log.at_positions([position]))


def _written(_reads: Reads, *, path: Path, text: str) -> Path:
    write_whole(path, text.encode("utf-8", "surrogatepass"), overwrite=True)
    return path


def _copied(
    reads: Reads, *, listing: Listing, first: int, end: int, line: Callable[[EventRow], str]
) -> list[str]:
    """The lines of rows `first` to `end`, the last one not included."""
    lines: list[str] = []
    for number in listing.pages(first, end - 1):
        (page,) = listing.read(reads, [number])
        begun = page.first_row
        lines += map(line, page.rows[max(first - begun, 0) : max(end - begun, 0)])
    return lines
