"""Where panes differ: the first event after which another is not as the first, both sides."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.line_seek import LineSeek
from gui.viewmodels.pane_parting import PaneParting, part
from gui.viewmodels.pane_work import NamedPane
from gui.window_words import error_words
from gui.words import said
from gui.work.tasks import Tasks
from replay.questions.first_divergence import Divergence, unseen_words
from replay.questions.view_query import ViewPage, ViewRow
from store.errors import StoreError
from store.number_text import plain_text

CHANGED: Final = "≠ "


class PartingViewModel(QObject):
    """`parted()` when what is told differs, `failed(error)`."""

    parted = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, there: Tasks | None = None) -> None:
        """`there`: the tasks that ask query stores."""
        super().__init__()
        self.words = ""  # empty while nobody has asked
        self.earliest: PaneParting | None = None
        self._tasks, self._there = tasks, there or tasks
        self._seek = LineSeek(tasks, selection)
        self._seek.failed.connect(self.failed)

    @property
    def position(self) -> int | None:
        """Of the first event after which any pane differs from the first one."""
        return self.earliest.found.position if self.earliest and self.earliest.found else None

    def ask(self, panes: Sequence[NamedPane]) -> None:
        """Set every further pane against the first one, each up to its own moment."""
        self.words, self.earliest = said("Searching the histories…"), None
        self.parted.emit()
        work = partial(part, panes=tuple(panes))
        tasks, others = self._tasks, self._there
        if any(it.source for it in panes):
            tasks, others = others, tasks
        others.cancel("parting")
        tasks.latest("parting", work, done=self._show, failed=self._tell)

    def forget(self) -> None:
        """The panes show something else now."""
        for it in (self._tasks, self._there):
            it.cancel("parting")
        if self.words:
            self.words, self.earliest = "", None
            self.parted.emit()

    def go_there(self) -> None:
        """Put the cursor on the event."""
        it = self.earliest
        if it is not None and it.found is not None:
            self._seek.go(it.found.position, it.pane.line)

    def table(self) -> tuple[tuple[str, ...], list[tuple[tuple[str, ...], bool]]]:
        """Both sides of the earliest one before and after its event: titles, and texts with
        whether they are of after it."""
        it = self.earliest
        if it is None or it.found is None:
            return (), []
        found = it.found
        sides = (
            (it.first.name, found.left, found.left_before, found.left_after),
            (it.other.name, found.right, found.right_before, found.right_after),
        )
        names = list(dict.fromkeys(c.name for _, page, *_ in sides for c in page.columns))
        unlike = _unlike(found)
        rows = []
        lines = (it.first.of, it.other.of)
        for (name, page, before, after), line in zip(sides, lines, strict=True):
            view = said("{view} of {line}", view=page.view, line=line) if line else page.view
            what = f"{name}: {view}"
            rows.append(((what, "before", *_texts(page, before, names, set())), False))
            rows.append(((what, "after", *_texts(page, after, names, unlike)), True))
        return ("pane", "event", *names), rows

    def _show(self, found: tuple[PaneParting, ...]) -> None:
        parted = [it for it in found if it.found is not None]
        self.earliest = min(parted, key=_position, default=None)
        told = [_sentence(it) for it in found]
        if len(told) > 1:
            told = [f"{it.other.name}: {text}" for it, text in zip(found, told, strict=True)]
        self.words = "\n".join(told)
        self.parted.emit()

    def _tell(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            self.words = error_words(error)
            self.parted.emit()
        else:
            self.failed.emit(error)


def _position(it: PaneParting) -> int:
    return it.found.position if it.found else 0


def _sentence(it: PaneParting) -> str:
    found, event = it.found, it.event
    unseen = f" {unseen_words(it.unseen)}".rstrip()
    if found is None or event is None:
        return said(
            "They never differ: both are the same after every event.{unseen}", unseen=unseen
        )
    key = ", ".join(map(str, found.key))
    at = f"{found.position:,}"
    where = said(
        "{position}, {type} in {stream}, in the row {key}.{unseen}",
        position=said("{at} of {line}", at=at, line=it.pane.of) if it.pane.of else at,
        type=event.type,
        stream=event.stream,
        key=key,
        unseen=unseen,
    )
    earlier = min(found.left.as_of, found.right.as_of)
    if it.first.line != it.other.line:  # positions of two lines do not tell which is later
        earlier = (found.left if found.is_of_right else found.right).as_of
    if not found.is_by_moment:
        return said("They first differ at {where}", where=where)
    is_one_line = (it.first.source, it.first.line) == (it.other.source, it.other.line)
    if is_one_line and found.left.view == found.right.view:
        return said(
            "One view at two moments: it first changes after {earlier:,}, at {where}",
            earlier=earlier,
            where=where,
        )
    return said(
        "Both are the same up to {earlier:,}, where one has stopped. They first differ at {where}",
        earlier=earlier,
        where=where,
    )


def _unlike(found: Divergence) -> set[str]:
    """The columns that both have and whose values differ after the event."""
    left, right = (
        _values(page, row)
        for page, row in (
            (found.left, found.left_after),
            (found.right, found.right_after),
        )
    )
    return {name for name in left.keys() & right.keys() if left[name] != right[name]}


def _values(page: ViewPage, row: ViewRow | None) -> dict[str, Any]:
    names = (it.name for it in page.columns)
    return {} if row is None else dict(zip(names, row.values, strict=True))


def _texts(
    page: ViewPage, row: ViewRow | None, names: Sequence[str], unlike: set[str]
) -> tuple[str, ...]:
    if row is None:
        return (said("no row"), *("" for _ in names[1:]))
    values = _values(page, row)
    return tuple(
        (CHANGED if it in unlike else "") + value_text(values[it]) if it in values else ""
        for it in names
    )


def value_text(value: Any) -> str:
    """A cell as panes show it."""
    return plain_text(value)
