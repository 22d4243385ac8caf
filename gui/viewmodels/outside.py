"""The world outside of the open store: what no gateway was told, and what outside systems said."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.worker_question import ask_worker
from gui.work.tasks import Tasks
from replay.workers.worker_process import CommandWorker


class OutsideViewModel(QObject):
    """`changed()` when either list differs, `failed(error)`."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, worker: CommandWorker, tasks: Tasks) -> None:
        super().__init__()
        self.held: tuple[dict[str, Any], ...] = ()  # position, gateway, payload, held
        self.answers: tuple[dict[str, Any], ...] = ()  # position, type, gateway, request, answer
        self.is_all = True  # whether `held` names every message that is held
        self._worker = worker
        self._tasks = tasks

    @Slot()
    def refresh(self) -> None:
        """Ask for both."""
        work = partial(ask_worker, worker=self._worker, do="outside", facts={})
        self._tasks.latest("outside", work, done=self._learn, failed=self.failed.emit)

    def _learn(self, found: dict[str, Any]) -> None:
        held, answers = tuple(found["held"]), tuple(found["answers"])
        if (held, answers) != (self.held, self.answers):
            self.held, self.answers, self.is_all = held, answers, found["is_all"]
            self.changed.emit()
