"""What the Event tab tells of an event, and in which order."""

from dataclasses import dataclass
from typing import Any

from gui.viewmodels.event_rows import span_text
from gui.viewmodels.inspector import Inspection
from gui.viewmodels.time_text import full_time_text
from gui.words import counted, said
from replay.history.causality import Step
from replay.states.meaning import Meaning
from replay.states.rule_version import applied_rules
from store import json_text
from store.events import RecordedEvent
from store.inferred.mark import mark_of
from store.provenance import dated_here


@dataclass(frozen=True, slots=True)
class EventFact:
    """A label and its value. `link` is a position to go to, as text; empty where there is none."""

    label: str
    value: str
    link: str = ""


def facts(inspection: Inspection) -> list[EventFact]:
    """Position, place, times, who and why, and where it came from."""
    event = inspection.event
    if event is None:
        return []
    told = [
        EventFact("type", event.type),
        EventFact("position", f"{event.position:,}"),
        EventFact("stream", event.stream),
        EventFact("version", f"{event.version:,}"),
        EventFact(said("recorded at"), event.recorded_at + _claim(inspection) + _dated(event)),
        EventFact(said("occurred at"), event.occurred_at + _lateness(inspection) + _dated(event)),
        EventFact("id", event.id),
    ]
    told += [EventFact(said("also in"), name) for name in inspection.links]
    told += _inferred(event)
    told += _taken_back(inspection)
    if inspection.keys_twice:
        names = ", ".join(map(repr, inspection.keys_twice))
        told.append(
            EventFact(
                said("duplicate keys"),
                said("{names}: states use the last value, SQL the first", names=names),
            )
        )
    return [*told, *_audit(inspection), *_meaning(inspection.meaning), *_origin(event.source)]


def upcast_text(inspection: Inspection) -> str:
    """The payload in its current shape as JSON; empty when it is stored in that shape."""
    meaning = inspection.meaning
    return "" if meaning is None or meaning.upcast is None else json_text.encode(meaning.upcast)


def _claim(inspection: Inspection) -> str:
    """That a recorded-at is one that others claim and that cannot be, and when the event came."""
    came_us = inspection.came_us
    return (
        ""
        if came_us is None
        else said(" · claimed: it arrived {came_us}", came_us=full_time_text(came_us))
    )


def _dated(event: RecordedEvent) -> str:
    """That a time is that of the import, since the file states none."""
    return said(" · set here: it arrived without a time") if dated_here(event.source_json) else ""


def _inferred(event: RecordedEvent) -> list[EventFact]:
    """That nobody recorded it: it follows from two states of a table."""
    mark = mark_of(event.metadata_json)
    if mark is None:
        return []
    if not mark.before:
        text = said("from {after}, the first state of {table}", after=mark.after, table=mark.table)
    else:
        text = said("from {before} and {after}", before=mark.before, after=mark.after)
    return [EventFact(said("inferred"), text)]


def _taken_back(inspection: Inspection) -> list[EventFact]:
    """What the event compensates, and what compensates it."""
    pairs = (
        (said("undoes"), inspection.takes_back),
        (said("undone by"), inspection.taken_back_by),
    )
    return [
        EventFact(
            label,
            said("{type} at {position:,}", type=it.type, position=it.position),
            link=str(it.position),
        )
        for label, it in pairs
        if it is not None
    ]


def _meaning(meaning: Meaning | None) -> list[EventFact]:
    """What the model says: how it reads it, which rules applied, who is told."""
    if meaning is None:
        return []
    told = [EventFact("model", meaning.model)]
    if meaning.unread:
        told.append(EventFact(said("not read"), meaning.unread))
    if meaning.retired:
        told.append(EventFact("retired", meaning.retired))
    if len(meaning.steps) > 1:
        told.append(EventFact("upcast", " → ".join(meaning.steps)))
    if meaning.processing:
        kept = (f"{name} {json_text.encode(value)}" for name, value in meaning.processing)
        told.append(EventFact(said("stored to step back"), ", ".join(kept)))
    told += [EventFact("rule", rule) for rule in meaning.rules]
    if meaning.gateway:
        told.append(
            EventFact(
                said("sends to"), said("the gateway {gateway}, when live", gateway=meaning.gateway)
            )
        )
    return told


def _lateness(inspection: Inspection) -> str:
    """How long after it happened it was recorded, where that differs."""
    event = inspection.event
    if event is None or event.recorded_at_us == event.occurred_at_us:
        return ""
    late_us = event.recorded_at_us - event.occurred_at_us
    word = said("before it was recorded") if late_us > 0 else said("after it was recorded")
    return f"  ({span_text(abs(late_us))} {word})"


def _audit(inspection: Inspection) -> list[EventFact]:
    """Who, by which command, and the chain of causes back to the first."""
    event, trail = inspection.event, inspection.trail
    if event is None or trail is None:
        return []
    metadata = event.metadata
    told = [
        EventFact(label, _text(metadata[key]))
        for label, key in (
            ("user", "user"),
            ("command", "command"),
            ("correlation", "correlation_id"),
            ("schema", "schema_version"),
        )
        if metadata.get(key) is not None
    ]
    if (rules := applied_rules(metadata)) is not None:
        told.append(EventFact(said("decided by"), rules.words))
    told += [
        EventFact(said("cause") if at == 1 else "", _step(step), _link(step))
        for at, step in enumerate(trail.steps)
        if at
    ]
    if trail.is_circular:
        told.append(EventFact("", said("the chain of causes is circular")))
    elif trail.is_cut:
        nearest = counted(
            "the nearest cause; there are earlier ones",
            "the nearest {count:,} causes; there are earlier ones",
            len(trail.steps) - 1,
        )
        told.append(EventFact("", nearest))
    return told


def _step(step: Step) -> str:
    if step.event is None:
        return said("{id} (a command, or an event of another system)", id=step.id)
    return said("{type} at {position:,}", type=step.event.type, position=step.event.position)


def _link(step: Step) -> str:
    return "" if step.event is None else str(step.event.position)


def _origin(source: dict[str, Any] | None) -> list[EventFact]:
    """What the format of origin said beyond our record."""
    return [
        EventFact(said("source {key}", key=key), _text(value))
        for key, value in (source or {}).items()
    ]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json_text.encode(value)
