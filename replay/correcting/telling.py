"""A correction in words, and as JSON."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET

from replay.correcting.commit import Committed
from replay.correcting.proposal import Proposal, Side
from replay.printing import print_table, print_text, value_text
from replay.states.diff import Change, Path, path_text
from replay.words import counted, said
from store import json_text


def correction_json(made: Committed) -> dict[str, Any]:
    """`appended`: the positions of its events in the log; none in a preview. `made_before`: those
    of the same correction, if it had been made."""
    proposal, found = made.proposal, made.proposal.found
    told: dict[str, Any] = {
        "position": found.event.position,
        "event": found.event.id,
        "type": found.event.type,
        "kind": found.correction.kind,
        "before": found.correction.before or None,
        "streams": [_side_json(it) for it in proposal.sides],
        "complete": proposal.is_complete,
        "meaning": proposal.meaning or None,
        "made_before": _earlier(proposal),
        "appended": list(made.positions),
    }
    if found.correction.data is not UNSET:
        told["data"] = found.correction.data
    return told


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "stream": side.stream,
        "model": side.model or None,
        "now": side.now,
        "should_be": side.should_be,
        "after": side.after,
        "events": [
            {"id": it.id, "type": it.type, "data": json_text.decode(it.data_json)}
            for it in side.events
        ],
        "left": [path_text(it.path) for it in side.left],
        "why_left": side.why_left or None,
    }


def print_correction(made: Committed) -> None:
    """The three realities of every stream, and what was appended."""
    proposal = made.proposal
    print_text(_what(proposal))
    if earlier := _earlier(proposal):
        print_text(
            said(
                "the same correction was made by {positions}: nothing was appended",
                positions=_listed(earlier),
            )
        )
        return
    if proposal.meaning:
        print_text(proposal.meaning)
    for it in proposal.sides:
        _print_side(it)
    if not made.positions:
        print_text(said("this is a preview, nothing was appended"))
        return
    print_text(
        counted(
            "{count:,} event appended: {positions}",
            "{count:,} events appended: {positions}",
            len(made.positions),
            positions=_listed(made.positions),
        )
    )


def _earlier(proposal: Proposal) -> list[int]:
    made = proposal.found.already
    return [] if made is None else [it.position for it in made.events]


def _listed(positions: Sequence[int]) -> str:
    return ", ".join(f"{it:,}" for it in positions)


def _what(proposal: Proposal) -> str:
    event, kind = proposal.found.event, proposal.found.correction.kind
    facts = {"type": event.type, "position": event.position}
    if kind == "late":
        return said("{type} at {position:,} came too late", **facts)
    if kind == "rejected":
        return said("{type} at {position:,} should not be", **facts)
    return said("{type} at {position:,} was wrong", **facts)


def _print_side(side: Side) -> None:
    changes = side.differs or side.left
    if changes:
        print_text(said("{stream}:", stream=side.stream))
        titles = ("field", said("in the log"), said("should be"), said("after the correction"))
        print_table(titles, (_row(side, it) for it in changes))
    else:
        print_text(said("{stream}: no field differs", stream=side.stream))
    for it in side.events:
        print_text(said("appends {type} {data}", type=it.type, data=it.data_json))
    if side.left:
        fields = ", ".join(path_text(it.path) for it in side.left)
        print_text(said("new events alone cannot reach: {fields}", fields=fields))
    if side.why_left:
        print_text(side.why_left)


def _row(side: Side, change: Change) -> list[str]:
    after = _value(side.after, change.path)
    return [path_text(change.path), *map(value_text, (change.before, change.after, after))]


def _value(state: Any, path: Path) -> Any:
    """What stands at a path; None where there is nothing."""
    for key in path:
        try:
            state = state[key]
        except (LookupError, TypeError):
            return None
    return state
