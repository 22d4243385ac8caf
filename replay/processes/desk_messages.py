"""What is asked of the process desk, and what it answers."""

from typing import Any, Final

from msgspec import Struct

from replay.children.questions import Question
from replay.commands.sent_commands import SentCommand
from replay.commands.would_send import WouldSend
from replay.processes.adjustments import Adjustment
from replay.processes.dead_letters import DeadLetter
from replay.processes.loops import Loop
from replay.processes.unsent import Stuck, UnsentCommand
from store.beside.commands import Queue

# The newest messages, and commands, that the window compares: it looks every second. The command
# line looks at all.
LOOKED_AT: Final = 2_000
SHOWN: Final = 500  # of each list, at most


class InstanceFacts(Struct, frozen=True, kw_only=True):
    """One instance of a process manager."""

    process: str
    stream: str
    state: str
    is_over: bool
    events: int
    position: int  # of its last event
    pending: int  # commands, timers among them


class EventFacts(Struct, frozen=True, kw_only=True):
    """One event, without what it says."""

    position: int
    type: str
    stream: str
    at: str


class InstanceStory(Struct, frozen=True, kw_only=True):
    """One instance: its diagram, what it heard and what it sent, oldest first."""

    stream: str
    states: tuple[str, ...]
    moves: tuple[tuple[str, str, str], ...]  # from, heard, to
    state: str
    heard: tuple[EventFacts, ...]
    own: tuple[EventFacts, ...]  # the newest
    own_count: int  # how many there are; `heard` and `sent` are what belongs to the listed ones
    sent: tuple[SentCommand, ...]  # timers among them


class OutboxMessage(Struct, frozen=True, kw_only=True):
    """A message to the outside world, and what came of it."""

    id: str
    position: int
    gateway: str
    payload: str
    release_at: str
    status: str  # "held" and "waiting" before it is sent
    attempts: int
    answer: str


class WholeCounts(Struct, frozen=True, kw_only=True):
    """How many there are of what lists show the newest of, whether or not they are listed."""

    instances: int
    unsent: int
    messages: int
    lane: int  # streams of the type that was asked about
    is_stuck_cut: bool  # older commands that were not done were not looked at
    are_loops_cut: bool  # nor older chains that were stopped


class Traffic(Struct, frozen=True, kw_only=True):
    """Queues by type of command, and the circles that were stopped."""

    queues: tuple[Queue, ...]
    loops: tuple[Loop, ...]


class RecordedAnswer(Struct, frozen=True, kw_only=True):
    """What an outside system said when an event was decided on."""

    position: int
    type: str
    gateway: str
    request: Any
    answer: Any
    asked_at: str


class Outside(Struct, frozen=True, kw_only=True):
    """What gateways would be told of events that came from elsewhere, and recorded answers."""

    held: tuple[WouldSend, ...]
    is_all: bool  # whether `held` names every message that is held
    answers: tuple[RecordedAnswer, ...]
    answer_count: int  # of all that are kept


class ClockFacts(Struct, frozen=True, kw_only=True):
    """The clock that timers go by."""

    now: str
    ahead_s: float
    next_due: str  # empty when nothing is
    pending: int


class ListInstances(Question[tuple[InstanceFacts, ...]], frozen=True, kw_only=True):
    """Of every process manager; those that are not over first, newest first."""


class TellInstance(Question[InstanceStory | None], frozen=True, kw_only=True):
    """None when no process manager owns the stream."""

    stream: str


class ListUnsent(Question[tuple[UnsentCommand, ...]], frozen=True, kw_only=True):
    """Commands of process managers that are not sent yet, the longest due first."""


class ListStuck(Question[tuple[Stuck, ...]], frozen=True, kw_only=True):
    """Instances that stand still, the longest first."""


class ListDeadLetters(Question[tuple[DeadLetter, ...]], frozen=True, kw_only=True):
    """What failed and is neither handled nor given up: what is dead first."""


class RetryLetter(Question[tuple[DeadLetter, ...]], frozen=True, kw_only=True):
    """Let the dispatcher try it again. Answered with the list."""

    number: int


class GiveUpLetter(Question[tuple[DeadLetter, ...]], frozen=True, kw_only=True):
    """Try it no more. Answered with the list."""

    number: int
    reason: str


class ListMessages(Question[tuple[OutboxMessage, ...]], frozen=True, kw_only=True):
    """The newest messages."""


class WithdrawMessage(Question[tuple[OutboxMessage, ...]], frozen=True, kw_only=True):
    """A message that is not sent yet shall not be."""

    id: str
    reason: str


class CorrectMessage(Question[tuple[OutboxMessage, ...]], frozen=True, kw_only=True):
    """Send this instead."""

    id: str
    payload: str


class ListAdjustments(Question[tuple[Adjustment, ...]], frozen=True, kw_only=True):
    """Of messages that were sent and should have been others."""


class PutAdjustments(Question[tuple[Adjustment, ...]], frozen=True, kw_only=True):
    """Let the adjustments of some messages go out; all of them without `ids`. Answered with those
    that are left."""

    ids: tuple[str, ...] | None = None


class TellTraffic(Question[Traffic], frozen=True, kw_only=True):
    """Queues and circles."""


class TellLane(Question[tuple[Queue, ...]], frozen=True, kw_only=True):
    """The commands of one type by stream, the longest queue first."""

    command: str


class TellCounts(Question[WholeCounts], frozen=True, kw_only=True):
    """How many there are of each. `lane`: the type of command whose streams are listed."""

    lane: str = ""


class TellOutside(Question[Outside], frozen=True, kw_only=True):
    """The world outside."""


class TellClock(Question[ClockFacts], frozen=True, kw_only=True):
    """What time it is for timers."""


class AdvanceClock(Question[ClockFacts], frozen=True, kw_only=True):
    """Put the clock ahead."""

    seconds: float


DeskQuestion = (
    ListInstances
    | TellInstance
    | ListUnsent
    | ListStuck
    | ListDeadLetters
    | RetryLetter
    | GiveUpLetter
    | ListMessages
    | WithdrawMessage
    | CorrectMessage
    | ListAdjustments
    | PutAdjustments
    | TellTraffic
    | TellLane
    | TellCounts
    | TellOutside
    | TellClock
    | AdvanceClock
)
