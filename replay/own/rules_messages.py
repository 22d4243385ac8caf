"""What a process that folds standing rules says of events, in rows of `own_messages.Write`."""

from typing import TypeAlias

import msgspec
from msgspec import Struct

from replay.own.own_messages import Entry, Value, Write
from replay.rules.rules_tables import RulesTables
from replay.rules.stream_rules import StoredStream
from store import json_text
from store.events import RecordedEvent


class Broken(Struct, frozen=True, array_like=True, tag=True):
    """A rule is broken from this event on."""

    rule: str
    stream: str
    value: str  # JSON


class Mended(Struct, frozen=True, array_like=True, tag=True):
    """It was, since a position, until this event."""

    rule: str
    stream: str
    since: int


class Problem(Struct, frozen=True, array_like=True, tag=True):
    """A rule, or with an empty name the model, raised at this event."""

    rule: str
    stream: str
    what: str


class Kind(Struct, frozen=True, array_like=True, tag=True):
    """What stands where a rule looks."""

    rule: str
    path: str
    kind: str
    stream: str


Told: TypeAlias = Broken | Mended | Problem | Kind


def written(told: Told) -> Write:
    """It as a row."""
    values: list[Value] = msgspec.to_builtins(told)
    return Write(values)


def tell(write: Write, event: RecordedEvent, tables: RulesTables) -> None:
    """Do what a row says. Raises ValidationError, ValueError for one that says nothing."""
    told: Told = msgspec.convert(write.values, Told)
    match told:
        case Broken(rule, stream, value):
            json_text.decode(value)
            tables.broken(rule, stream, event, value)
        case Mended(rule, stream, since):
            tables.mended(rule, stream, since, event)
        case Problem(rule, stream, what):
            tables.problem(rule, stream, event.position, what)
        case Kind(rule, path, kind, stream):
            tables.kind(rule, path, kind, stream, event)


def kept_as(stream: str, it: StoredStream) -> Entry:
    """What is to be kept of a stream."""
    return Entry(stream, json_text.encode([it.model, it.state, it.broken_since, it.problem]))


def values_of(it: StoredStream) -> list[Value]:
    """The same, for a process that asks for it."""
    return [it.model, it.state, it.broken_since, it.problem]


def kept_in(entry: Entry) -> StoredStream:
    """Raises ValidationError, ValueError for an entry that cannot be kept."""
    values = json_text.decode(entry.text or "null")
    model, state, broken_since, problem = msgspec.convert(values, tuple[str, str, str, str])
    json_text.decode(state)
    json_text.decode(broken_since)
    return StoredStream(model, state, broken_since, problem)
