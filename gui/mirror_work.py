"""Stores that mirror one on a server: connected to, gone on with, and told when they are opened."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.session import Session
from gui.settings import Settings
from gui.words import counted, said
from gui.work.jobs import Job, Jobs, Progress
from gui.work.reads import Reads
from gui.work.reports import Followed
from store.place import path_of

if TYPE_CHECKING:  # what speaks to servers is loaded as it is wanted
    from gui.dialogs.connect_dialog import ConnectDialog
    from store.remote.origin import MirrorOrigin


class MirrorWork(QObject):
    """A job for each mirror. `store_wanted(path)`: open it, once it is there. `told(text)`,
    `failed(what, to do)`, `offered(what, to do)`, `taken_up(what)`: that offer. GUI thread."""

    store_wanted = Signal(object)
    told = Signal(str)
    failed = Signal(str, str)
    offered = Signal(str, str)
    taken_up = Signal(str)

    def __init__(self, jobs: Jobs, settings: Settings, window: QWidget) -> None:
        """`window`: the dialog is shown over it."""
        super().__init__(window)
        self._jobs, self._settings, self._window = jobs, settings, window
        self._stores: dict[Job, Path] = {}
        self._opened: set[Job] = set()
        self._open: Path | None = None  # the store that is open
        self._offer = ""  # what was said of the store that is open
        self._origin: tuple[Path, MirrorOrigin] | None = None  # of that, once it is known

    def choose(self) -> "ConnectDialog":
        """Ask for a server and a local store."""
        from gui.dialogs.connect_dialog import ConnectDialog
        from gui.viewmodels.connecting import ConnectingViewModel

        work = ConnectingViewModel(self._jobs, self._settings)
        dialog = ConnectDialog(work, self._window)
        work.mirror_wanted.connect(self.mirror)
        dialog.open()
        return dialog

    @Slot(str, object)
    def mirror(self, address: str, into: Path) -> None:
        """Go on, or begin; one that runs already goes on as it is."""
        if self.is_writing(into):
            self.told.emit(said("{name} is already being updated", name=into.name))
            return
        from gui.work.server_wishes import MirrorServer

        job = Job(MirrorServer(address=address, into=str(into)), self)
        self._stores[job] = into
        if into == self._open:
            self._opened.add(job)  # it is in sight already
            self.taken_up.emit(self._offer)
        job.progressed.connect(self._look)
        job.succeeded.connect(self._tell_end)
        job.failed.connect(self.failed)
        job.ended.connect(self._forget)
        self._jobs.start(job)

    def is_writing(self, store: Path) -> bool:
        """Whether this store is being brought up to date now."""
        if store in self._stores.values():
            return True
        from gui.work.server_wishes import MirrorServer

        mirrors = [it.wish for it in self._jobs.running if isinstance(it.wish, MirrorServer)]
        return any(path_of(it.into) == store for it in mirrors)

    def arrive(self, session: Session) -> None:
        """A store was opened: where it mirrors a server, offer to go on."""
        self._origin, self._open = None, session.path
        path = session.path
        session.tasks.latest(
            "origin", partial(_origin, path), done=partial(self._learn, path), failed=self._ignore
        )

    def leave(self) -> None:
        """The store is about to be closed; a mirror goes on."""
        self._origin, self._open = None, None

    def go_on(self) -> None:
        """Bring the open store up to date, and keep it so."""
        if self._origin is not None:
            path, origin = self._origin
            self.mirror(origin.address, path)

    def why_not_go_on(self, store: Path) -> str:
        """Why there is nothing to go on with; empty where there is."""
        if self._origin is None or self._origin[0] != store:
            return said("this store does not mirror a server")
        return said("it is being updated already") if self.is_writing(store) else ""

    def _learn(self, path: Path, origin: "MirrorOrigin | None") -> None:
        if origin is None or path != self._open:
            return
        self._origin = path, origin
        if not self.is_writing(path):
            self._offer = said(
                "This store mirrors {url} and is not being updated.", url=origin.address
            )
            self.offered.emit(
                self._offer, said("Choose File ▸ Update from the server to continue.")
            )

    def _ignore(self, _error: Exception) -> None:
        """Opening the store says what is wrong with it."""

    @Slot(object)
    def _look(self, progress: Progress) -> None:
        """The store appears with the first events of the server."""
        job, store = self.sender(), path_of(progress.store)
        if isinstance(job, Job) and job not in self._opened and store.exists():
            self._opened.add(job)
            self.store_wanted.emit(store)

    @Slot(object)
    def _tell_end(self, report: Followed) -> None:
        self.told.emit(
            counted(
                "No longer updated; {count:,} event was added to {store}",
                "No longer updated; {count:,} events were added to {store}",
                report.stored,
                store=path_of(report.store).name,
            )
        )

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        if isinstance(job, Job):
            self._stores.pop(job, None)
            self._opened.discard(job)


def _origin(path: Path, _reads: Reads) -> "MirrorOrigin | None":
    from store.remote.origin import origin_of

    return origin_of(path)
