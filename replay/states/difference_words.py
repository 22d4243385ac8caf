"""What is otherwise about a state or a row, in words: for an event left out, and for a branch."""

from typing import Any

from replay.states.diff import diff, path_text
from replay.words import said
from store import json_text


def change(before: str, after: str) -> str:
    """Two values as JSON texts, empty where there is none."""
    return f"{before or said('nothing')} → {after or said('nothing')}"


def fields(path: str, before: str, after: str, count: int) -> str:
    """The first field that differs, and how many more do."""
    more = said(", and {count:,} more", count=count - 1) if count > 1 else ""
    return said("{path} {change}{more}", path=path, change=change(before, after), more=more)


def unfoldable(failed_at: int, error: str) -> str:
    """A state or a view that ends at an event of the log itself."""
    return said("cannot be folded after {failed_at:,} ({error})", failed_at=failed_at, error=error)


def cell(column: str, before: str, after: str) -> str:
    """The first column that differs; without one a whole row comes or goes."""
    return f"{column} {change(before, after)}" if column else change(before, after)


def differences(then: Any, now: Any) -> list[str]:
    """Every field in which two JSON values differ."""
    return [
        said(
            "{path}: was {before}, now {after}",
            path=path_text(it.path),
            before=json_text.encode(it.before),
            after=json_text.encode(it.after),
        )
        for it in diff(then, now)
    ]
