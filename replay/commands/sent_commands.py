"""Commands that were issued, what came of them and how often they were tried, as JSON values."""

from collections.abc import Sequence
from typing import Any

from replay.commands.answered import Answered
from replay.printing import event_json
from store import json_text
from store.beside.attempts import Attempt
from store.beside.commands import IssuedCommand, Outcome
from store.beside.interface import Beside
from store.events import RecordedEvent
from store.interface import EventReader
from store.times import format_moment


def sent_list(
    beside: Beside, sent: Sequence[tuple[IssuedCommand, Outcome | None]]
) -> list[dict[str, Any]]:
    """Commands, what came of them and how often they were tried, as JSON."""
    tried = beside.attempts.of([it.id for it, _ in sent])
    return [sent_facts(it, outcome, tried.get(it.id, ())) for it, outcome in sent]


def sent_facts(
    command: IssuedCommand, outcome: Outcome | None, tried: Sequence[Attempt] = ()
) -> dict[str, Any]:
    """A command and what came of it, as JSON. `tried` settled nothing."""
    last = tried[-1] if tried else None
    told = outcome or last
    return {
        "id": command.id,
        "command": command.type,
        "stream": command.stream,
        "data": command.data,
        "actor": command.actor,
        "issued_at": format_moment(command.issued_at_us),
        "due_at": format_moment(command.due_at_us),
        "expected": command.expected,
        "status": told.status if told else "pending",
        "first_position": outcome.first_position if outcome else None,
        "last_position": outcome.last_position if outcome else None,
        "rule": outcome.rule if outcome else "",
        "reason": told.reason if told else "",
        "attempts": (last.attempt if last else 0) + (outcome.attempts if outcome else 0),
        "decided_at": format_moment(outcome.decided_at_us) if outcome else "",
        "tried": [
            {
                "attempt": it.attempt,
                "status": it.status,
                "reason": it.reason,
                "at": format_moment(it.at_us),
            }
            for it in tried
        ],
    }


def story_of(log: EventReader, command_id: str) -> dict[str, Any] | None:
    """Everything that is known of a command: its facts, and its events by position and type.
    None when there is no such command."""
    command, outcome = log.beside.commands.find(command_id)
    if command is None:
        return None
    facts = sent_facts(command, outcome, log.beside.attempts.of([command_id]).get(command_id, ()))
    events = []
    if outcome is not None and outcome.first_position is not None:
        events = list(log.read(after=outcome.first_position - 1, until=outcome.last_position))
    return {**facts, "events": {f"{it.position} {it.type}": it.data for it in events}}


def answer_facts(answered: Answered, events: tuple[RecordedEvent, ...]) -> dict[str, Any]:
    """What came of a command, as JSON."""
    return {
        "id": answered.command.id,
        "command": answered.command.type,
        "stream": answered.command.stream,
        "status": answered.status,
        "rule": answered.rule,
        "reason": answered.reason,
        "version": answered.version,
        "attempts": answered.attempts,
        "is_resend": answered.is_resend,
        "events": [json_text.decode(event_json(it)) for it in events],
        "between": [json_text.decode(event_json(it)) for it in answered.between],
    }
