"""Process managers of the open store: instances, what one heard and sent, outbox and clock."""

from collections.abc import Callable
from functools import partial
from typing import Final, Literal, TypeAlias, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.parts import Which, part_words
from gui.viewmodels.worker_question import ask_worker
from gui.words import said
from gui.work.dispatching import Dispatching
from gui.work.tasks import Tasks
from replay.children.questions import Question
from replay.processes import desk_messages as desk
from replay.processes.adjustments import Adjustment
from replay.processes.dead_letters import DeadLetter
from replay.processes.lanes import LANES
from replay.processes.loops import Loop
from replay.processes.unsent import Stuck, UnsentCommand
from replay.workers.worker_process import CommandWorker
from store.beside.commands import Queue

REFRESH_MS: Final = 200  # after the head has moved
LOOK_MS: Final = 1_000  # while the dispatcher works: a message sent moves no head
STUCK_PART: Final = said("Only the newest 500 unfinished commands were checked.")
LOOPS_PART: Final = said("Only the newest 50 stopped chains were checked. There are more.")
Part: TypeAlias = Literal[
    "instances", "unsent", "stuck", "messages", "adjustments", "lane", "loops"
]

A = TypeVar("A")


class ProcessesViewModel(QObject):
    """`changed()` when a list or the clock differs, `instance_changed()`, `failed(error)`."""

    changed = Signal()
    instance_changed = Signal()
    failed = Signal(Exception)

    def __init__(
        self, worker: CommandWorker, tasks: Tasks, selection: Selection, dispatching: Dispatching
    ) -> None:
        super().__init__()
        self.instances: tuple[desk.InstanceFacts, ...] = ()
        self.unsent: tuple[UnsentCommand, ...] = ()
        self.stuck: tuple[Stuck, ...] = ()
        self.letters: tuple[DeadLetter, ...] = ()  # what failed
        self.messages: tuple[desk.OutboxMessage, ...] = ()
        self.adjustments: tuple[Adjustment, ...] = ()
        self.queues: tuple[Queue, ...] = ()
        self.lane: tuple[Queue, ...] = ()  # of the chosen type, by stream
        self.loops: tuple[Loop, ...] = ()
        self.counts: desk.WholeCounts | None = None
        self.clock: desk.ClockFacts | None = None
        self.instance: desk.InstanceStory | None = None
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
        self._ask(desk.TellInstance(stream=stream), self._learn_instance)

    def advance(self, seconds: float) -> None:
        """Put the store's clock ahead; what becomes due is handled while the dispatcher works."""
        self._ask(desk.AdvanceClock(seconds=seconds), self._learn_clock)

    def withdraw(self, message_id: str) -> None:
        """A message that is not sent yet shall not be."""
        reason = said("withdrawn by a person")
        self._ask(desk.WithdrawMessage(id=message_id, reason=reason), self._learn_messages)

    def correct(self, message_id: str, payload: str) -> None:
        """Send this instead; only while it is held."""
        self._ask(desk.CorrectMessage(id=message_id, payload=payload), self._learn_messages)

    def retry_letter(self, number: int) -> None:
        """Let something that failed be tried again, with all its attempts."""
        self._ask(desk.RetryLetter(number=number), self._learn_letters)

    def give_up_letter(self, number: int, reason: str) -> None:
        """Let something that failed be tried no more."""
        self._ask(desk.GiveUpLetter(number=number, reason=reason), self._learn_letters)

    def adjust(self, message_id: str) -> None:
        """Let what should follow a sent message go out."""
        self._ask(desk.PutAdjustments(ids=(message_id,)), self._learn_adjusted)

    @Slot()
    def refresh(self) -> None:
        """Ask for everything that is in sight."""
        if not self._is_wanted:
            return
        self._ask(desk.ListInstances(), self._learn_instances)
        self._ask(desk.ListUnsent(), self._learn_unsent)
        self._ask(desk.ListStuck(), self._learn_stuck)
        self._ask(desk.ListDeadLetters(), self._learn_letters)
        self._ask(desk.ListMessages(), self._learn_messages)
        self._ask(desk.ListAdjustments(), self._learn_adjustments)
        self._ask(desk.TellTraffic(), self._learn_traffic)
        if self.lane_of:
            self.choose_lane(self.lane_of)
        else:
            self._ask(desk.TellCounts(), self._learn_counts)
        self._ask(desk.TellClock(), self._learn_clock)
        if self._chosen:
            self.choose(self._chosen)

    def choose_lane(self, command: str) -> None:
        """Show the queues of one type of command by stream; none with an empty name."""
        self.lane_of = command
        self._ask(desk.TellCounts(lane=command), self._learn_counts)
        if command:
            self._ask(desk.TellLane(command=command), self._learn_lane)
        else:
            self._learn_lane(())

    def part_of(self, listed: Part) -> str:
        """A sentence about a list that shows only a part; empty where it shows all there is."""
        counts = self.counts
        if counts is None:
            return ""
        match listed:
            case "instances":
                return _part("newest", len(self.instances), counts.instances)
            case "unsent":
                return _part("longest due", len(self.unsent), counts.unsent)
            case "stuck":
                return STUCK_PART if counts.is_stuck_cut else ""
            case "messages":
                return _part("newest", len(self.messages), counts.messages)
            case "adjustments":
                return part_words("looked at", desk.LOOKED_AT, counts.messages)
            case "lane":
                return _part("longest", len(self.lane), counts.lane)
        return LOOPS_PART if counts.are_loops_cut else ""

    @property
    def story_part(self) -> str:
        """A sentence about the chosen instance, when its story goes by its newest events alone."""
        found = self.instance
        if found is None or len(found.own) >= found.own_count:
            return ""
        return said(
            "Based on the newest {count:,} of its {own_count:,} events. Events lists "
            "the whole stream.",
            count=len(found.own),
            own_count=found.own_count,
        )

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()
        self._looking.stop()

    def _ask(self, question: Question[A], done: Callable[[A], None]) -> None:
        work = partial(ask_worker, worker=self._worker, question=question)
        key = type(question).__name__
        self._tasks.latest(key, work, done=done, failed=self.failed.emit)

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

    def _learn_instances(self, found: tuple[desk.InstanceFacts, ...]) -> None:
        self.instances = found
        if not self._chosen and found:
            self.choose(found[0].stream)
        self.changed.emit()

    def _learn_instance(self, found: desk.InstanceStory | None) -> None:
        self.instance = found
        self.instance_changed.emit()

    def _learn_unsent(self, found: tuple[UnsentCommand, ...]) -> None:
        self.unsent = found
        self.changed.emit()

    def _learn_stuck(self, found: tuple[Stuck, ...]) -> None:
        self.stuck = found
        self.changed.emit()

    def _learn_letters(self, found: tuple[DeadLetter, ...]) -> None:
        self.letters = found
        self.changed.emit()

    def _learn_messages(self, found: tuple[desk.OutboxMessage, ...]) -> None:
        self.messages = found
        self.changed.emit()

    def _learn_adjustments(self, found: tuple[Adjustment, ...]) -> None:
        self.adjustments = found
        self.changed.emit()

    def _learn_adjusted(self, found: tuple[Adjustment, ...]) -> None:
        self._learn_adjustments(found)
        self._ask(desk.ListMessages(), self._learn_messages)

    def _learn_traffic(self, found: desk.Traffic) -> None:
        self.queues, self.loops = found.queues, found.loops
        self.changed.emit()

    def _learn_counts(self, found: desk.WholeCounts) -> None:
        self.counts = found
        self.changed.emit()

    def _learn_lane(self, found: tuple[Queue, ...]) -> None:
        self.lane = found
        self.changed.emit()

    def _learn_clock(self, found: desk.ClockFacts) -> None:
        self.clock = found
        self.changed.emit()


def _part(which: Which, shown: int, count: int) -> str:
    """Of a list of the desk; its count may have come in before it did."""
    return part_words(which, shown, count) if shown >= desk.SHOWN else ""
