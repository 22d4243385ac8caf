"""Snapshots of a person's own models: asked for in short turns, while nobody waits for them."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.viewmodels.worker_question import ask_worker
from gui.work.tasks import Tasks
from replay.workers.worker_messages import KeepSnapshots
from replay.workers.worker_process import CommandWorker

TURN_MS: Final = 300  # between two turns, while there is more to do
REST_MS: Final = 2_000  # after news of the log


class OwnSnapshotsViewModel(QObject):
    """`failed(error)` once, when a model cannot be folded in its process; then it rests until a
    model is loaded again."""

    failed = Signal(Exception)

    def __init__(self, worker: CommandWorker, tasks: Tasks) -> None:
        super().__init__()
        self._worker, self._tasks = worker, tasks
        self._is_on = False
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._ask)

    def use(self, *, is_on: bool) -> None:
        """Whether a model of a person's own is in use, from now on."""
        self._is_on = is_on
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """There is something new in the log."""
        if self._is_on and not self._next.isActive():
            self._next.start(REST_MS)

    def close(self) -> None:
        """Ask nothing more."""
        self._is_on = False
        self._next.stop()

    @Slot()
    def _ask(self) -> None:
        if self._is_on:
            work = partial(ask_worker, worker=self._worker, question=KeepSnapshots())
            self._tasks.latest("own snapshots", work, done=self._go_on, failed=self._rest)

    def _go_on(self, has_more: bool) -> None:
        if has_more and self._is_on:
            self._next.start(TURN_MS)

    def _rest(self, error: Exception) -> None:
        if self._is_on:
            self._is_on = False
            self.failed.emit(error)
