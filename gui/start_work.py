"""What the start page tells of stores and samples, and what is opened from it."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.live_work import LiveWork
from gui.mirror_work import MirrorWork
from gui.settings import Settings
from gui.tour import Tour
from gui.viewmodels.start_stores import StartStores
from gui.views.start_page import CardText, StartPage
from gui.words import said
from gui.work.import_wishes import ImportFile
from gui.work.jobs import Job, Jobs
from gui.workspace import Workspace
from resources.samples.catalog import EXHIBITS, SAMPLES, Exhibit, SampleLog
from store.place import is_branch, path_of
from store.transfer.new_name import free_copy, is_copy, newest_copy


def new_start_page() -> StartPage:
    """The page with the samples and the newest exhibit that the program brings."""
    newest = EXHIBITS[-1]
    return StartPage(
        [CardText(key=it.name, title=it.title, about=it.about) for it in SAMPLES],
        CardText(key=newest.title, title=newest.title, about=newest.about),
    )


def is_store(path: Path) -> bool:
    """Whether a path is opened as a store; any other file is offered to be imported."""
    return path.suffix == ".foldline" or is_branch(path) or not path.is_file()


class StartWork(QObject):
    """`store_wanted(path)`: open it. `page_made(page)`, `told(text)`, `failed(what, to do)`,
    `offered(what, to do)`, `taken_up(what)`: that offer. GUI thread."""

    page_made = Signal(object)
    store_wanted = Signal(object)
    told = Signal(str)
    failed = Signal(str, str)
    offered = Signal(str, str)
    taken_up = Signal(str)

    def __init__(self, jobs: Jobs, settings: Settings, window: QWidget) -> None:
        """`window`: the tour stands over it."""
        super().__init__(window)
        self._window = window
        self.tour: Tour | None = None
        self._page: StartPage | None = None
        self._jobs, self._settings = jobs, settings
        self._stores = StartStores()
        self._wants_tour = False
        self._exhibit: tuple[Path, Exhibit] | None = None  # that a store is being opened for
        self.live = LiveWork(jobs, settings, window)
        self.live.store_wanted.connect(self.store_wanted)
        self.live.told.connect(self.told)
        self.live.failed.connect(self.failed)
        self.mirrors = MirrorWork(jobs, settings, window)
        self.mirrors.store_wanted.connect(self.store_wanted)
        self.mirrors.told.connect(self.told)
        self.mirrors.failed.connect(self.failed)
        self.mirrors.offered.connect(self.offered)
        self.mirrors.taken_up.connect(self.taken_up)
        self._looking = QTimer(self, singleShot=True, interval=0)  # once the page is painted
        self._looking.timeout.connect(self._look)

    @property
    def is_idle(self) -> bool:
        """Whether the page shows of each store what is to be told of it."""
        return self._stores.is_idle and not self._looking.isActive()

    @property
    def page(self) -> StartPage:
        """Made when it is first asked for: a window that begins with a store shows none."""
        if self._page is None:
            page = self._page = new_start_page()
            self._stores.told.connect(page.show_told)
            page.sample_wanted.connect(self.open_sample)
            page.fresh_wanted.connect(self.renew_sample)
            page.exhibit_wanted.connect(self.open_exhibit)
            page.recent_wanted.connect(self._open_recent)
            page.forget_wanted.connect(self._forget)
            self.page_made.emit(page)
        return self._page

    def show(self) -> None:
        """Fill the page; what each store holds follows."""
        recent = [
            CardText(key=str(it), title=it.name, about=str(it.parent)) for it in self._recent()
        ]
        self.page.show_recent(recent)
        self._looking.start()

    @Slot(str)
    def open_sample(self, name: str) -> None:
        """Open the newest copy of a sample; the first time it is imported, which takes a second."""
        store = _store_of(name)
        if store.exists():
            self.store_wanted.emit(store)
        else:
            self._make(name, store)

    @Slot(str)
    def renew_sample(self, name: str) -> None:
        """Make and open a copy of a sample as it came. What was done in the copies before is kept:
        they stay, and stand among the recent stores."""
        before = _store_of(name)
        store = free_copy(_first_of(name))
        if before.exists():
            self.told.emit(
                said(
                    "{name} is unchanged. The fresh copy is {copy}",
                    name=before.name,
                    copy=store.name,
                )
            )
        self._make(name, store)

    def renew_open(self, store: Path) -> None:
        """The same of the sample that is open."""
        if name := _name_of(store):
            self.renew_sample(name)

    def why_not_renew(self, store: Path) -> str:
        """Why there is nothing to make afresh; empty for a sample."""
        return "" if _name_of(store) else said("this store is not a sample")

    def _make(self, name: str, store: Path) -> None:
        sample = _sample(name)
        store.parent.mkdir(parents=True, exist_ok=True)
        wish = ImportFile(
            source=str(sample.path),
            into=str(store),
            title=said("Sample {title}", title=sample.title),
        )
        job = Job(wish, self)
        job.succeeded.connect(self._open_made)
        job.failed.connect(self.failed)
        self._jobs.start(job)

    @Slot(str)
    def open_exhibit(self, title: str) -> None:
        """Open the sample of an exhibit at the event that shows it."""
        exhibit = next(it for it in EXHIBITS if it.title == title)
        self._exhibit = (_store_of(exhibit.sample), exhibit)
        self.open_sample(exhibit.sample)

    def arrive(self, workspace: Workspace) -> None:
        """A store was opened: go to the event of the exhibit that it was opened for. Of a sample
        that was never looked at a stream is chosen, and the first one begins the tour."""
        session = workspace.session
        wanted, self._exhibit = self._exhibit, None
        if wanted is not None and wanted[0] == session.path:
            session.selection.follow(False)
            session.selection.choose_stream(wanted[1].stream)
            session.selection.seek(wanted[1].position)
        self.mirrors.arrive(session)
        if self.live.is_writing(session.path) or self.mirrors.is_writing(session.path):
            session.selection.follow(True)
        if name := _name_of(session.path):
            sample = _sample(name)
            if not session.selection.stream:
                session.selection.choose_stream(sample.look_at[0])
            if self._wants_tour or not self._settings.has_seen_tour():
                self.begin_tour(workspace)

    @Slot()
    def open_for_tour(self) -> None:
        """Open a sample for the tour, whether it was shown before or not."""
        self._wants_tour = True
        self.open_sample(SAMPLES[0].name)

    def begin_tour(self, workspace: Workspace) -> None:
        """Begin the tour over an open store; from now on it comes only when it is asked for."""
        self.leave()
        self._wants_tour = False
        self._settings.set_seen_tour()
        self.tour = Tour(workspace, self._window)
        self.tour.ended.connect(self._forget_tour)

    def leave(self) -> None:
        """The store is about to be closed: the tour ends with it."""
        self.mirrors.leave()
        if self.tour is not None:
            self.tour.end()

    def close(self) -> None:
        """End the threads that look into stores."""
        self.leave()
        self._looking.stop()
        self._stores.close()

    @Slot()
    def _forget_tour(self) -> None:
        tour, self.tour = self.tour, None
        if tour is not None:
            tour.deleteLater()

    @Slot()
    def _look(self) -> None:
        for store in self._recent():
            self._stores.look_at_store(store, visited=self._settings.visited(store))
        for sample in SAMPLES:
            store = _store_of(sample.name)
            visited = self._settings.visited(store)
            self._stores.look_at_sample(sample.name, sample.path, store, visited=visited)

    def _recent(self) -> list[Path]:
        """Without the newest copies of the samples, which have cards of their own."""
        carded = {_store_of(it.name) for it in SAMPLES}
        return [it for it in self._settings.recent() if it not in carded]

    @Slot(object)
    def _open_made(self, _report: object) -> None:
        job = self.sender()
        if isinstance(job, Job) and isinstance(job.wish, ImportFile):
            self.store_wanted.emit(path_of(job.wish.into))

    @Slot(str)
    def _open_recent(self, store: str) -> None:
        self.store_wanted.emit(Path(store))

    @Slot(str)
    def _forget(self, store: str) -> None:
        self._settings.forget(Path(store))
        self.show()


def _sample(name: str) -> SampleLog:
    return next(it for it in SAMPLES if it.name == name)


def _samples_folder() -> Path:
    data = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(data)) / "samples"


def _first_of(sample: str) -> Path:
    """Where the first store of a sample is, or will be."""
    return _samples_folder() / f"{sample}.foldline"


def _store_of(sample: str) -> Path:
    """Where the newest copy of a sample is, or the first will be."""
    return newest_copy(_first_of(sample))


def _name_of(store: Path) -> str:
    """The sample that a store is a copy of; empty for any other store."""
    names = (it.name for it in SAMPLES if is_copy(store, _first_of(it.name)))
    return next(names, "")
