"""Circles of cause and effect: an event leads to a command, its event to the next, and so on.

Rules that feed each other would never end, so the dispatcher stops a chain of events at a depth
and fails the command that would have made it longer. Source of the danger: Microsoft Azure
Architecture Center, Event Sourcing pattern, "circular logic".
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from replay.history.causality import trail
from store.events import RecordedEvent
from store.interface import EventReader

DEPTH: Final = 32  # events that led to one another, at most
RULE: Final = "depth limit"  # by which the command that goes too far fails
SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An event, and the command that it led to the next event by."""

    event: str
    command: str
    by: str  # the process manager that sent it
    leads_to: str
    position: int  # of the event


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A chain that was stopped. `circle` goes round once, from its first event back to it."""

    command: str  # that was not handled any more
    by: str
    position: int  # of the last event of the chain
    events: int  # how long it was
    circle: tuple[Link, ...]
    reason: str


def too_deep(log: EventReader, event: RecordedEvent) -> str:
    """Why an event may lead to nothing more, with the circle named; empty below the limit."""
    types = [it.event.type for it in trail(log, event).steps if it.event]
    if len(types) < DEPTH:
        return ""
    circle = types[: types.index(types[0], 1) + 1] if types[0] in types[1:] else types
    return f"stopped after {DEPTH} events in a row: " + " → ".join(reversed(circle))


def loops(log: EventReader, *, limit: int = SHOWN) -> list[Loop]:
    """The chains that were stopped, newest first; one for each circle of types."""
    found: dict[tuple[str, ...], Loop] = {}
    for command, outcome in log.beside.commands.stopped(RULE, limit=limit):
        last = log.event_by_id(command.causation_id or "")
        if last is None:
            continue
        events = [it.event for it in trail(log, last).steps if it.event][::-1]
        loop = Loop(
            command=command.type,
            by=command.actor,
            position=last.position,
            events=len(events),
            circle=_circle(events),
            reason=outcome.reason,
        )
        found.setdefault(tuple(sorted({it.event for it in loop.circle})), loop)
    return list(found.values())


def _circle(chain: list[RecordedEvent]) -> tuple[Link, ...]:
    """The last round of a chain (oldest first); all of it where its last type comes but once."""
    types = [it.type for it in chain]
    earlier = [at for at, type_ in enumerate(types[:-1]) if type_ == types[-1]]
    last_round = chain[earlier[-1] :] if earlier else chain
    return tuple(
        Link(
            event=cause.type,
            command=_fact(effect, "command"),
            by=_fact(effect, "user"),
            leads_to=effect.type,
            position=cause.position,
        )
        for cause, effect in pairwise(last_round)
    )


def _fact(event: RecordedEvent, key: str) -> str:
    return str(event.metadata.get(key, ""))
