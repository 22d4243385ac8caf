"""The world outside of the open store: what no gateway was told, and what outside systems said."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.worker_question import ask_worker
from gui.work.tasks import Tasks
from replay.commands.would_send import WouldSend
from replay.processes.desk_messages import Outside, RecordedAnswer, TellOutside
from replay.workers.worker_process import CommandWorker


class OutsideViewModel(QObject):
    """`changed()` when either list differs, `failed(error)`."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, worker: CommandWorker, tasks: Tasks) -> None:
        super().__init__()
        self.held: tuple[WouldSend, ...] = ()
        self.answers: tuple[RecordedAnswer, ...] = ()
        self.answer_count = 0  # of all that are kept, listed or not
        self.is_all = True  # whether `held` names every message that is held
        self._was_asked = False
        self._worker = worker
        self._tasks = tasks

    @Slot()
    def refresh(self) -> None:
        """Ask for both."""
        self._was_asked = True
        work = partial(ask_worker, worker=self._worker, question=TellOutside())
        self._tasks.latest("outside", work, done=self._learn, failed=self.failed.emit)

    def ask_again(self) -> None:
        """The gateways are others: what was shown may be wrong."""
        if self._was_asked:
            self.refresh()

    def _learn(self, found: Outside) -> None:
        told = (self.held, self.answers, self.answer_count)
        if (found.held, found.answers, found.answer_count) != told:
            self.answer_count = found.answer_count
            self.held, self.answers, self.is_all = found.held, found.answers, found.is_all
            self.changed.emit()
