"""Commands that were issued, what came of them and how often they were tried."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from replay.commands.answered import Answered, Conflict, Settled
from replay.commands.outcome_words import because
from replay.printing import event_json
from store import json_text
from store.beside.attempts import Attempt
from store.beside.commands import IssuedCommand
from store.beside.interface import Beside
from store.beside.outcomes import Done, Outcome, reason_of, rule_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.times import format_moment


class Try(Struct, frozen=True, kw_only=True):
    """One try that settled nothing."""

    attempt: int
    status: str
    reason: str
    at: str


class SentCommand(Struct, frozen=True, kw_only=True):
    """A command and what came of it."""

    id: str
    command: str
    stream: str
    data: Any
    actor: str
    issued_at: str
    due_at: str
    expected: int | None  # version of the stream that its issuer saw
    status: str  # "pending" while nothing came of it
    first_position: int | None  # of its events
    last_position: int | None
    rule: str  # that refused it
    reason: str
    attempts: int
    decided_at: str  # empty while it is pending
    tried: tuple[Try, ...]

    @property
    def why(self) -> str:
        """Why it was not done, as words to stand beside its status; empty when it was."""
        return because(self.rule, self.reason, kind="limit" if self.status == "failed" else "rule")


def sent_list(
    beside: Beside, sent: Sequence[tuple[IssuedCommand, Outcome | None]]
) -> list[SentCommand]:
    """Commands, what came of them and how often they were tried."""
    tried = beside.attempts.of([it.id for it, _ in sent])
    return [sent_facts(it, outcome, tried.get(it.id, ())) for it, outcome in sent]


def sent_facts(
    command: IssuedCommand, outcome: Outcome | None, tried: Sequence[Attempt] = ()
) -> SentCommand:
    """A command and what came of it. `tried` settled nothing."""
    last = tried[-1] if tried else None
    told = outcome or last
    return SentCommand(
        id=command.id,
        command=command.type,
        stream=command.stream,
        data=command.data,
        actor=command.actor,
        issued_at=format_moment(command.issued_at_us),
        due_at=format_moment(command.due_at_us),
        expected=command.expected,
        status=told.status if told else "pending",
        first_position=outcome.first_position if isinstance(outcome, Done) else None,
        last_position=outcome.last_position if isinstance(outcome, Done) else None,
        rule=rule_of(outcome) if outcome else "",
        reason=_reason(outcome, last),
        attempts=(last.attempt if last else 0) + (outcome.attempts if outcome else 0),
        decided_at=format_moment(outcome.decided_at_us) if outcome else "",
        tried=tuple(
            Try(attempt=it.attempt, status=it.status, reason=it.reason, at=format_moment(it.at_us))
            for it in tried
        ),
    )


def _reason(outcome: Outcome | None, last: Attempt | None) -> str:
    if outcome is not None:
        return reason_of(outcome)
    return last.reason if last else ""


class Story(Struct, frozen=True, kw_only=True):
    """Everything that is known of a command."""

    command: SentCommand
    events: dict[str, Any]  # what they say, by position and type


def story_of(log: EventReader, command_id: str) -> Story | None:
    """Everything that is known of a command; None when there is no such command."""
    command, outcome = log.beside.commands.find(command_id)
    if command is None:
        return None
    facts = sent_facts(command, outcome, log.beside.attempts.of([command_id]).get(command_id, ()))
    events = []
    if isinstance(outcome, Done) and outcome.first_position is not None:
        events = list(log.read(after=outcome.first_position - 1, until=outcome.last_position))
    return Story(command=facts, events={f"{it.position} {it.type}": it.data for it in events})


def answer_facts(answered: Answered, events: tuple[RecordedEvent, ...]) -> dict[str, Any]:
    """What came of a command, as JSON; what it has nothing for is empty."""
    match answered:
        case Conflict(reason=reason, between=between):
            rule = ""
        case Settled(outcome=outcome):
            rule, reason, between = rule_of(outcome), reason_of(outcome), ()
    return {
        "id": answered.command.id,
        "command": answered.command.type,
        "stream": answered.command.stream,
        "status": answered.status,
        "rule": rule,
        "reason": reason,
        "version": answered.version or 0,
        "attempts": answered.attempts,
        "is_resend": answered.is_resend,
        "events": [json_text.decode(event_json(it)) for it in events],
        "between": [json_text.decode(event_json(it)) for it in between],
    }
