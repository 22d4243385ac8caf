"""Process managers of the open store: instances, what one heard and sent, outbox and clock."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.worker_question import ask_worker
from gui.work.dispatching import Dispatching
from gui.work.tasks import Tasks
from replay.processes.lanes import LANES
from replay.workers.worker_process import CommandWorker

REFRESH_MS: Final = 200  # after the head has moved
LOOK_MS: Final = 1_000  # while the dispatcher works: a message sent moves no head


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance of a process manager, with its diagram."""

    stream: str
    states: tuple[str, ...]
    moves: tuple[tuple[str, str, str], ...]  # from, heard, to
    state: str
    heard: tuple[dict[str, Any], ...]  # events, oldest first
    sent: tuple[dict[str, Any], ...]  # commands, oldest first; timers among them


class ProcessesViewModel(QObject):
    """`changed()` when a list or the clock differs, `instance_changed()`, `failed(error)`."""

    changed = Signal()
    instance_changed = Signal()
    failed = Signal(Exception)

    def __init__(
        self, worker: CommandWorker, tasks: Tasks, selection: Selection, dispatching: Dispatching
    ) -> None:
        super().__init__()
        self.instances: tuple[dict[str, Any], ...] = ()
        self.unsent: tuple[dict[str, Any], ...] = ()
        self.stuck: tuple[dict[str, Any], ...] = ()
        self.messages: tuple[dict[str, Any], ...] = ()
        self.adjustments: tuple[dict[str, Any], ...] = ()
        self.queues: tuple[dict[str, Any], ...] = ()
        self.lane: tuple[dict[str, Any], ...] = ()  # of the chosen type, by stream
        self.loops: tuple[dict[str, Any], ...] = ()
        self.clock: dict[str, Any] = {}
        self.instance: Instance | None = None
        self.most_lanes = LANES  # busy at a time
        self.dispatching = dispatching
        self._worker = worker
        self._tasks = tasks
        self._is_wanted = False
        self._chosen = ""
        self.lane_of = ""  # the chosen type
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self.refresh)
        selection.head_changed.connect(self.refresh_soon)
        dispatching.changed.connect(self._watch)

    def want(self, is_wanted: bool) -> None:
        """Whether the panel is in sight; a hidden one asks for nothing."""
        self._is_wanted = is_wanted
        self._watch()
        if is_wanted:
            self.refresh()

    def choose(self, stream: str) -> None:
        """Show an instance."""
        self._chosen = stream
        self._ask("instance", self._learn_instance, stream=stream)

    def advance(self, seconds: float) -> None:
        """Put the store's clock ahead; what becomes due is handled while the dispatcher works."""
        self._ask("advance", self._learn_clock, seconds=seconds)

    def withdraw(self, message_id: str) -> None:
        """A message that is not sent yet shall not be."""
        reason = "withdrawn by a person"
        self._ask("withdraw", self._learn_messages, id=message_id, reason=reason)

    def correct(self, message_id: str, payload: str) -> None:
        """Send this instead; only while it is held."""
        self._ask("correct", self._learn_messages, id=message_id, payload=payload)

    def adjust(self, message_id: str) -> None:
        """Let what should follow a sent message go out."""
        self._ask("adjust", self._learn_adjusted, ids=[message_id])

    @Slot()
    def refresh(self) -> None:
        """Ask for everything that is in sight."""
        if not self._is_wanted:
            return
        self._ask("processes", self._learn_instances)
        self._ask("unsent", self._learn_unsent)
        self._ask("stuck", self._learn_stuck)
        self._ask("outbox", self._learn_messages)
        self._ask("adjustments", self._learn_adjustments)
        self._ask("traffic", self._learn_traffic)
        if self.lane_of:
            self.choose_lane(self.lane_of)
        self._ask("clock", self._learn_clock)
        if self._chosen:
            self.choose(self._chosen)

    def choose_lane(self, command: str) -> None:
        """Show the queues of one type of command by stream; none with an empty name."""
        self.lane_of = command
        if command:
            self._ask("lane", self._learn_lane, command=command)
        else:
            self._learn_lane([])

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()
        self._looking.stop()

    def _ask(self, do: str, done: Any, **facts: Any) -> None:
        work = partial(ask_worker, worker=self._worker, do=do, facts=facts)
        self._tasks.latest(f"processes {do}", work, done=done, failed=self.failed.emit)

    @Slot()
    def refresh_soon(self) -> None:
        """Somebody has written to the log: commands may have been saved, sent or settled."""
        if self._is_wanted and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _watch(self) -> None:
        if self._is_wanted and self.dispatching.is_running:
            self._looking.start()
        else:
            self._looking.stop()
        self.changed.emit()

    def _learn_instances(self, found: list[dict[str, Any]]) -> None:
        self.instances = tuple(found)
        if not self._chosen and found:
            self.choose(found[0]["stream"])
        self.changed.emit()

    def _learn_instance(self, found: dict[str, Any] | None) -> None:
        self.instance = None
        if found is not None:
            self.instance = Instance(
                stream=found["stream"],
                states=tuple(found["states"]),
                moves=tuple((here, by, there) for here, by, there in found["moves"]),
                state=found["state"],
                heard=tuple(found["heard"]),
                sent=tuple(found["sent"]),
            )
        self.instance_changed.emit()

    def _learn_unsent(self, found: list[dict[str, Any]]) -> None:
        self.unsent = tuple(found)
        self.changed.emit()

    def _learn_stuck(self, found: list[dict[str, Any]]) -> None:
        self.stuck = tuple(found)
        self.changed.emit()

    def _learn_messages(self, found: list[dict[str, Any]]) -> None:
        self.messages = tuple(found)
        self.changed.emit()

    def _learn_adjustments(self, found: list[dict[str, Any]]) -> None:
        self.adjustments = tuple(found)
        self.changed.emit()

    def _learn_adjusted(self, found: list[dict[str, Any]]) -> None:
        self._learn_adjustments(found)
        self._ask("outbox", self._learn_messages)

    def _learn_traffic(self, found: dict[str, Any]) -> None:
        self.queues, self.loops = tuple(found["queues"]), tuple(found["loops"])
        self.changed.emit()

    def _learn_lane(self, found: list[dict[str, Any]]) -> None:
        self.lane = tuple(found)
        self.changed.emit()

    def _learn_clock(self, found: dict[str, Any]) -> None:
        self.clock = found
        self.changed.emit()
