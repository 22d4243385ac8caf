"""One command that is due, handled on the thread of its lane: done, refused, or tried again later.

A refusal is an answer, and is recorded as one. What fails for technical reasons is tried again
after a while, its stream waiting for it, until it is dead.
"""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import structs

from replay.commands.answered import failure_of
from replay.commands.command_form import InvalidCommand
from replay.commands.decide import CommandHandler
from replay.commands.gateways import GatewayFailed
from replay.processes.in_hand import InHand, is_suspected
from replay.processes.lanes import Again, End
from replay.processes.reactions import Reactions
from replay.processes.refusal_notices import RefusalNotices
from replay.processes.retries import Retries
from replay.processes.retry_policy import GATEWAYS, HANDLERS, RetryPolicy
from replay.processes.retry_queue import RetryQueue, subject_of
from replay.states.model_set import UnknownCommand
from replay.typed_model import Refused as RefusedByRule
from store.beside.attempts import Trouble
from store.beside.commands import IssuedCommand, Waiting
from store.beside.outcomes import Expired, Failed, Outcome, Refused
from store.beside.retry_journal import JournalEntry
from store.errors import StoreBusy
from store.interface import CommandStore, EventWriter


class Handling:
    """For one dispatcher. Any thread."""

    def __init__(
        self,
        store: CommandStore,
        handler: CommandHandler,
        reactions: Reactions,
        queue: RetryQueue,
        notices: RefusalNotices,
        *,
        in_hand: InHand,
        clock_us: Callable[[], int],
        pass_point: Callable[[str], None],
    ) -> None:
        self._store = store
        self._handler = handler
        self._reactions = reactions
        self._queue = queue
        self._notices = notices
        self._in_hand = in_hand
        self._retries = Retries(store)
        self._clock_us = clock_us
        self._pass_point = pass_point

    def handle(self, waiting: Waiting) -> End:
        """Handle a command, once: its lane says when. Raises nothing that a model raises."""
        beside = self._store.beside
        command, outcome = beside.commands.find(waiting.id)
        if command is None or outcome is not None or beside.attempts.is_stopped(waiting.id):
            return "gone"  # cancelled, dead, or handled by another process
        entry = self._queue.entry("command", waiting.id)
        if entry is not None and not self._queue.is_due(entry):
            return Again(entry.next_at_us or 0)
        self._pass_point("before handling")
        now_us = self._clock_us()
        if command.expires_at_us is not None and now_us > command.expires_at_us:
            self._settle(command, _expired(command, now_us))
            return "handled"
        attempt = 1 + (entry.attempt if entry is not None else 0)
        tried = structs.replace(_subject(command), attempt=attempt)
        with self._in_hand.holding(tried, alone=is_suspected(entry)):
            end = self._tried(command, now_us)
        if end == "handled":
            self._pass_point("after handling")
        return end

    def _tried(self, command: IssuedCommand, now_us: int) -> End:
        """What comes of a command that is decided on now."""
        try:
            self._decide(command)
        except StoreBusy:
            return "again"  # nothing can be written now, not even this
        except UnknownCommand as error:
            self._retries.note(command.id, str(error), at_us=now_us)
            return "gone"  # it waits for a dispatcher that has its model
        except RefusedByRule as error:
            refused = Refused(
                command_id=command.id,
                rule=error.rule,
                reason=error.reason,
                attempts=1,
                decided_at_us=now_us,
            )
            self._settle(command, refused)
        except InvalidCommand as error:  # it will never be readable
            self._settle(command, _failed(command, str(error), now_us))
        except GatewayFailed as error:
            return self._failed(command, failure_of(error), GATEWAYS)
        except Exception as error:  # the edge: a model may raise anything
            return self._failed(command, failure_of(error), HANDLERS)
        return "handled"

    def _decide(self, command: IssuedCommand) -> None:
        ends = self._queue.handled("command", command.id)
        if owner := self._reactions.owner_of(command):
            self._reactions.wake(owner, command, ends=ends)
        else:
            self._handler.issue(
                command,
                is_recorded=True,
                is_exact=True,
                after_refusal=partial(self._notices.of, command),
            )
            if ends is not None:
                self._store.write(lambda writer: writer.beside.retries.note(ends))
        if ends is not None:
            self._queue.look()

    def _failed(self, command: IssuedCommand, reason: str, policy: RetryPolicy) -> End:
        """Its failure is kept as an attempt at the command, and decides when it is tried again."""
        if self._store.beside.commands.outcome_of(command.id) is not None:
            return "gone"  # another process was quicker
        entry = self._queue.failure(_subject(command), reason, policy)

        def work(writer: EventWriter) -> None:
            status: Trouble = "failed" if entry.status == "dead" else "retried"
            writer.beside.attempts.note(command.id, status, reason, at_us=entry.at_us)
            writer.beside.retries.note(entry)

        self._store.write(work)
        self._queue.look()
        return "gone" if entry.next_at_us is None else Again(entry.next_at_us)

    def _settle(self, command: IssuedCommand, outcome: Expired | Failed | Refused) -> None:
        """Keep what came of it, and tell the instance that sent it."""
        notices = self._notices.of(command, outcome.reason)
        self._store.write(partial(_write, outcome, notices))


def _subject(command: IssuedCommand) -> JournalEntry:
    return subject_of("command", command.id, handler=command.type, stream=command.stream)


def _write(outcome: Outcome, notices: Sequence[IssuedCommand], writer: EventWriter) -> None:
    writer.beside.commands.settle(outcome)
    writer.beside.commands.add(notices)


def _expired(command: IssuedCommand, now_us: int) -> Expired:
    reason = "its time to live was over before it was handled"
    return Expired(command_id=command.id, reason=reason, attempts=1, decided_at_us=now_us)


def _failed(command: IssuedCommand, reason: str, now_us: int) -> Failed:
    return Failed(command_id=command.id, reason=reason, attempts=1, decided_at_us=now_us)
