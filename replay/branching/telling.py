"""A branch in words and as JSON."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from replay.words import counted, said
from store.branches.edits import Edit
from store.branches.facts import BranchFacts
from store.branches.opening import facts_of, open_branch
from store.errors import StoreError
from store.place import Place
from store.times import format_moment


def branch_json(path: Path) -> dict[str, Any]:
    """What is known of the branch in a file, be its log there or not."""
    facts, edits = facts_of(path)
    made: dict[str, Any] = {
        "name": Place(path).branch_name,
        "file": str(path),
        "parent": facts.parent or Place(path).log.name,
        "fork": facts.fork,
        "holds_the_log_until": facts.base_head,
        "later_events": facts.later,
        "note": facts.note,
        "made_at": format_moment(facts.created_at_us, 0),
        "made_by": facts.created_by,
        "edits": sum(not it.is_undone for it in edits),
    }
    return made | _now(path)


def _now(path: Path) -> dict[str, Any]:
    """What only the branch together with its log tells."""
    try:
        branch = open_branch(path)
    except StoreError as error:
        return {"head": None, "own_events": None, "problem": str(error)}
    try:
        return {"head": branch.head(), "own_events": branch.own_events(), "problem": ""}
    finally:
        branch.close()


def _later(facts: BranchFacts) -> str:
    match facts.later:
        case "keep":
            return said("kept as recorded")
        case "decide":
            return said("decided again")
    return said("all decided again after position {after:,}", after=facts.rerun_after)


def edit_json(edit: Edit, unfit: str) -> dict[str, Any]:
    """One edit; `unfit`: why it no longer fits, if it does not."""
    content = msgspec.to_builtins(edit.content)
    for name in ("data", "metadata"):
        text = content.pop(f"{name}_json", None)
        if text is not None:
            content[name] = msgspec.Raw(text.encode())
    return {
        "number": edit.number,
        "edit": edit.kind,
        "event": edit.target,
        "other": edit.other,
        "content": {k: _plain(v) for k, v in content.items()},
        "at": format_moment(edit.at_us, 0),
        "by": edit.by,
        "undone": edit.is_undone,
        "from_parent": edit.is_inherited,
        "problem": unfit,
    }


def _plain(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value


def edit_words(edit: Edit) -> str:
    """An edit as one line."""
    other = edit.other or said("the end")
    match edit.kind:
        case "leave out":
            words = said("leave out {event}", event=edit.target)
        case "replace":
            words = said("replace what {event} says", event=edit.target)
        case "insert":
            words = said(
                "put in {type} {event} before {other}",
                type=edit.content.type,
                event=edit.target,
                other=other,
            )
        case "move":
            words = said("move {event} before {other}", event=edit.target, other=other)
        case "swap":
            words = said("swap {event} and {other}", event=edit.target, other=other)
    return said("{words} (undone)", words=words) if edit.is_undone else words


def facts_lines(path: Path, found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Labels and values for a person."""
    facts: BranchFacts = facts_of(path)[0]
    yield said("branch"), found["name"]
    parent = said("{line} after position {fork:,}", line=found["parent"], fork=facts.fork)
    yield said("forks from"), parent
    holds = counted("{count:,} event of the log", "{count:,} events of the log", facts.base_head)
    yield said("holds"), holds
    for name, value in (
        (said("own events"), found["own_events"]),
        (said("edits"), found["edits"]),
        (said("head"), found["head"]),
    ):
        yield name, "" if value is None else f"{value:,}"
    yield said("later events"), _later(facts)
    if facts.note:
        yield said("note"), facts.note
    yield said("made"), said("{at} by {by}", at=found["made_at"], by=found["made_by"])
    if found["problem"]:
        yield said("problem"), found["problem"]
