"""What is told of a preview or of issued commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gui.viewmodels.counts import counted
from replay.workers.worker_messages import CommandAnswer, CommandConflict, CommandSettled, EventTold
from store.beside.outcomes import Done, Outcome, Refused, Stopped, reason_of


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
    settled = [it for it in answers if isinstance(it, CommandSettled)]
    if len(settled) < len(answers):
        return next(_of_conflict(it) for it in answers if isinstance(it, CommandConflict))
    bad = [it for it in settled if not isinstance(it.outcome, Done)]
    events = [event for it in settled for event in it.events]
    return Result(
        kind="refused" if bad else "done",
        title=f"{len(settled) - len(bad)} of {len(answers)} done: {counted(len(events))}",
        text=" ".join(_in_words(it) for it in bad),
        value=brief(events) or None,
        position=events[-1].position if events else None,
    )


def last_events(answers: Sequence[CommandAnswer]) -> list[EventTold]:
    """The last event of each command that led to any."""
    return [it.events[-1] for it in answers if isinstance(it, CommandSettled) and it.events]


def _of_one(found: CommandAnswer) -> Result:
    match found:
        case CommandConflict():
            return _of_conflict(found)
        case CommandSettled(outcome=Done(), version=version, events=events):
            again = " already" if version is None else ""
            return Result(
                kind="done",
                title=f"Done{again}: {counted(len(events))}",
                text="",
                value=brief(events) or None,
                position=events[-1].position if events else None,
            )
        case CommandSettled(outcome=outcome):
            return Result(
                kind="refused",
                title=f"Refused: {_by(outcome)}",
                text=reason_of(outcome),
                value=None,
            )


def _of_conflict(found: CommandConflict) -> Result:
    return Result(
        kind="conflict",
        title="The stream has moved on",
        text=found.reason,
        value=brief(found.between),
    )


def _in_words(found: CommandSettled) -> str:
    """Why an intent was not done."""
    return f"{found.command} refused ({_by(found.outcome)}): {reason_of(found.outcome)}"


def _by(outcome: Outcome) -> str:
    """The rule that refused it, or what else became of it."""
    match outcome:
        case Refused(rule=by) | Stopped(limit=by):
            return by
        case _:
            return outcome.status


def brief(events: Sequence[EventTold]) -> dict[str, Any]:
    """Events by position and type, with their payload."""
    return {f"{it.position} {it.type}": it.data for it in events}


def but(names: Sequence[str]) -> str:
    """ " but streams and seats_left", or nothing."""
    *first, last = names or ("",)
    listed = f"{', '.join(first)} and {last}" if first else last
    return f" but {listed}" if listed else ""
