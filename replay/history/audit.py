"""Who did what, when, by which command, under which rules: one entry an event; and the event that
gave a field of a state the value it has.
"""

from typing import Any

from msgspec import Struct

from replay.history.causality import Step, correlation_of, trail
from replay.states.field_history import FieldFold
from replay.states.field_path import parse_path
from replay.states.model import Model
from replay.states.rule_version import RuleVersion, applied_rules
from replay.states.state_part import ABSENT
from replay.words import said
from store.errors import StoreError
from store.events import RecordedEvent
from store.interface import EventReader


class AuditEntry(Struct, frozen=True, kw_only=True):
    """One event, and what it is owed to. Empty text where the log does not say."""

    position: int
    stream: str
    version: int
    type: str
    event_id: str
    recorded_at: str
    occurred_at: str
    who: str
    command: str  # that led to it: its own, or the nearest one along its causes
    command_id: str
    rules: RuleVersion | None  # None: recorded before events said so, or elsewhere
    correlation_id: str
    causation_id: str


class FieldValue(Struct, frozen=True, kw_only=True):
    """What a field of a state is, and the event that made it so."""

    stream: str
    path: str
    value: Any
    entry: AuditEntry


class NoSuchField(StoreError):
    hint = said("Print the state with: main.py state STORE STREAM")

    def __init__(self, path: str, stream: str) -> None:
        super().__init__(said("no event has set {path} of {stream}", path=path, stream=stream))


def audit_entry(log: EventReader, event: RecordedEvent) -> AuditEntry:
    """Of one event. Follows causes until one names a command."""
    metadata = event.metadata
    command, command_id = _command(log, event)
    return AuditEntry(
        position=event.position,
        stream=event.stream,
        version=event.version,
        type=event.type,
        event_id=event.id,
        recorded_at=event.recorded_at,
        occurred_at=event.occurred_at,
        who=str(metadata.get("user", "")),
        command=command,
        command_id=command_id,
        rules=applied_rules(metadata),
        correlation_id=correlation_of(event),
        causation_id=str(metadata.get("causation_id", "")),
    )


def field_value(
    log: EventReader, model: Model[Any], stream: str, path: str, *, until: int
) -> FieldValue:
    """The value of a field as of a position, by the event that changed it last. `path` is as
    replay.states.field_path reads it. Raises NoSuchField, WrongPath."""
    fold, giver = FieldFold(model, parse_path(path)), 0
    stated = log.stream_payloads(stream, until=until)
    for _, position, _ in fold.changes((it.position, it) for it in stated):
        giver = position
    event = log.event(giver)
    if event is None or fold.value is ABSENT:
        raise NoSuchField(path, stream)
    return FieldValue(stream=stream, path=path, value=fold.value, entry=audit_entry(log, event))


def _command(log: EventReader, event: RecordedEvent) -> tuple[str, str]:
    """Name and id of the command nearest along the causes."""
    for step in trail(log, event).steps:
        if step.command is not None:
            return step.command, _id_of(step)
        if step.event is None:
            issued, _ = log.beside.commands.find(step.id)
            if issued is not None:
                return issued.type, issued.id
    return "", ""


def _id_of(step: Step) -> str:
    return "" if step.event is None else str(step.event.metadata.get("command_id", ""))
