"""The lines of the open store: the log, and every branch of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal, Slot

from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from gui.work.throttle import Throttle
from replay.projector.staleness import old_words
from store.errors import StoreError
from store.place import BRANCH_NAME, Place
from store.times import now_us

Stamp: TypeAlias = tuple[str, int, int]  # of a file: its path, when it changed in ns, its bytes
Seen: TypeAlias = tuple[Stamp, ...]
MAIN: Final = said("main")
LOOKED_MS: Final = 500  # between two looks at a folder in which files come and go
MINUTE_US: Final = 60_000_000


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
        """How long ago it was made: what is seconds ago would be untrue a moment later."""
        if not self.made_at_us:
            return ""
        now = now_us()
        return said("new") if now - self.made_at_us < MINUTE_US else old_words(self.made_at_us, now)

    @property
    def words(self) -> str:
        """Fork, edits, own events, age and note."""
        if self.problem:
            return self.problem
        return f"{said('from {fork:,}', fork=self.fork)} · {self.about}"

    @property
    def about(self) -> str:
        """The same without the fork."""
        told = [
            counted("1 edit", "{count:,} edits", self.edits or 0),
            counted("1 own event", "{count:,} own events", self.own_events or 0),
            self.age,
            self.note,
        ]
        return " · ".join(it for it in told if it)


class BranchesViewModel(QObject):
    """`changed()` when there are others, or other things are to be told of them; `failed(error)`.
    Files of other programs are noticed. GUI thread.

    What a person wants of a line, wherever they say so: `line_wanted(name)` is to be in view, empty
    for the log; `new_wanted()`, `name_wanted(BranchRow)`, `update_wanted(BranchRow)`,
    `drop_wanted(BranchRow)`.
    """

    changed = Signal()
    failed = Signal(Exception)
    line_wanted = Signal(str)
    new_wanted = Signal()
    name_wanted = Signal(object)
    update_wanted = Signal(object)
    drop_wanted = Signal(object)

    def __init__(self, tasks: Tasks, place: Place) -> None:
        super().__init__()
        self.rows: tuple[BranchRow, ...] = ()
        self._tasks, self._place = tasks, place
        self._folder = QFileSystemWatcher(self)
        self._look = Throttle(self._look_again, every_ms=LOOKED_MS, parent=self)
        self._seen: Seen = ()
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
        self._seen = ()
        self._look_again()

    def _look_again(self) -> None:
        """Where the files are others: reading one makes files come and go, too."""
        work = partial(_rows, place=self._place, seen=self._seen)
        self._tasks.latest("branches", work, done=self._show, failed=self.failed.emit)

    def of(self, name: str) -> BranchRow | None:
        """The branch with a name."""
        return next((it for it in self.rows if it.name == name), None)

    def wrong(self, name: str) -> str:
        """Why a new branch cannot be called so; empty where it can."""
        if BRANCH_NAME.fullmatch(name) is None:
            return said(
                "Use letters, digits, dots, dashes and underscores, and begin with a letter."
            )
        return said("There is a branch of this name.") if self.of(name) is not None else ""

    def free_name(self, stem: str) -> str:
        """A name that no branch has."""
        taken, number = {it.name for it in self.rows}, 1
        while (name := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        return name

    def _show(self, found: tuple[Seen, tuple[BranchRow, ...]] | None) -> None:
        if found is None:
            return
        self._seen, rows = found
        if rows != self.rows:
            self.rows = rows
            self.changed.emit()


def _rows(_reads: Reads, *, place: Place, seen: Seen) -> tuple[Seen, tuple[BranchRow, ...]] | None:
    """None where the files are as they were seen last."""
    branches = place.branches()
    now = tuple(stamp for it in branches for stamp in _stamps(it))
    if seen and now == seen:
        return None
    return now, tuple(_row(Place(it)) for it in branches)


def _stamps(branch: Path) -> Iterator[Stamp]:
    """Of the file, and of what was written to it and stands beside it still."""
    for path in Place(branch).written:
        try:
            it = path.stat()
        except OSError:
            continue
        if it.st_size:
            yield str(path), it.st_mtime_ns, it.st_size


def _row(place: Place) -> BranchRow:
    from store.branches.opening import facts_of, open_branch  # most logs have no branches

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
