"""The retry journal of a branch. The event that a process manager heard in vain is kept by its id,
so that it stays the same one whatever is edited, and when the branch is brought up to date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import structs

from store.beside.interface import OutboxReader, RetryJournalReader, RetryJournalWriter
from store.beside.retry_journal import JournalEntry, Kind, event_subject
from store.events import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Those that the branch has now."""

    at: Callable[[int], RecordedEvent | None]
    by_id: Callable[[str], RecordedEvent | None]

    def has(self, event_id: str) -> bool:
        """Whether the branch holds the event with an id."""
        return self.by_id(event_id) is not None


class BranchRetryJournal:
    """A RetryJournalReader. What is said of an event that is not there any more is left out."""

    def __init__(self, own: RetryJournalReader, outbox: OutboxReader, events: Events) -> None:
        self._own, self._outbox, self._events = own, outbox, events

    def since(self, number: int) -> list[JournalEntry]:
        return self._all_here(self._own.since(number))

    def open(self) -> list[JournalEntry]:
        return self._all_here(self._own.open())

    def of(self, kind: Kind, subject: str) -> list[JournalEntry]:
        return self._all_here(self._own.of(kind, self._kept(kind, subject)))

    def _all_here(self, entries: Sequence[JournalEntry]) -> list[JournalEntry]:
        return [here for it in entries if (here := self._here(it)) is not None]

    def _here(self, it: JournalEntry) -> JournalEntry | None:
        if it.kind == "message":
            message = self._outbox.find(it.subject)
            return it if message is None else structs.replace(it, position=message.position)
        if it.kind != "event" or it.position is not None:
            return it
        event = self._events.by_id(it.subject.removeprefix(f"{it.handler} "))
        if event is None:
            return None
        subject = event_subject(it.handler, event.position)
        return structs.replace(it, subject=subject, position=event.position)

    def _kept(self, kind: Kind, subject: str) -> str:
        process, _, position = subject.rpartition(" ")
        event = self._events.at(int(position)) if kind == "event" else None
        return subject if event is None else f"{process} {event.id}"


class BranchRetryJournalWriter(BranchRetryJournal):
    """A RetryJournalWriter in the same way."""

    def __init__(self, own: RetryJournalWriter, outbox: OutboxReader, events: Events) -> None:
        super().__init__(own, outbox, events)
        self._writer = own

    def note(self, entry: JournalEntry) -> None:
        if entry.kind == "event":
            kept = self._kept(entry.kind, entry.subject)
            entry = structs.replace(entry, subject=kept, position=None)
        self._writer.note(entry)
