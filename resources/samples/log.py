"""The log a simulation writes: every event numbered, dated, identified and traceable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from resources.samples.rules import Fact, Rules
from resources.samples.simulation import Agenda

S = TypeVar("S")

NAMESPACE: Final = UUID("0d3c2a6e-8f7b-5c11-9a64-2b5f1e7c4d90")
SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Who sent a command, why, and when what it reports happened."""

    user: str
    command_id: str
    causation_id: str  # of the event that led to the command; its own when a person began it
    correlation_id: str
    occurred_at_us: int | None = None  # None: it happens as it is recorded
    offset_min: int = 0  # of the clock on that person's wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A recorded fact."""

    position: int
    stream: str
    version: int
    type: str
    id: str
    occurred_at_us: int
    occurred_offset_min: int
    recorded_at_us: int
    data: Mapping[str, Any]
    metadata: Mapping[str, Any]
    links: tuple[str, ...] = ()


class Log:
    """Appends events at the agenda's now and keeps the state of everything they are about."""

    def __init__(self, name: str, agenda: Agenda) -> None:
        self.events: list[Event] = []
        self._agenda = agenda
        self._namespace = uuid5(NAMESPACE, name)
        self._ids = count(1)
        self._versions: dict[str, int] = {}
        self._states: dict[str, Any] = {}

    def new_id(self) -> str:
        """An id nobody else has, the same one in every run."""
        return str(uuid5(self._namespace, str(next(self._ids))))

    def new_short_id(self) -> str:
        """The end of such an id, for what is only known inside this log."""
        return self.new_id()[-12:]

    def request(
        self,
        user: str,
        *,
        correlation_id: str | None = None,
        occurred_at_us: int | None = None,
        offset_min: int = 0,
    ) -> Cause:
        """A person asks for something, of their own accord."""
        command_id = self.new_short_id()
        return Cause(
            user=user,
            command_id=command_id,
            causation_id=command_id,
            correlation_id=correlation_id or command_id,
            occurred_at_us=occurred_at_us,
            offset_min=offset_min,
        )

    def reaction(
        self,
        user: str,
        event: Event,
        *,
        command_id: str | None = None,
        occurred_at_us: int | None = None,
        offset_min: int = 0,
    ) -> Cause:
        """Something is asked for because of an event, in the same conversation."""
        return Cause(
            user=user,
            command_id=command_id or self.new_short_id(),
            causation_id=event.id,
            correlation_id=event.metadata["correlation_id"],
            occurred_at_us=occurred_at_us,
            offset_min=offset_min,
        )

    def state(self, rules: Rules[S], key: str) -> S:
        """The state behind a stream, or behind the key that several streams share."""
        state: S = self._states[key] if key in self._states else rules.initial()
        return state

    def carry_out(
        self,
        rules: Rules[S],
        command: object,
        cause: Cause,
        *,
        stream: str,
        key: str | None = None,
        links: Iterable[str] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> tuple[Event, ...]:
        """Let the rules decide and append what they say. Raises Refused when they forbid it."""
        key = key or stream
        state = self.state(rules, key)
        facts = rules.decide(state, command)
        for fact in facts:
            state = rules.evolve(state, fact)
        self._states[key] = state
        name = type(command).__name__
        return self.append(stream, facts, cause, command=name, links=links, metadata=metadata)

    def append(
        self,
        stream: str,
        facts: Sequence[Fact],
        cause: Cause,
        *,
        command: str,
        links: Iterable[str] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> tuple[Event, ...]:
        """Record facts in order, at one moment, as the outcome of one command."""
        trace = _trace(cause, command) | dict(metadata or {})
        events = [self._event(stream, fact, cause, trace, tuple(links)) for fact in facts]
        return tuple(events)

    def _event(
        self, stream: str, fact: Fact, cause: Cause, trace: dict[str, Any], links: tuple[str, ...]
    ) -> Event:
        now_us = self._agenda.now_us
        occurred_at_us = now_us if cause.occurred_at_us is None else cause.occurred_at_us
        self._versions[stream] = self._versions.get(stream, 0) + 1
        event = Event(
            position=len(self.events) + 1,
            stream=stream,
            version=self._versions[stream],
            type=fact.type,
            id=self.new_id(),
            occurred_at_us=occurred_at_us,
            occurred_offset_min=cause.offset_min,
            recorded_at_us=now_us,
            data=fact.data,
            metadata=trace,
            links=links,
        )
        self.events.append(event)
        return event


def _trace(cause: Cause, command: str) -> dict[str, Any]:
    return {
        "correlation_id": cause.correlation_id,
        "causation_id": cause.causation_id,
        "user": cause.user,
        "command": command,
        "command_id": cause.command_id,
        "schema_version": SCHEMA_VERSION,
    }
