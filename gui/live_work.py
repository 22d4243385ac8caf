"""Files that are open live: what their programs add to them comes into a store as it is written."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.settings import Settings
from gui.words import counted, said
from gui.work.import_wishes import FollowFile
from gui.work.jobs import Job, Jobs, Progress
from gui.work.reports import Followed
from store.place import path_of

FILES: Final = said(
    "Files that grow (*.jsonl *.ndjson *.sqlite *.sqlite3 *.db *.json);;All files (*)"
)


class LiveWork(QObject):
    """A job for each file. `store_wanted(path)`: open the store that it comes into, once that is
    there. `told(text)`, `failed(what, to do)`. GUI thread."""

    store_wanted = Signal(object)
    told = Signal(str)
    failed = Signal(str, str)

    def __init__(self, jobs: Jobs, settings: Settings, window: QWidget) -> None:
        """`window`: the dialog stands over it."""
        super().__init__(window)
        self._jobs, self._settings, self._window = jobs, settings, window
        self._files: dict[Job, Path | None] = {}  # the store of each, once it is there

    def choose(self) -> None:
        """Ask for a file, and open it live."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, said("Open live"), self._settings.folder(), FILES
        )
        if chosen:
            self._settings.set_folder(Path(chosen).parent)
            self.open(Path(chosen))

    def open(self, file: Path) -> None:
        """Follow a file from where it was followed to; one that is followed already goes on."""
        if any(
            isinstance(it.wish, FollowFile) and it.wish.source == str(file) for it in self._files
        ):
            self.told.emit(said("{file} is already open live", file=file.name))
            return
        job = Job(FollowFile(source=str(file)), self)
        self._files[job] = None
        job.progressed.connect(self._look)
        job.succeeded.connect(self._tell_end)
        job.failed.connect(self.failed)
        job.ended.connect(self._forget)
        self._jobs.start(job)

    def is_writing(self, store: Path) -> bool:
        """Whether a file is open live into this store."""
        return store in self._files.values()

    @Slot(object)
    def _look(self, progress: Progress) -> None:
        """The store appears with the first events of its file."""
        job, store = self.sender(), path_of(progress.store)
        if isinstance(job, Job) and self._files.get(job) is None and store.exists():
            self._files[job] = store
            self.store_wanted.emit(store)

    @Slot(object)
    def _tell_end(self, report: Followed) -> None:
        name = path_of(report.store).name
        self.told.emit(
            counted(
                "No longer live; {count:,} event was added to {store}",
                "No longer live; {count:,} events were added to {store}",
                report.stored,
                store=name,
            )
        )

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        if isinstance(job, Job):
            self._files.pop(job, None)
