"""What came of deciding later commands of a branch again, in words and as JSON."""

from collections.abc import Iterator
from typing import Any

import msgspec

from replay.commands.outcome_words import because
from replay.words import counted, said
from store.branches.decided import Decided, DecidedCommand
from store.branches.reader import BranchReader


def decided_json(branch: BranchReader) -> dict[str, Any]:
    """For one that is open; `decided` is null where nothing was decided for its edits."""
    decided = branch.decided
    if decided is None:
        return {"not_decided_yet": branch.is_undecided(), "decided": None}
    commands = [msgspec.to_builtins(it) | _position(branch, it) for it in decided.commands]
    facts = {"looked_at": decided.looked_at, "commands": commands}
    return {"not_decided_yet": False, "decided": facts}


def decided_lines(branch: BranchReader) -> Iterator[str]:
    """The same for a person; nothing for a branch that keeps later events."""
    decided = branch.decided
    if decided is None:
        if branch.is_undecided():
            yield said("later commands are not decided again yet, and their events are unchanged")
        return
    yield summary(decided)
    for it in decided.commands:
        yield f"  {_line(branch, it)}"


def summary(decided: Decided) -> str:
    """How many, as one line."""
    return said(
        "{count} decided again, {other:,} with a different result",
        count=counted("{count:,} command", "{count:,} commands", decided.looked_at),
        other=sum(it.came != "kept" for it in decided.commands),
    )


def _line(branch: BranchReader, it: DecidedCommand) -> str:
    event = branch.event_by_id(it.event) if it.event else None
    at = said(" at {position:,}", position=event.position) if event else ""
    named = said("{type} on {stream}{at}", type=it.type, stream=it.stream, at=at)
    match it.came:
        case "other":
            return said("{named}: records other events", named=named)
        case "refused":
            return said("{named}: refused, {why}", named=named, why=because(it.rule, it.reason))
        case "unsent":
            return said("{named}: not sent any more", named=named)
        case "new":
            return said("{named}: sent for the first time", named=named)
        case "waits":
            return said("{named}: a timer that has not fired by the end", named=named)
    return said("{named}: left unchanged, {reason}", named=named, reason=it.reason)


def _position(branch: BranchReader, it: DecidedCommand) -> dict[str, Any]:
    event = branch.event_by_id(it.event) if it.event else None
    return {"position": event.position if event else None}
