"""The one job that a view model has running, and what is asked of it meanwhile."""

from PySide6.QtCore import QObject, Signal, Slot

from gui.work.jobs import Job, Jobs
from gui.work.wishes import Wish


class LongWork(QObject):
    """One job at a time. Passes on the signals of the job that runs; `changed()` when one begins,
    is held, goes on or ends. Close it: what runs is then stopped. GUI thread."""

    changed = Signal()
    progressed = Signal(object)
    found = Signal(object)
    held = Signal(bool)
    succeeded = Signal(object)
    objected = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether a job has begun and not ended."""
        return self._job is not None and self._job.is_running

    def start(self, wish: Wish) -> None:
        """Begin. Raises RuntimeError while another one runs."""
        if self.is_running:
            raise RuntimeError(f"{wish.title}: another job of this kind is running")
        job = self._job = Job(wish, self)
        for ours, its in (
            (self.progressed, job.progressed),
            (self.found, job.found),
            (self.held, job.held),
            (self.succeeded, job.succeeded),
            (self.objected, job.objected),
            (self.failed, job.failed),
            (self.cancelled, job.cancelled),
        ):
            its.connect(ours)
        job.ended.connect(self._end)
        self._jobs.start(job)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Ask what runs to stop and leave no trace."""
        if self._job is not None:
            self._job.cancel()

    def hold(self, is_held: bool) -> None:
        """Pause what runs, or let it go on."""
        if self._job is not None:
            self._job.hold(is_held)

    def close(self) -> None:
        """Stop what runs, now."""
        if self._job is not None:
            self._job.close()

    @Slot()
    def _end(self) -> None:
        self._job = None
        self.ended.emit()
        self.changed.emit()
