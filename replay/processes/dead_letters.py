"""What failed, for a person: listed, tried again when asked, or given up for a reason that is kept.

It is told of everything that stands in the retry journal: what is dead, and what is still being
tried or waits behind it.
"""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from replay.processes.refusal_notices import RefusalNotices
from replay.words import said
from store.beside.commands import IssuedCommand
from store.beside.outbox import Delivery
from store.beside.outcomes import Failed
from store.beside.retry_journal import JournalEntry, Kind, Standing
from store.errors import StoreError
from store.interface import CommandStore, EventReader, EventWriter
from store.times import format_moment


class NoSuchLetter(StoreError):
    hint = said("Reload the list: it was handled, or somebody has decided on it.")

    def __init__(self, number: int) -> None:
        super().__init__(said("there is no failure with this number: {number}", number=number))


class NoReason(StoreError):
    hint = said("Give a reason; it is stored beside the log.")

    def __init__(self) -> None:
        super().__init__("what is given up needs a reason")


class DeadLetter(Struct, frozen=True, kw_only=True):
    """Something that failed, as a person is told."""

    number: int  # of its last entry in the journal; another one after the next attempt
    kind: Kind
    what: str  # a sentence's subject
    handler: str  # process manager, type of command, or gateway
    stream: str
    position: int | None
    status: Standing
    attempts: int  # in a row
    error: str
    at: str
    next_at: str  # empty when it is not tried again by itself

    @property
    def is_dead(self) -> bool:
        """Whether it waits for a person."""
        return self.status == "dead"


def dead_letters(log: EventReader) -> list[DeadLetter]:
    """Everything that failed and is neither handled nor given up: what is dead first, then by
    age."""
    found = [_letter(log, it) for it in log.beside.retries.open()]
    return sorted(found, key=lambda it: (not it.is_dead, it.number))


class LetterDesk:
    """For one store. One thread. `by` is the name of who decides."""

    def __init__(
        self, store: CommandStore, notices: RefusalNotices, *, clock_us: Callable[[], int]
    ) -> None:
        self._store = store
        self._notices = notices
        self._clock_us = clock_us

    def retry(self, number: int, *, by: str) -> None:
        """Let the dispatcher try it again, with all its attempts. Raises NoSuchLetter."""
        entry = self._entry(number)
        again = replace(
            entry,
            status="retry",
            attempt=0,
            reason=f"to be tried again: {entry.reason}",
            decided_by=by,
            at_us=self._clock_us(),
            next_at_us=None,
        )
        self._store.write(partial(_retry, again))

    def give_up(self, number: int, *, reason: str, by: str) -> None:
        """Try it no more: the event is passed over, the command has failed, the message is
        withdrawn. Raises NoSuchLetter, NoReason."""
        entry = self._entry(number)
        if not reason.strip():
            raise NoReason
        ended = replace(
            entry,
            status="given up",
            reason=reason,
            decided_by=by,
            at_us=self._clock_us(),
            next_at_us=None,
        )
        if entry.kind == "event":
            work = partial(_note, ended)
        elif entry.kind == "message":
            work = partial(_withdraw, ended)
        else:
            command, _ = self._store.beside.commands.find(entry.subject)
            notices = self._notices.of(command, reason) if command is not None else []
            work = partial(_fail, ended, notices)
        self._store.write(work)

    def _entry(self, number: int) -> JournalEntry:
        for entry in self._store.beside.retries.open():
            if entry.number == number:
                return entry
        raise NoSuchLetter(number)


def _retry(entry: JournalEntry, writer: EventWriter) -> None:
    writer.beside.retries.note(entry)
    if entry.kind == "command":  # its last attempt says that it is pending
        writer.beside.attempts.note(entry.subject, "retried", entry.reason, at_us=entry.at_us)


def _note(entry: JournalEntry, writer: EventWriter) -> None:
    writer.beside.retries.note(entry)


def _withdraw(entry: JournalEntry, writer: EventWriter) -> None:
    outbox = writer.beside.outbox
    outbox.record(
        Delivery(
            message_id=entry.subject,
            attempt=outbox.attempts(entry.subject) + 1,
            status="withdrawn",
            answer=_given_up(entry),
            at_us=entry.at_us,
        )
    )
    _note(entry, writer)


def _fail(entry: JournalEntry, notices: Sequence[IssuedCommand], writer: EventWriter) -> None:
    failed = Failed(
        command_id=entry.subject,
        reason=_given_up(entry),
        attempts=0,  # nobody decided on it once more
        decided_at_us=entry.at_us,
    )
    writer.beside.commands.settle(failed)
    writer.beside.commands.add(notices)
    _note(entry, writer)


def _given_up(entry: JournalEntry) -> str:
    return f"given up by {entry.decided_by}: {entry.reason}"


def _letter(log: EventReader, entry: JournalEntry) -> DeadLetter:
    event = log.event(entry.position) if entry.position else None
    return DeadLetter(
        number=entry.number,
        kind=entry.kind,
        what=what_failed(entry, event.type if event is not None else ""),
        handler=entry.handler,
        stream=entry.stream,
        position=entry.position,
        status=entry.status,
        attempts=entry.attempt,
        error=entry.reason,
        at=format_moment(entry.at_us),
        next_at="" if entry.next_at_us is None else format_moment(entry.next_at_us),
    )


def what_failed(entry: JournalEntry, event_type: str = said("an event")) -> str:
    """What an entry is about, for a sentence."""
    if entry.kind == "event":
        return said(
            "{event_type} at {position} for the process manager {handler!r}",
            event_type=event_type,
            position=entry.position,
            handler=entry.handler,
        )
    if entry.kind == "command":
        return said(
            "the command {handler} for {stream}", handler=entry.handler, stream=entry.stream
        )
    return said(
        "the message of {event_type} at {position} for {handler!r}",
        event_type=event_type,
        position=entry.position,
        handler=entry.handler,
    )
