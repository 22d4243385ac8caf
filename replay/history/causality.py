"""Why an event happened: the chain of causes behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from replay.history.causation_index import CausationIndex
from replay.words import said
from store.errors import StoreError
from store.events import RecordedEvent
from store.interface import EventReader

LONGEST: Final = 100  # causes followed at most


class NoSuchEvent(StoreError):
    hint = said("`main.py info STORE` shows the newest position.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of the chain: an event, or what its causation id names when it is no event here."""

    id: str
    event: RecordedEvent | None
    command: str | None  # that led to the event, as its metadata says
    user: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The chain from an event back to its first cause."""

    steps: tuple[Step, ...]  # the event itself first
    is_circular: bool  # the ids lead back to one already met: a fault in the log
    is_cut: bool  # there are causes before the last step
    correlation_id: str | None


def event_at(log: EventReader, position: int) -> RecordedEvent:
    """Raises NoSuchEvent."""
    event = log.event(position)
    if event is None:
        raise NoSuchEvent(said("there is no event at position {position}", position=position))
    return event


def correlation_of(event: RecordedEvent) -> str:
    """The id of the conversation that the event belongs to; one without is the first of its own."""
    return str(event.metadata.get("correlation_id", event.id))


def trail(log: EventReader, event: RecordedEvent) -> Trail:
    """Follow causation ids back from an event until they leave the log.

    Source of the convention: metadata `causation_id` names the event or command that caused
    this one, `correlation_id` the whole conversation.
    """
    steps = list(_steps(log, event))
    seen = dict.fromkeys(step.id for step in steps)
    correlation_id = _text(event.metadata, "correlation_id")
    return Trail(
        steps=tuple(steps[: len(seen)]),
        is_circular=len(seen) < len(steps),
        correlation_id=correlation_id,
        is_cut=len(seen) == LONGEST and _is_caused(steps[-1]),
    )


def first_effect(index: CausationIndex, event: RecordedEvent) -> RecordedEvent | None:
    """The first event behind it that an event led to; None when there is none."""
    return next(index.caused_by(event.id, after=event.position), None)


def _steps(log: EventReader, event: RecordedEvent) -> Iterator[Step]:
    """The chain; the first repeated id ends it, and is given so that the circle shows."""
    met: set[str] = set()
    current: RecordedEvent | None = event
    id_: str | None = event.id
    while id_ is not None and len(met) < LONGEST:
        metadata = current.metadata if current else {}
        command, user = _text(metadata, "command"), _text(metadata, "user")
        yield Step(id=id_, event=current, command=command, user=user)
        if id_ in met or current is None:
            return
        met.add(id_)
        id_ = _text(metadata, "causation_id")
        current = log.event_by_id(id_) if id_ is not None else None


def _is_caused(step: Step) -> bool:
    return step.event is not None and step.event.metadata.get("causation_id") is not None


def _text(metadata: dict[str, Any], key: str) -> str | None:
    value = metadata.get(key)
    return None if value is None else str(value)
