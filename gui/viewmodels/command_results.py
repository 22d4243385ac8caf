"""What is told of a preview or of issued commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gui.window_words import hint_of
from gui.words import counted, said
from replay.commands.outcome_words import outcome_sentence, would_be_refused
from replay.own.user_models import ModelFailed
from replay.workers.worker_messages import (
    CommandAnswer,
    CommandConflict,
    CommandSettled,
    EventTold,
    NotUndone,
    Previewed,
    Undo,
)
from replay.workers.worker_process import WorkerError
from store.beside.outcomes import Done

NAMED: Final = 3  # events of a result


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One answer, in words and as a value to look at."""

    kind: str  # preview, done, refused, conflict, failed, saved, undo, final
    title: str
    text: str
    value: Any  # a JSON value, or None
    marks: tuple[tuple[str | int, ...], ...] = ()  # what changed in it
    stream: str = ""  # of its events
    positions: tuple[int, ...] = ()  # of its events, in the order of `value`

    @property
    def position(self) -> int | None:
        """Of the last event it recorded."""
        return self.positions[-1] if self.positions else None


def result_of(answers: Sequence[CommandAnswer]) -> Result:
    """What came of a command, or of each intent of a form."""
    if not answers:
        return Result(
            kind="done",
            title=said("Nothing was issued"),
            text=said("The form contains no change."),
            value=None,
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
        title=said(
            "{done} of {count} done: {events}",
            done=len(settled) - len(bad),
            count=len(answers),
            events=recorded(events),
        ),
        text=" ".join(f"{it.command}: {outcome_sentence(it.outcome)}." for it in bad),
        value=brief(events) or None,
        **_places(events),
    )


def preview_result(found: Previewed) -> Result:
    """What a command would lead to."""
    if (refusal := found.refusal) is not None:
        return Result(
            kind="refused",
            title=would_be_refused(refusal.rule, refusal.reason),
            text=said(
                "Decided on {stream} at version {version:,}. Nothing was written.",
                stream=found.stream,
                version=found.version,
            ),
            value=None,
        )
    count = len(found.events)
    words = [said("Decided on version {version:,}. Nothing was written.", version=found.version)]
    words += [f"{name}: {would_be_refused(rule, reason)}." for name, rule, reason in found.refused]
    return Result(
        kind="preview",
        title=said(
            "Would record {count} in {stream}",
            count=counted("{count:,} event", "{count:,} events", count),
            stream=found.stream,
        ),
        text=" ".join(words),
        value=_numbered(found.events) | {"state after": found.after},
        marks=tuple(("state after", *it.path) for it in found.changes),
    )


def failure_result(error: ModelFailed) -> Result:
    """A model that could not decide: what went wrong and what to do, as sentences."""
    what = str(error)
    has_hint = error.details or isinstance(error, WorkerError)
    hint = hint_of(error) if has_hint else said("Fix the model and reload it.")
    return Result(
        kind="failed",
        title=said("The command could not be decided"),
        text=f"{what[:1].upper()}{what[1:].removesuffix('.')}. {hint}".strip(),
        value=error.details or None,
    )


def undo_result(found: Undo) -> Result:
    """Before an undo is issued: what it takes back."""
    event = found.event
    return Result(
        kind="undo",
        title=said(
            "{command} undoes {type} at position {position:,}",
            command=found.offer.command,
            type=event.type,
            position=event.position,
        ),
        text=said("Nothing is removed. Issue appends events that undo this one and link to it."),
        value=brief([event]),
        stream=event.stream,
        positions=(event.position,),
    )


def not_undone_result(found: NotUndone) -> Result:
    """Nothing takes an event back."""
    reason = f"{found.reason[:1].upper()}{found.reason[1:]}"
    return Result(kind="final", title=reason, text=found.hint, value=None)


def recorded(events: Sequence[EventTold]) -> str:
    """`recorded OrderPlaced and OrderTotalsCalculated in order-9`."""
    if not events:
        return said("no event was needed")
    names = [it.type for it in events[:NAMED]]
    if len(events) > NAMED:
        names.append(said("{count:,} more", count=len(events) - NAMED))
    streams = list(dict.fromkeys(it.stream for it in events))
    return said("recorded {names} in {streams}", names=listed(names), streams=listed(streams))


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names or ("",)
    return said("{first} and {last}", first=", ".join(first), last=last) if first else last


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
                title=said("Done{again}: {events}", again=again, events=recorded(events)),
                text=_where(events),
                value=brief(events) or None,
                **_places(events),
            )
        case CommandSettled(outcome=outcome):
            return Result(kind="refused", title=outcome_sentence(outcome), text="", value=None)


def _of_conflict(found: CommandConflict) -> Result:
    return Result(
        kind="conflict",
        title=said("The stream has changed"),
        text=found.reason,
        value=brief(found.between),
    )


def _places(events: Sequence[EventTold]) -> dict[str, Any]:
    stream = events[-1].stream if events else ""
    return {"stream": stream, "positions": tuple(it.position for it in events)}


def _where(events: Sequence[EventTold]) -> str:
    if not events:
        return said("Nothing changed: the state is already as requested.")
    first, last = events[0].position, events[-1].position
    at = (
        said("At position {last:,}", last=last)
        if first == last
        else said("At positions {first:,} to {last:,}", first=first, last=last)
    )
    return said(
        "{at}; the stream is at version {stream_version:,} now.",
        at=at,
        stream_version=events[-1].stream_version,
    )


def _numbered(events: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len(events) == 1:
        return dict(events)
    return {f"{number} {type_}": data for number, (type_, data) in enumerate(events, 1)}


def brief(events: Sequence[EventTold]) -> dict[str, Any]:
    """Events by position and type, with their payload."""
    return {f"{it.position} {it.type}": it.data for it in events}


def but(names: Sequence[str]) -> str:
    """ " but streams and seats_left", or nothing."""
    return said(" but {names}", names=listed(names)) if names else ""
