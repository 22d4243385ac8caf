"""One open store: every thread and process that serves it, and the order in which they end."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.causes import CausesViewModel
from gui.viewmodels.commands import CommandsViewModel
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.goto import GotoViewModel
from gui.viewmodels.history import HistoryViewModel
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.issued import IssuedViewModel
from gui.viewmodels.kept_views import KeptViewsViewModel
from gui.viewmodels.model_file import ModelFileViewModel
from gui.viewmodels.navigator import NavigatorViewModel
from gui.viewmodels.outside import OutsideViewModel
from gui.viewmodels.own_snapshots import OwnSnapshotsViewModel
from gui.viewmodels.panes import PanesViewModel
from gui.viewmodels.playback import PlaybackViewModel
from gui.viewmodels.processes import ProcessesViewModel
from gui.viewmodels.scrub import ScrubViewModel
from gui.viewmodels.search import SearchViewModel
from gui.viewmodels.snapshots import SnapshotsViewModel
from gui.viewmodels.sql import SqlViewModel
from gui.viewmodels.status import StatusViewModel, ViewLag
from gui.viewmodels.timeline import TimelineViewModel
from gui.viewmodels.written_rows import WrittenRowsViewModel
from gui.work.at_most import AtMost
from gui.work.dispatching import Dispatching
from gui.work.feed import Feed
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report
from replay.workers.worker_process import CommandWorker
from replay.workers.worker_states import WorkerStates

DRAWN_MS: Final = 100  # between two looks at the timeline, while views go on
LISTED_MS: Final = 250  # and at what is counted or compared


class Session(QObject):
    """Owns the reader threads, the feed and the projector process of a store.

    `opened(head)` once the store was read, or `refused(error)`; later `failed(error)`.
    Call `close` before letting go of it; it waits for every thread and process.
    """

    opened = Signal(object)
    refused = Signal(Exception)
    failed = Signal(Exception)
    _reported = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.selection = Selection()
        self.worker = CommandWorker(path)
        states = WorkerStates(self.worker)
        self.tasks = Tasks(partial(Reads, path, states))
        self.events = EventListViewModel(self.tasks, self.selection)
        self.filter = FilterViewModel(self.events)
        self.inspector = InspectorViewModel(self.tasks, self.selection)
        self.goto = GotoViewModel(self.tasks, self.selection, self.inspector)
        self.timeline = TimelineViewModel(self.tasks, self.selection)
        self.scrub = ScrubViewModel(
            self.tasks, self.selection, self.events, self.inspector, self.timeline
        )
        self.causes = CausesViewModel(self.tasks, self.inspector, self.selection)
        self.navigator = NavigatorViewModel(self.tasks)
        self.playback = PlaybackViewModel(self.tasks, self.selection, self.events)
        self.history = HistoryViewModel(self.selection)
        self.status = StatusViewModel(self.tasks, self.selection, self.inspector)
        self.model_file = ModelFileViewModel(self.worker, states, self.tasks)
        self.commands = CommandsViewModel(self.worker, self.tasks, self.selection, self.inspector)
        self.issued = IssuedViewModel(self.tasks)
        self.dispatching = Dispatching(path)
        self.processes = ProcessesViewModel(
            self.worker, self.tasks, self.selection, self.dispatching
        )
        self.outside = OutsideViewModel(self.worker, self.tasks)
        self.panes = PanesViewModel(self.tasks, self.selection)
        self.written_rows = WrittenRowsViewModel(self.tasks, self.selection)
        self.sql = SqlViewModel(self.tasks, self.selection)
        self.search = SearchViewModel(self.tasks, self.selection)
        self.snapshots = SnapshotsViewModel(self.tasks)
        self.own_snapshots = OwnSnapshotsViewModel(self.worker, self.tasks)
        self._feed = Feed(path)
        self._projector = Projector(path, on_report=self._reported.emit)
        self.kept_views = KeptViewsViewModel(self.tasks, self._projector)
        self._versions: dict[str, int] = {}  # of views, as last heard of
        self._drawing = AtMost(self.timeline.refresh, every_ms=DRAWN_MS, parent=self)
        self._listing = AtMost(self._list_again, every_ms=LISTED_MS, parent=self)
        self._is_open = False
        self._listen()

    def open(self) -> None:
        """Read the head off the GUI thread; threads and processes start when that went well."""
        self.tasks.latest("open", _head, done=self._start, failed=self.refused.emit)

    def close(self) -> None:
        """End everything: first what asks, then what answers."""
        self._drawing.close()
        self._listing.close()
        self.playback.pause()
        self.commands.close()
        self.issued.close()
        self.processes.close()
        self.model_file.close()
        self.own_snapshots.close()
        self.panes.close()
        self.status.close()
        self.kept_views.close()
        self.dispatching.stop()
        self.worker.close()
        if self._is_open:
            self._feed.close()
            self._projector.close()
        self.tasks.close()

    def _listen(self) -> None:
        self._reported.connect(self._learn_views)
        self._feed.advanced.connect(self._advance)
        self._feed.lost.connect(self.failed)
        self._feed.stirred.connect(self.issued.refresh_soon)
        self._feed.stirred.connect(self.processes.refresh_soon)
        viewmodels = (
            self.events,
            self.inspector,
            self.goto,
            self.timeline,
            self.scrub,
            self.navigator,
            self.commands,
            self.processes,
            self.model_file,
            self.panes,
            self.sql,
            self.snapshots,
            self.kept_views,
            self.search,
            self.outside,
            self.written_rows,
            self.issued,
            self.causes,
            self.own_snapshots,
        )
        for viewmodel in viewmodels:
            viewmodel.failed.connect(self.failed)

    def _start(self, head: int) -> None:
        self._is_open = True
        self.model_file.loaded.connect(self._refold)
        self.selection.learn_head(head)
        self.navigator.refresh()
        self.timeline.refresh()
        self.opened.emit(head)
        self._feed.start()
        self._projector.start()
        self.model_file.begin()

    @Slot(object)
    def _advance(self, head: int) -> None:
        self.selection.learn_head(head)
        self._projector.wake()

    @Slot()
    def _refold(self) -> None:
        """Another model gives streams another meaning: ask for everything that it tells."""
        self.dispatching.use(self.model_file.path if self.model_file.titles else None)
        own = self.model_file.path if self.model_file.code else None
        self.snapshots.learn_own(own, self.model_file.code)
        self.own_snapshots.use(is_on=bool(self.model_file.code))
        self.inspector.refresh()
        self.commands.refresh()

    @Slot(object)
    def _learn_views(self, report: Report) -> None:
        """On the GUI thread: the projector has told how far it is."""
        views = tuple(
            ViewLag(
                name=name,
                checkpoint=it.checkpoint,
                lag=it.lag,
                error=it.error or "",
                standing=it.standing,
                stale_since_us=it.stale_since_us,
            )
            for name, it in report.views.items()
        )
        self.kept_views.learn(report)
        self.commands.learn_views(report.checkpoint, report.standing)
        has_advanced = views != self.status.views or report.versions != self._versions
        if report.versions != self._versions:
            self._versions = report.versions
            self.panes.list_views()
        self.status.learn_views(views)
        if has_advanced:
            self._drawing.want()
            self._listing.want()

    def _list_again(self) -> None:
        self.navigator.refresh()
        self.panes.refresh()
        self.search.refresh()
        self.written_rows.refresh()
        self.own_snapshots.refresh()


def _head(reads: Reads) -> int:
    return reads.log.head()
