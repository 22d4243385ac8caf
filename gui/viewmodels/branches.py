"""The lines of the open store: the log, and every branch of it."""

from contextlib import closing
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal, Slot

from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from gui.work.throttle import Throttle
from replay.projector.staleness import old_words
from store.branches.opening import facts_of, open_branch
from store.errors import StoreError
from store.place import Place
from store.times import now_us

MAIN = said("main")
LOOKED_MS = 500  # between two looks at a folder in which files come and go


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRow:
    """A branch, as it is listed. Numbers are None where its file or its log cannot be read."""

    name: str
    place: Place
    leaves: str  # the branch that it was made from; empty: the log
    fork: int | None
    edits: int | None
    own_events: int | None
    made_at_us: int
    note: str
    problem: str

    @property
    def age(self) -> str:
        """How long ago it was made."""
        return old_words(self.made_at_us, now_us()) if self.made_at_us else ""

    @property
    def words(self) -> str:
        """Fork, edits, own events, age and note."""
        if self.problem:
            return self.problem
        told = [
            said("from {fork:,}", fork=self.fork),
            counted("1 edit", "{count:,} edits", self.edits or 0),
            counted("1 own event", "{count:,} own events", self.own_events or 0),
            self.age,
            self.note,
        ]
        return " · ".join(it for it in told if it)


class BranchesViewModel(QObject):
    """`changed()` when there are others, or other things are to be told of them; `failed(error)`.
    Files of other programs are noticed. GUI thread."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, place: Place) -> None:
        super().__init__()
        self.rows: tuple[BranchRow, ...] = ()
        self._tasks, self._place = tasks, place
        self._folder = QFileSystemWatcher(self)
        self._look = Throttle(self.refresh, every_ms=LOOKED_MS, parent=self)
        self._folder.directoryChanged.connect(self._look.want_later)

    @property
    def log(self) -> Place:
        """The log that they are branches of."""
        return Place(self._place.log)

    def begin(self) -> None:
        """Look, and go on looking when files come or go."""
        self._folder.addPath(str(self._place.path.parent))
        self.refresh()

    def close(self) -> None:
        """Look no more."""
        self._look.close()
        self._folder.deleteLater()

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        work = partial(_rows, place=self._place)
        self._tasks.latest("branches", work, done=self._show, failed=self.failed.emit)

    def of(self, name: str) -> BranchRow | None:
        """The branch with a name."""
        return next((it for it in self.rows if it.name == name), None)

    def free_name(self, stem: str) -> str:
        """A name that no branch has."""
        taken, number = {it.name for it in self.rows}, 1
        while (name := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        return name

    def _show(self, rows: tuple[BranchRow, ...]) -> None:
        if rows != self.rows:
            self.rows = rows
            self.changed.emit()


def _rows(_reads: Reads, *, place: Place) -> tuple[BranchRow, ...]:
    return tuple(_row(Place(it)) for it in place.branches())


def _row(place: Place) -> BranchRow:
    try:
        facts, edits = facts_of(place.path)
    except StoreError as error:
        return _lost(place, str(error))
    own, problem = None, ""
    try:
        with closing(open_branch(place.path)) as branch:
            own = branch.own_events()
    except StoreError as error:
        problem = str(error)
    return BranchRow(
        name=place.branch_name,
        place=place,
        leaves=facts.parent,
        fork=facts.fork,
        edits=sum(not it.is_undone for it in edits),
        own_events=own,
        made_at_us=facts.created_at_us,
        note=facts.note,
        problem=problem,
    )


def _lost(place: Place, problem: str) -> BranchRow:
    return BranchRow(
        name=place.branch_name,
        place=place,
        leaves="",
        fork=None,
        edits=None,
        own_events=None,
        made_at_us=0,
        note="",
        problem=problem,
    )
