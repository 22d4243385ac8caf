"""The names of all streams, to be found by some of their letters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.fuzzy import FuzzyHit, FuzzyNames
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.navigation import count_names, list_names


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """The streams there were when they were last looked at."""

    names: FuzzyNames
    count: int
    newest: int  # where the last of them begins


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNames:
    """The first of those that hold the letters, and how many do."""

    sought: str
    names: tuple[str, ...]
    hits: tuple[FuzzyHit, ...]  # one for each name
    total: int


Told = Callable[[FoundNames], None]


class StreamNamesViewModel(QObject):
    """`failed(error)`. Read when they are first asked for; then only those that came since."""

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._names = _Names()

    def prepare(self) -> None:
        """They will be asked for soon: read them."""
        self._tasks.latest(
            "stream names", self._names.look, done=self._rest, failed=self.failed.emit
        )

    def find(self, sought: str, *, most: int, told: Told) -> None:
        """Off the GUI thread; of several questions the newest is answered."""
        work = partial(_find, names=self._names, sought=sought, most=most)
        self._tasks.latest("find streams", work, done=told, failed=self.failed.emit)

    def _rest(self, _known: KnownNames) -> None:
        """They are asked for when a word is typed."""


class _Names:
    """Those that are known. Reader threads share them: one reads, and who comes meanwhile waits."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._known = KnownNames(names=FuzzyNames(()), count=0, newest=0)

    def look(self, reads: Reads) -> KnownNames:
        """With those that came since the last look."""
        with self._guard:
            self._known = _looked_again(reads, self._known)
            return self._known


def _looked_again(reads: Reads, known: KnownNames) -> KnownNames:
    """The same, if there are still only these."""
    views = reads.views()
    if views is None:
        return known
    count, newest = count_names(views)
    if (known.count, known.newest) == (count, newest):
        return known
    names = [*known.names.names, *list_names(views, after=known.newest)]
    if len(names) != count:  # the view was made anew meanwhile
        names = list_names(views)
    return KnownNames(names=FuzzyNames(names), count=len(names), newest=newest)


def _find(reads: Reads, *, names: _Names, sought: str, most: int) -> FoundNames:
    known = names.look(reads).names
    hits, total = known.find(sought, most=most)
    texts = tuple(known.names[it.number] for it in hits)
    return FoundNames(sought=sought, names=texts, hits=tuple(hits), total=total)
