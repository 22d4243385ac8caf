"""One decision: what a model answers to a command in a state, as events ready to be recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from msgspec import structs

from replay.commands.situations import DecisionSituation, derived_id
from replay.commands.sound_decision import require_written, sound_events, sound_state
from replay.states.model_set import AnyModel, ModelSet
from replay.states.rule_version import KEY, RuleVersion
from replay.states.typed_fold import Reading
from replay.typed_model import Command, Event, Refused
from replay.words import said
from store import json_text
from store.beside.answers import Answer
from store.beside.commands import IssuedCommand
from store.beside.outbox import Message
from store.errors import StoreError
from store.events import NewEvent
from store.times import Moment, parse_moment


class WrongTime(StoreError):
    hint = said("Write it as 2005-11-02 or 2005-11-02T09:00:00Z.")

    def __init__(self, type_: str, text: str) -> None:
        super().__init__(
            said(
                "{text!r} is not a time at which {type_} can have happened", type_=type_, text=text
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What an accepted command leads to, not yet recorded."""

    stream: str
    version: int  # of the stream it was decided on
    state: Any
    events: tuple[Event, ...]
    after: Any  # the state with the events
    at_us: int  # when it was decided, as the model was told
    asked: tuple[tuple[str, Any, Any], ...] = ()
    read: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rule forbids the command: it leads to no events, and leaves the state as it is."""

    stream: str
    version: int  # of the stream it was decided on
    state: Any
    rule: str  # by name
    reason: str  # for a person


Decision: TypeAlias = Accepted | Refusal


def decided(
    model: AnyModel,
    command: Command,
    *,
    stream: str,
    state: Any,
    version: int,
    situation: DecisionSituation,
) -> Decision:
    """Let the model decide. Raises whatever the model raises, but for Refused; UndeclaredRead,
    UnsoundDecision, UnsoundState, NotJson."""
    try:
        events = sound_events(model, command, model.decide(state, command, situation))
    except Refused as refusal:
        return Refusal(
            stream=stream,
            version=version,
            state=state,
            rule=refusal.rule,
            reason=refusal.reason,
        )
    after = state
    for event in events:
        after = sound_state(model, event, model.evolve(after, event))
    if events:
        require_written(model, after)
    return Accepted(
        stream=stream,
        version=version,
        state=state,
        events=events,
        after=after,
        asked=tuple(situation.asked),
        read=dict(situation.read),
        at_us=situation.now_us,
    )


def new_events(
    models: ModelSet, model: AnyModel, decision: Accepted, command: IssuedCommand, *, now_us: int
) -> list[NewEvent]:
    """The events as they are appended: their ids follow from the command's, so that deciding
    again gives the same ones. Raises WrongTime."""
    reading, rules = models.reading(model), models.rules(model)
    return [
        NewEvent(
            type=type(event).__name__,
            data_json=json_text.encode(event),
            metadata_json=json_text.encode(_metadata(reading, rules, event, decision, command)),
            id=event_id(command.id, number),
            occurred_at_us=occurred.at_us,
            occurred_offset_min=occurred.offset_min,
            links=model.links(event),
        )
        for number, event in enumerate(decision.events, 1)
        for occurred in [_occurred(model, event, now_us)]
    ]


def event_id(command_id: str, number: int) -> str:
    """Of an event that a command led to, counted from 1."""
    return derived_id(command_id, f"event {number}")


def _occurred(model: AnyModel, event: Event, now_us: int) -> Moment:
    """When it happened: as the event says, else now."""
    text = model.occurred(event)
    if text is None:
        return Moment(now_us, 0)
    try:
        return parse_moment(text)
    except ValueError:
        raise WrongTime(type(event).__name__, text) from None


def messages(
    model: AnyModel, events: Sequence[Event], command_id: str, *, last_position: int, now_us: int
) -> list[Message]:
    """What the events make gateways send. They end at `last_position`."""
    first = last_position - len(events) + 1
    found = []
    for at, event in enumerate(events):
        effect = model.effects.get(type(event))
        payload = effect.message(event) if effect else None
        if effect is not None and payload is not None:
            found.append(
                Message(
                    id=derived_id(command_id, f"message {at + 1}"),
                    position=first + at,
                    gateway=effect.gateway,
                    payload_json=json_text.encode(msgspec.to_builtins(payload)),
                    release_at_us=now_us + effect.delay_us,
                )
            )
    return found


def answers(decision: Accepted, events: Sequence[NewEvent], *, now_us: int) -> list[Answer]:
    """What was asked for the decision, kept with its first event."""
    if not events:
        return []
    unique = {
        (gateway, json_text.encode(asked)): answer for gateway, asked, answer in decision.asked
    }
    return [
        Answer(
            event_id=events[0].id,
            gateway=gateway,
            request_json=request,
            answer_json=json_text.encode(answer),
            asked_at_us=now_us,
        )
        for (gateway, request), answer in unique.items()
    ]


def _metadata(
    reading: Reading[Any],
    rules: RuleVersion,
    event: Event,
    decision: Accepted,
    command: IssuedCommand,
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "correlation_id": command.correlation_id,
        "causation_id": command.causation_id or command.id,
        "user": command.actor,
        "command": command.type,
        "command_id": command.id,
        "schema_version": reading.current_version(type(event).__name__),
        KEY: structs.asdict(rules),
    }
    if decision.read:
        facts["read"] = dict(decision.read)
    return facts
