"""Commands that a branch has decided again: what came out otherwise is in its history, and is
listed with the rule and the reason."""

from collections.abc import Iterator, Sequence
from typing import Any

from replay.commands.decision import event_id
from replay.commands.outcome_words import because
from replay.consequences.found import CommandDiffers
from replay.consequences.lines import Lines
from replay.states.difference_words import differences
from store.branches.decided import DecidedCommand
from store.branches.reader import BranchReader
from store.events import RecordedEvent
from store.interface import EventReader


def decided_commands(lines: Lines) -> Iterator[CommandDiffers]:
    """In the order in which they were decided; none of a branch that keeps later events, and none
    that a branch on the left has decided in the same way."""
    left, right = lines.left, lines.right
    if isinstance(right, BranchReader) and right.decided is not None:
        known = left.decided if isinstance(left, BranchReader) else None
        for it in right.decided.commands:
            if known is None or it not in known.commands:
                yield _told(lines, right, it)


def _told(lines: Lines, right: BranchReader, it: DecidedCommand) -> CommandDiffers:
    left = lines.left.event_by_id(it.event) if it.event else None
    here = right.event_by_id(it.event) if it.event else None
    if left is not None and left.position > lines.head:
        left = None
    if here is not None:
        at = here.position
    elif left is not None:
        at = lines.here(left.position)
    else:
        at = lines.right_head
    return CommandDiffers(
        id=it.id,
        command=it.type,
        stream=it.stream,
        position=None if left is None else left.position,
        branch_position=at,
        outcome=it.came,
        rule=it.rule,
        text=_text(lines, right, it),
        is_decided=True,
    )


def _text(lines: Lines, right: BranchReader, it: DecidedCommand) -> str:
    if it.came == "other":
        then, now = (_as_said(_events_of(line, it.id)) for line in (lines.left, right))
        return "; ".join(differences(then, now))
    return because(it.rule, it.reason) if it.rule else it.reason


def _events_of(line: EventReader, command_id: str) -> list[RecordedEvent]:
    found = list[RecordedEvent]()
    while (event := line.event_by_id(event_id(command_id, len(found) + 1))) is not None:
        found.append(event)
    return found


def _as_said(events: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    return [{"type": it.type, "data": it.data} for it in events]
