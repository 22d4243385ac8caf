"""One open store: every thread and process that serves it, and the order in which they end."""

from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot

from gui.selection import Selection
from gui.session_part import Happening, table
from gui.session_table import SessionTable
from gui.viewmodels.line import OtherHistory
from gui.viewmodels.status import view_lags
from gui.work.feed import Feed
from gui.work.jobs import Jobs
from gui.work.reads import Reads, SharedHistories, read_head
from gui.work.tasks import Tasks
from gui.work.there import There
from gui.work.throttle import Throttle
from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report, held_up
from replay.views.read_store import leave_whole
from replay.workers.worker_process import CommandWorker
from replay.workers.worker_states import WorkerStates
from store.errors import StoreError
from store.place import Place
from store.same_log import SameLog

if TYPE_CHECKING:
    from replay.branching.passing import Shown

DRAWN_MS: Final = 250  # between two looks at the timeline, while views go on
LISTED_MS: Final = 500  # and at what is counted or compared

CATCHING_UP: Final[tuple[Happening, ...]] = ("remodeled", "committed", "advanced")


class Session(SessionTable):
    """Owns the reader threads, the feed and the projector process of a store.

    `opened(head)` once the store was read, or `refused(error)`; later `failed(error)`.
    `replaced(error)` while another file, or none, is in the log's place, until `returned()`, or
    `copied()`: a copy is there, to be opened instead. `close` waits for threads and processes.
    """

    opened = Signal(object)
    refused = Signal(Exception)
    failed = Signal(Exception)
    reported = Signal(object)
    replaced = Signal(object)
    returned = Signal()
    copied = Signal()

    def __init__(self, path: Path, jobs: Jobs, *, is_heir: bool = False) -> None:
        """`is_heir`: a former file of that name was open here before."""
        super().__init__()
        self.path, self.jobs = path, jobs
        self.log = SameLog(path, is_heir=is_heir)
        self.place = Place(path)
        self.selection, self.worker = Selection(), CommandWorker(self.place, log=self.log)
        self.states = WorkerStates(self.worker)
        self.tasks = Tasks(partial(Reads, self.log.open, self.states, SharedHistories()))
        self.there = There(self.log.open)
        self.projector = Projector(self.place, on_report=self.reported.emit)
        self.feed = Feed(self.log)
        self.made = {}
        for name, part in table(SessionTable).items():
            self.made[name] = part.make(self)
        self._versions: dict[str, int] = {}  # of views, as last heard of
        self._history = 0  # that they are of
        self._drawing = Throttle(self.timeline.refresh, every_ms=DRAWN_MS, parent=self)
        self._listing = Throttle(self._list_again, every_ms=LISTED_MS, parent=self)
        self._is_open = self._is_kept_by_us = False
        self._shown: Shown | None = None  # of a branch
        self._listen()

    def open(self) -> None:
        """Read the head off the GUI thread; threads and processes start when that went well."""
        self.tasks.latest("open", read_head, done=self._start, failed=self.refused.emit)

    def close(self) -> None:
        """Leave it, and wait until everything has ended."""
        self.leave()
        self.end()

    def leave(self) -> None:
        """Ask for nothing more and tell nothing more. GUI thread; it waits for nothing."""
        for it in (self, self.feed):
            it.blockSignals(True)
        self._drawing.close()
        self._listing.close()
        for name, part in reversed(table(SessionTable).items()):
            if part.close is not None:
                part.close(self.made[name])
        self.tasks.leave()
        self.there.tasks.leave()

    def end(self) -> None:
        """End what asks, then what answers, and wait for it; on any thread, once it was left.
        Files that nobody else has open are left whole."""
        self.other_lines.wait()
        self.worker.close()
        if self._is_open:
            self.feed.close()
            self.projector.close()
        self.there.close()
        self.tasks.close()
        if self._shown is not None:
            self._shown.close()
        if self._is_open:
            folding = Thread(target=_leave, args=[self.place])
            folding.start()
            folding.join()

    def _listen(self) -> None:
        self.reported.connect(self.advance.learn_report)
        self.advance.reported.connect(self._learn_views)
        self.build.kept_changed.connect(self.panes.list_views)
        self.feed.advanced.connect(self._advance)
        self.feed.lost.connect(self.failed)
        self.feed.committed.connect(self._pass_commit)
        self.feed.decided.connect(self._learn_decisions)
        self.feed.replaced.connect(self.replaced)  # a dispatcher waits by itself
        self.feed.returned.connect(self._find_file)
        self.feed.copied.connect(self.copied)
        self.feed.edited.connect(self.line.refresh)
        self.line.moved.connect(self._take_history)
        for it in self.made.values():
            if (failed := getattr(it, "failed", None)) is not None:
                failed.connect(self.failed)

    def _start(self, head: int) -> None:
        self._is_open = True
        if self.place.branch_name:
            from replay.branching.passing import shown_here  # late: of a log nothing is wanted

            self._shown = shown_here(self.place)
        self.model_file.loaded.connect(self._refold)
        self.teaching.kept.connect(self._refold)
        self.selection.learn_head(head)
        self._each("start")
        self.opened.emit(head)
        self.feed.start()
        self.projector.start()
        self.model_file.begin()

    def _each(self, happening: Happening) -> None:
        """Let every part do what the table says of this happening, in the table's order."""
        for name, part in table(SessionTable).items():
            if (act := getattr(part, happening)) is not None:
                act(self.made[name])

    @Slot()
    def _pass_commit(self) -> None:
        self._each("committed")

    @Slot()
    def _find_file(self) -> None:
        """The log is back: whatever was asked in vain is asked again."""
        self.returned.emit()
        self.timeline.refresh()
        self._catch_up()

    def _catch_up(self) -> None:
        for happening in CATCHING_UP:
            self._each(happening)

    @Slot(object)
    def _take_history(self, now: OtherHistory) -> None:
        """The branch in view was edited: positions mean other events. The marks go where theirs
        are, and whatever was shown is asked for again."""
        as_of, anchor, known = now.marks
        self.states.forget()
        self.advance.learn_head(now.head)
        self.selection.take_history(now.head, as_of or 0, anchor, known)
        self._each("edited")
        self._catch_up()

    @Slot(object)
    def _advance(self, head: int) -> None:
        self.advance.learn_head(head)
        if not self._is_kept_by_us:  # else it waits for commits itself
            self.projector.wake()

    @Slot(object)
    def _learn_decisions(self, kinds: frozenset[str]) -> None:
        """Definitions of these kinds are others now, whoever changed them."""
        if "gateways" in kinds:
            self.worker.begin_anew()  # it reads them when it starts
        for name, part in table(SessionTable).items():
            part.learn_decisions(kinds, self.made[name])
        if "taught" in kinds:
            self._refold()

    @Slot()
    def _refold(self) -> None:
        """Another model gives streams another meaning: ask for everything that it tells."""
        self.dispatching.use(self.model_file.path if self.model_file.titles else None)
        own = self.model_file.path if self.model_file.code else None
        self.snapshots.learn_own(own, self.model_file.code)
        self.own_snapshots.use(is_on=bool(self.model_file.code))
        self._each("remodeled")

    @Slot(object)
    def _learn_views(self, report: Report) -> None:
        """On the GUI thread: the projector has told how far it is."""
        self._is_kept_by_us = report.phase == "working"
        views = view_lags(report)
        self.kept_views.learn(report)
        self.commands.learn_views(report.checkpoint, report.standing)
        is_other = report.history != self._history  # the same checkpoints, in other rows
        self._history = report.history
        has_advanced = views != self.status.views or report.versions != self._versions or is_other
        if report.versions != self._versions:
            self._versions = report.versions
            self.panes.list_views()
        held = held_up(report)
        if held is not None and held.sentence != self.status.held:
            self.failed.emit(held)
        self.status.learn_views(views, held="" if held is None else held.sentence)
        if has_advanced:
            self._drawing.want()
            self._listing.want()

    def _list_again(self) -> None:
        self._each("advanced")


def _leave(place: Place) -> None:
    leave_whole(place)
    if place.branch_name:
        from replay.branching.passing import leave  # late, as above

        with suppress(StoreError, OSError):  # what cannot be removed is listed with the branches
            leave(place)
