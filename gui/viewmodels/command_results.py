"""What is told of a preview or of issued commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gui.viewmodels.counts import counted
from replay.workers.worker_messages import CommandAnswer, EventTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One answer, in words and as a value to look at."""

    kind: str  # preview, done, refused, conflict, failed, saved
    title: str
    text: str
    value: Any  # a JSON value, or None
    marks: tuple[tuple[str | int, ...], ...] = ()  # what changed in it
    position: int | None = None  # of the last event it recorded


def result_of(answers: Sequence[CommandAnswer]) -> Result:
    """What came of a command, or of each intent of a form."""
    if not answers:
        return Result(
            kind="done", title="Nothing was issued", text="The form asks for no change.", value=None
        )
    if len(answers) == 1:
        return _of_one(answers[0])
    conflict = next((it for it in answers if it.status == "conflict"), None)
    if conflict is not None:
        return _of_one(conflict)
    good = [it for it in answers if it.status == "done"]
    bad = [it for it in answers if it.status != "done"]
    events = [event for it in good for event in it.events]
    return Result(
        kind="refused" if bad else "done",
        title=f"{len(good)} of {len(answers)} done: {counted(len(events))}",
        text=" ".join(f"{it.command} refused ({it.rule}): {it.reason}" for it in bad),
        value=brief(events) or None,
        position=events[-1].position if events else None,
    )


def _of_one(found: CommandAnswer) -> Result:
    status, events = found.status, found.events
    if status == "conflict":
        return Result(
            kind="conflict",
            title="The stream has moved on",
            text=found.reason,
            value=brief(found.between),
        )
    if status == "done":
        again = " already" if found.is_resend else ""
        return Result(
            kind="done",
            title=f"Done{again}: {counted(len(events))}",
            text="",
            value=brief(events) or None,
            position=events[-1].position if events else None,
        )
    return Result(
        kind="refused",
        title=f"Refused: {found.rule or status}",
        text=found.reason,
        value=None,
    )


def brief(events: Sequence[EventTold]) -> dict[str, Any]:
    """Events by position and type, with their payload."""
    return {f"{it.position} {it.type}": it.data for it in events}


def but(names: Sequence[str]) -> str:
    """ " but streams and seats_left", or nothing."""
    *first, last = names or ("",)
    listed = f"{', '.join(first)} and {last}" if first else last
    return f" but {listed}" if listed else ""
