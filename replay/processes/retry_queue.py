"""What failed and waits to be tried again, as the dispatcher knows it: the journal's open entries.

Source of attempts, limit and dead letters: Hohpe and Woolf, "Enterprise Integration Patterns",
Dead Letter Channel.
"""

import threading
from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from replay.processes.retry_policy import RetryPolicy
from store.beside.retry_journal import JournalEntry, Kind
from store.interface import CommandStore

Subject: TypeAlias = tuple[Kind, str]


class RetryQueue:
    """For one dispatcher. Any thread.

    It makes entries and writes none: each is written in the transaction of what it belongs to,
    and known here after `look`.
    """

    def __init__(self, store: CommandStore, *, clock_us: Callable[[], int]) -> None:
        self._store = store
        self._clock_us = clock_us
        self._guard = threading.Lock()
        self._open: dict[Subject, JournalEntry] = {}
        self._asked: list[JournalEntry] = []  # retries that persons asked for
        self._seen = 0
        self._hurried = 0
        self._load()

    def look(self) -> None:
        """Learn what was written since the last look, by whomever."""
        with self._guard:
            for entry in self._store.beside.retries.since(self._seen):
                self._learn(entry)

    def asked(self) -> list[JournalEntry]:
        """What persons wanted tried again since the last call."""
        with self._guard:
            asked, self._asked = self._asked, []
            return asked

    @property
    def seen(self) -> int:
        """The number of the last entry that was looked at."""
        return self._seen

    def hurry(self, number: int) -> None:
        """What has failed up to an entry is due at once, whatever it was to wait for."""
        with self._guard:
            self._hurried = number

    @property
    def hurried(self) -> int:
        """The number of the last entry that is due at once."""
        return self._hurried

    def entries(self) -> list[JournalEntry]:
        """Everything that is neither handled nor given up, oldest first."""
        with self._guard:
            return sorted(self._open.values(), key=lambda it: it.number)

    def heard_by(self, process: str) -> list[JournalEntry]:
        """The open events of a process manager, in log order."""
        with self._guard:
            found = [it for it in self._open.values() if it.kind == "event"]
        return sorted(
            (it for it in found if it.handler == process), key=lambda it: it.position or 0
        )

    def holds(self, process: str, stream: str) -> bool:
        """Whether an event of this instance is open: then later ones wait behind it."""
        return any(it.stream == stream for it in self.heard_by(process))

    def entry(self, kind: Kind, subject: str) -> JournalEntry | None:
        """How a subject stands; None when nothing is wrong with it."""
        with self._guard:
            return self._open.get((kind, subject))

    def is_due(self, entry: JournalEntry) -> bool:
        """Whether it may be tried now."""
        if entry.status == "failed":
            return entry.number <= self._hurried or (entry.next_at_us or 0) <= self._clock_us()
        return entry.status in ("retry", "held")

    def failure(self, subject: JournalEntry, reason: str, policy: RetryPolicy) -> JournalEntry:
        """The entry of one more failure: to be tried again, or dead. `subject` says of what."""
        before = self.entry(subject.kind, subject.subject)
        attempt = 1 + (before.attempt if before is not None else 0)
        now_us, wait_us = self._clock_us(), policy.wait_us(attempt)
        return replace(
            subject,
            status="dead" if wait_us is None else "failed",
            attempt=attempt,
            reason=reason,
            at_us=now_us,
            next_at_us=None if wait_us is None else now_us + wait_us,
        )

    def handled(self, kind: Kind, subject: str) -> JournalEntry | None:
        """The entry that ends the trouble with a subject; None where there was none."""
        before = self.entry(kind, subject)
        if before is None:
            return None
        return replace(
            before,
            status="handled",
            attempt=before.attempt + 1,
            reason="",
            decided_by="",
            at_us=self._clock_us(),
            next_at_us=None,
        )

    def _load(self) -> None:
        for entry in self._store.beside.retries.open():
            self._learn(entry)
        self._asked = []  # what is open is taken up anyway

    def _learn(self, entry: JournalEntry) -> None:
        self._seen = max(self._seen, entry.number)
        key = entry.kind, entry.subject
        if entry.status in ("handled", "given up"):
            self._open.pop(key, None)
        else:
            self._open[key] = entry
        if entry.status == "retry":
            self._asked.append(entry)


def subject_of(
    kind: Kind, subject: str, *, handler: str, stream: str = "", position: int | None = None
) -> JournalEntry:
    """What an entry is about, with nothing said of it yet."""
    return JournalEntry(
        kind=kind,
        subject=subject,
        handler=handler,
        stream=stream,
        position=position,
        status="failed",
        attempt=0,
        reason="",
        decided_by="",
        at_us=0,
        next_at_us=None,
    )
