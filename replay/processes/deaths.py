"""Attempts that ended the process which made them, counted by the next one as any other failure.

So what always ends the process is dead after its stated attempts, and the others go on. What was
committed before the process ended was handled, and is no failure.
"""

from collections.abc import Callable
from functools import partial

from replay.processes.in_hand import ENDED
from replay.processes.retry_policy import GATEWAYS, HANDLERS
from replay.processes.retry_queue import RetryQueue
from store.beside.attempts import Trouble
from store.beside.outbox import Delivery
from store.beside.retry_journal import JournalEntry
from store.interface import CommandStore, EventWriter


def count_deaths(
    store: CommandStore,
    queue: RetryQueue,
    left: tuple[JournalEntry, ...],
    *,
    clock_us: Callable[[], int],
) -> None:
    """Keep a failed attempt for each of what a process had in hand when it ended, unless it had
    written down already what came of it."""
    for subject in left:
        if _is_written(store, queue, subject):
            continue
        policy = GATEWAYS if subject.kind == "message" else HANDLERS
        entry = queue.failure(subject, ENDED, policy)
        is_new = queue.entry(subject.kind, subject.subject) is None
        store.write(partial(_keep, entry, is_new, clock_us()))
        queue.look()


def _is_written(store: CommandStore, queue: RetryQueue, subject: JournalEntry) -> bool:
    """Whether what came of this very attempt stands in the log."""
    beside = store.beside
    entry = queue.entry(subject.kind, subject.subject)
    if subject.kind == "message":
        return beside.outbox.attempts(subject.subject) >= subject.attempt
    if entry is not None:
        return entry.status == "dead" or entry.attempt >= subject.attempt
    if subject.kind == "event":
        return (beside.processes.heard_until(subject.handler) or 0) >= (subject.position or 0)
    command, outcome = beside.commands.find(subject.subject)
    return command is None or outcome is not None or beside.attempts.is_stopped(command.id)


def _keep(entry: JournalEntry, is_new: bool, at_us: int, writer: EventWriter) -> None:
    match entry.kind:
        case "command":
            status: Trouble = "failed" if entry.status == "dead" else "retried"
            writer.beside.attempts.note(entry.subject, status, entry.reason, at_us=at_us)
        case "message":
            attempt = writer.beside.outbox.attempts(entry.subject) + 1
            delivery = Delivery(
                message_id=entry.subject,
                attempt=attempt,
                status="failed",
                answer=entry.reason,
                at_us=at_us,
            )
            writer.beside.outbox.record(delivery)
        case "event" if is_new:
            writer.beside.processes.hear(entry.handler, entry.position or 0)
    writer.beside.retries.note(entry)
