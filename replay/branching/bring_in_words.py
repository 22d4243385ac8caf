"""What came of bringing a branch in, and of saving it as tests, in words and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from replay.branching.branch_cases import SavedCase
from replay.branching.bring_in import Brought
from replay.commands.outcome_words import because, within
from replay.printing import event_json
from replay.words import counted, said
from store import json_text
from store.events import RecordedEvent


def brought_json(it: Brought) -> dict[str, Any]:
    """One command."""
    return {
        "id": it.id,
        "command": it.command.type,
        "stream": it.command.stream,
        "id_on_the_log": it.command.id,
        "status": it.came,
        "rule": it.rule,
        "reason": it.reason,
        "version": it.version,
        "events": [json_text.decode(event_json(event)) for event in it.events],
        "between": [json_text.decode(event_json(event)) for event in it.between],
    }


def brought_lines(found: Sequence[Brought], *, is_preview: bool) -> Iterator[str]:
    """For a person, a command a line, and its events."""
    for it in found:
        yield _line(it, is_preview=is_preview)
        for event in it.events if it.came == "done" else ():
            yield f"  {event.position} {event.stream} v{event.version} {event.type}"
    if not found:
        yield said("no command was issued in the branch")


def event_lines(events: Sequence[RecordedEvent]) -> Iterator[str]:
    """Events of the branch that stay there."""
    if events:
        yield counted(
            "{count:,} event without a command is not brought in:",
            "{count:,} events without a command are not brought in:",
            len(events),
        )
    for it in events:
        yield f"  {it.position} {it.stream} {it.type}"


def case_json(it: SavedCase) -> dict[str, Any]:
    """One command, and the test it became: given these events, when the command comes, then these
    events, or the rule that refuses it."""
    case = it.case
    told = {"id": it.id, "command": it.command, "reason": it.reason}
    if case is None:
        return told | {"case": None}
    return told | {
        "case": case.name,
        "given": case.given,
        "when": {"command": case.command, "data": case.data, "actor": case.actor},
        "then": case.then,
        "refusal": case.refusal,
    }


def case_line(it: SavedCase, *, is_preview: bool = False) -> str:
    """The same for a person."""
    if it.case is not None and is_preview:
        return said("would be saved: {name}", name=it.case.name)
    if it.case is not None:
        return said("saved: {name}", name=it.case.name)
    return said("not saved: {command}, {reason}", command=it.command, reason=within(it.reason))


def _line(it: Brought, *, is_preview: bool) -> str:
    named = said("{type} on {stream}", type=it.command.type, stream=it.command.stream)
    match it.came:
        case "done" if is_preview:
            return said("{named}: would be done", named=named)
        case "done":
            return said("{named}: done", named=named)
        case "already":
            return said("{named}: brought in before", named=named)
        case "refused":
            return said("{named}: refused, {why}", named=named, why=because(it.rule, it.reason))
        case "conflict":
            came = ", ".join(
                said("{type} at {position}", type=event.type, position=event.position)
                for event in it.between
            )
            return said(
                "{named}: conflict, {reason} Recorded since: {came}.",
                named=named,
                reason=within(it.reason),
                came=came,
            )
    return said("{named}: stays in the branch, {reason}", named=named, reason=within(it.reason))
