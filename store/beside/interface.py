"""What stands beside the events, as a reader and as a writer of a log offer it.

`Beside` is bound to whatever reads the log and may be used from the same thread. `BesideWriter` is
bound to a writer: what it writes belongs to the transaction that the writer holds. In a log that
keeps none of this, as one of an older schema does on a read-only disk, everything is empty.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

from store.beside.answers import Answer
from store.beside.attempts import Attempt, Trouble
from store.beside.commands import IssuedCommand, Queue, Waiting
from store.beside.outbox import Delivery, Message
from store.beside.outcomes import Done, Outcome, Stopped
from store.beside.retry_journal import JournalEntry, Kind
from store.query import EVERYTHING, EventQuery


class CommandReader(Protocol):
    """The command log. What is not settled and waits for nobody is pending."""

    def find(self, command_id: str) -> tuple[IssuedCommand | None, Outcome | None]:
        """A command and its outcome; None for what is not there (yet)."""

    def outcome_of(self, command_id: str) -> Outcome | None:
        """What came of a command; None while it is pending, or was never issued."""

    def latest(self, *, limit: int) -> list[tuple[IssuedCommand, Outcome | None]]:
        """The commands issued last, newest first."""

    def caused_by(
        self, actor: str, causes: Sequence[str]
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        """What an actor issued because of some events or commands, oldest first."""

    def of_correlation(self, correlation_id: str) -> list[IssuedCommand]:
        """Every command of one conversation, in the order in which they were issued."""

    def naming(self, command: str, field: str, value: str) -> list[IssuedCommand]:
        """The commands of a type that say this in a field, in the order of issue."""

    def waiting(self, *, after: int) -> list[Waiting]:
        """Commands without an outcome that were issued after the one with this number, timers
        among them, in the order in which they were issued."""

    def pending(self) -> list[IssuedCommand]:
        """All commands without an outcome, timers included, the longest due first."""

    def done(
        self, *, after: int = 0, until: int | None = None
    ) -> Iterator[tuple[IssuedCommand, Done]]:
        """Commands whose first event lies behind `after` and not behind `until`, in log order."""

    def stopped(self, by: str, *, limit: int) -> list[tuple[IssuedCommand, Stopped]]:
        """Commands that failed by a limit of this name, newest first."""

    def troubled(
        self, actors: Sequence[str], *, limit: int
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        """Commands of some actors that were not done and are not pending, newest first."""

    def queues(self, now_us: int, *, since_us: int) -> list[Queue]:
        """Every type of command that was ever issued, the longest queue first."""

    def queues_of_streams(
        self, type_: str, now_us: int, *, since_us: int, limit: int
    ) -> list[Queue]:
        """The commands of one type by stream, the longest queue first."""

    def stream_count(self, type_: str) -> int:
        """How many streams commands of one type were issued for."""

    def count_without_events(self) -> int:
        """How many commands have an outcome, and recorded no event."""

    def counts(self) -> dict[str, int]:
        """How many commands there are by status, `pending` included."""


class CommandWriter(CommandReader, Protocol):
    """The command log inside a transaction."""

    def add(self, commands: Iterable[IssuedCommand]) -> None:
        """Record commands as issued. Raises AlreadyIssued."""

    def add_again(self, command: IssuedCommand) -> None:
        """Record a command as issued. One that came to nothing may be sent again under its id.
        Raises AlreadyIssued, IdTaken."""

    def settle(self, outcome: Outcome) -> None:
        """Record what came of a command. Raises AlreadyIssued when it is settled already."""


class AttemptReader(Protocol):
    """Attempts at commands that settled nothing."""

    def of(self, command_ids: Collection[str]) -> dict[str, tuple[Attempt, ...]]:
        """The attempts of some commands, oldest first; only of those that have any."""

    def is_stopped(self, command_id: str) -> bool:
        """Whether a command came to nothing and waits for whoever issued it."""


class AttemptWriter(AttemptReader, Protocol):
    """Attempts inside a transaction."""

    def note(
        self,
        command_id: str,
        status: Trouble,
        reason: str,
        *,
        at_us: int,
        attempt: int | None = None,
    ) -> None:
        """Keep an attempt; the next one when it has no number. A command that is settled has
        none any more."""


class OutboxReader(Protocol):
    """Messages to the outside world, and what came of them."""

    def waiting(self, now_us: int, *, limit: int, hurried: int = 0) -> list[Message]:
        """Released messages to be sent now, those released first before the others: none that is
        dead, or that waits after a failure, unless the failure's entry in the retry journal has
        a number up to `hurried`."""

    def unsent(self, now_us: int) -> int:
        """How many released messages were not sent, whatever they wait for."""

    def find(self, message_id: str) -> Message | None:
        """One message; None when there is none."""

    def latest(self, *, limit: int) -> list[tuple[Message, Delivery | None]]:
        """The newest messages and the last attempt to send each."""

    def all(self) -> Iterator[tuple[Message, Delivery | None]]:
        """Every message and the last attempt to send each, oldest first, read in pages."""

    def count(self) -> int:
        """How many messages there are."""

    def followed(self) -> set[str]:
        """The ids of messages that another one took the place of, or adjusts."""

    def told(self) -> set[tuple[int, str]]:
        """Which events' messages ever were in the outbox: their positions, and for which
        gateway."""

    def attempts(self, message_id: str) -> int:
        """How often it was tried."""

    def delivery_of(self, message_id: str) -> Delivery | None:
        """The last attempt to send it; None before the first."""


class OutboxWriter(OutboxReader, Protocol):
    """The outbox inside a transaction."""

    def add(self, messages: Iterable[Message]) -> None:
        """Put messages into it, in the transaction of their events."""

    def record(self, delivery: Delivery) -> None:
        """Keep what came of an attempt to deliver."""


class AnswerReader(Protocol):
    """What outside systems said when events were decided."""

    def has(self, event_id: str, gateway: str, request_json: str) -> bool:
        """Whether this was asked for the event."""

    def to(self, event_id: str, gateway: str, request_json: str) -> Any:
        """The recorded answer as a value. Raises LookupError when there is none."""

    def of_events(self, query: EventQuery = EVERYTHING) -> list[Answer]:
        """The recorded answers of the events that meet a query, for export."""

    def latest(self, *, limit: int) -> list[tuple[int, str, Answer]]:
        """The newest answers, each with the position and the type of the event it was given
        for."""

    def count(self) -> int:
        """How many answers are kept."""


class AnswerWriter(AnswerReader, Protocol):
    """Recorded answers inside a transaction."""

    def keep(self, answers: Iterable[Answer]) -> None:
        """Keep what the outside said, in the transaction of the events it was asked for."""


class ProcessReader(Protocol):
    """How far process managers have heard the log."""

    def heard_until(self, process: str) -> int | None:
        """The last position the process manager has dealt with; None before it was started."""

    def beginning(self) -> int:
        """The position after which a process manager that is started now begins to hear: as far
        as the others have come, or the end of the last import."""


class ProcessWriter(ProcessReader, Protocol):
    """The same inside a transaction."""

    def hear(self, process: str, position: int) -> None:
        """It has dealt with everything up to a position."""


class ClockReader(Protocol):
    """The store's clock, which a person may move."""

    def ahead_us(self) -> int:
        """By how many microseconds it is ahead of the real one."""


class ClockWriter(ClockReader, Protocol):
    """The clock inside a transaction."""

    def move(self, ahead_us: int) -> None:
        """Put it ahead of the real one by so much."""


class RetryJournalReader(Protocol):
    """What failed, and how it stands; the last entry of a subject says so."""

    def since(self, number: int) -> list[JournalEntry]:
        """The entries behind one, in the order of writing."""

    def open(self) -> list[JournalEntry]:
        """The last entry of everything that is neither handled nor given up, oldest first."""

    def of(self, kind: Kind, subject: str) -> list[JournalEntry]:
        """All that is known of a subject, oldest first."""


class RetryJournalWriter(RetryJournalReader, Protocol):
    """The journal inside a transaction."""

    def note(self, entry: JournalEntry) -> None:
        """Write an entry; it gets the next number."""


class Beside(Protocol):
    """Everything that stands beside the events of a log, read-only."""

    @property
    def commands(self) -> CommandReader: ...

    @property
    def attempts(self) -> AttemptReader: ...

    @property
    def outbox(self) -> OutboxReader: ...

    @property
    def answers(self) -> AnswerReader: ...

    @property
    def processes(self) -> ProcessReader: ...

    @property
    def clock(self) -> ClockReader: ...

    @property
    def retries(self) -> RetryJournalReader: ...


class BesideWriter(Protocol):
    """The same for a writer, in the transaction that it holds."""

    @property
    def commands(self) -> CommandWriter: ...

    @property
    def attempts(self) -> AttemptWriter: ...

    @property
    def outbox(self) -> OutboxWriter: ...

    @property
    def answers(self) -> AnswerWriter: ...

    @property
    def processes(self) -> ProcessWriter: ...

    @property
    def clock(self) -> ClockWriter: ...

    @property
    def retries(self) -> RetryJournalWriter: ...
