"""The names of all streams and of all event types, to be found by some of their letters."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Final, Literal, TypeAlias, get_args

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.fuzzy import FuzzyHit, FuzzyNames
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.navigation import (
    count_names,
    count_type_names,
    events_of_type,
    list_names,
    list_type_names,
)

NameKind: TypeAlias = Literal["stream", "type"]

KINDS_NAMED: Final[tuple[NameKind, ...]] = get_args(NameKind)
NOTHING: Final = FuzzyNames(())


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """Those there were when they were last looked at."""

    names: FuzzyNames
    count: int
    newest: int  # where the last of them begins


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNames:
    """The first of those that hold the letters, what is told of each, and how many there are."""

    kind: NameKind
    sought: str
    names: tuple[str, ...]
    details: tuple[str, ...]  # one for each name; may be empty
    hits: tuple[FuzzyHit, ...]  # one for each name
    total: int


Told = Callable[[FoundNames], None]


class NamesViewModel(QObject):
    """`failed(error)`. Read when they are first asked for; then only those that came since."""

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._names: dict[NameKind, _Names] = {
            "stream": _Names(count_names, list_names),
            "type": _Names(count_type_names, list_type_names),
        }

    def prepare(self) -> None:
        """They will be asked for soon: read them."""
        for kind, names in self._names.items():
            self._tasks.latest(
                f"{kind} names", names.look, done=self._rest, failed=self.failed.emit
            )

    def find(self, kind: NameKind, sought: str, *, most: int, told: Told) -> None:
        """Off the GUI thread; of several questions about a kind the newest is answered."""
        work = partial(_find, kind=kind, names=self._names[kind], sought=sought, most=most)
        self._tasks.latest(f"find {kind}", work, done=told, failed=self.failed.emit)

    def _rest(self, _known: KnownNames) -> None:
        """They are asked for when a word is typed."""


class _Names:
    """Those that are known. Reader threads share them: one reads, and who comes meanwhile waits."""

    def __init__(
        self,
        count: Callable[[sqlite3.Connection], tuple[int, int]],
        read: Callable[..., list[str]],
    ) -> None:
        """`count` says how many there are and where the newest begins; `read` reads those that
        begin `after` a position."""
        self._count, self._read = count, read
        self._guard = Lock()
        self._known = KnownNames(names=NOTHING, count=0, newest=0)

    def look(self, reads: Reads) -> KnownNames:
        """With those that came since the last look."""
        with self._guard:
            self._known = self._looked_again(reads, self._known)
            return self._known

    def _looked_again(self, reads: Reads, known: KnownNames) -> KnownNames:
        """The same, if there are still only these."""
        views = reads.views()
        if views is None:
            return known
        count, newest = self._count(views)
        if (known.count, known.newest) == (count, newest):
            return known
        names = [*known.names.names, *self._read(views, after=known.newest)]
        if len(names) != count:  # the view was made anew meanwhile
            names = self._read(views)
        return KnownNames(names=FuzzyNames(names), count=len(names), newest=newest)


def _find(reads: Reads, *, kind: NameKind, names: _Names, sought: str, most: int) -> FoundNames:
    known = names.look(reads).names
    hits, total = known.find(sought, most=most)
    texts = tuple(known.names[it.number] for it in hits)
    views = reads.views() if kind == "type" else None
    return FoundNames(
        kind=kind,
        sought=sought,
        names=texts,
        details=tuple("" if views is None else _counted(views, it) for it in texts),
        hits=tuple(hits),
        total=total,
    )


def _counted(views: sqlite3.Connection, type_: str) -> str:
    return said("event type, {count:,}", count=events_of_type(views, type_))
