"""The event types of a category with samples: what a person looks at while teaching."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from replay.states.field_path import parse_path
from replay.taught.paths import path_words
from replay.taught.steps import WrongTeaching
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.interface import EventReader

STREAMS: Final = 300  # that are looked into, spread over all of the category
EVENTS: Final = 200  # of each
SAMPLES: Final = 5  # of a type
DEEPEST: Final = 4  # keys of a path
MOST_FIELDS: Final = 200  # of a type


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledField:
    """A field of the data of a type; of the entries of a list with `[]` behind the list."""

    path: str  # as an expression names it
    kinds: tuple[str, ...]  # text, number, true or false, null, object, list
    count: int  # events that have it
    sample: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledType:
    """A type of event, as far as the streams that were looked into have it."""

    name: str
    count: int
    samples: tuple[Any, ...]  # data of different events, as JSON values
    fields: tuple[SampledField, ...]  # in the order in which they were met
    has_more_fields: bool = False  # than are told here


@dataclass(slots=True)
class _Tally:
    count: int = 0
    samples: list[Any] = field(default_factory=list)
    fields: dict[str, tuple[Counter[str], set[int], Any]] = field(default_factory=dict)
    has_more_fields: bool = False


def streams_of(log: EventReader, category: str) -> list[str]:
    """Every stream of a category, by name. Raises WrongTeaching where there is none."""
    found = sorted(it for it in log.stream_names() if it.startswith(f"{category}-"))
    if not found:
        raise WrongTeaching(said("no stream is named {category}-…", category=category))
    return found


def looked_into(log: EventReader, category: str) -> str:
    """A sentence where not every event of the category is looked into; else empty."""
    lengths = [it for name, it in log.stream_lengths() if name.startswith(f"{category}-")]
    if len(lengths) <= STREAMS and max(lengths, default=0) <= EVENTS:
        return ""
    streams = min(len(lengths), STREAMS)
    return said(
        "{streams:,} of {count:,} streams were sampled, the first {events:,} events of each",
        streams=streams,
        count=len(lengths),
        events=EVENTS,
    )


def type_samples(log: EventReader, category: str) -> tuple[SampledType, ...]:
    """In the order in which the types were met. Raises WrongTeaching where there is no stream of
    the category."""
    names = streams_of(log, category)
    step = max(1, len(names) // STREAMS)
    tallies: dict[str, _Tally] = {}
    for stream in names[::step][:STREAMS]:
        for event in log.read_stream(stream, limit=EVENTS):
            tally = tallies.setdefault(event.type, _Tally())
            tally.count += 1
            _note(tally, event.data_json)
    return tuple(_told(name, it) for name, it in tallies.items())


def _note(tally: _Tally, text: str) -> None:
    try:
        data = json_text.decode(text)
    except ValueError:
        return
    if len(tally.samples) < SAMPLES and data not in tally.samples:
        tally.samples.append(data)
    for path, value in _fields(data, "", 0):
        if path not in tally.fields and len(tally.fields) >= MOST_FIELDS:
            tally.has_more_fields = True
            continue
        kinds, events, _ = tally.fields.setdefault(path, (Counter(), set(), value))
        kinds[kind_of(value)] += 1
        events.add(tally.count)


def _fields(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if path:
        yield path, value
    if depth >= DEEPEST:
        return
    if isinstance(value, dict):
        for name, it in value.items():
            yield from _fields(it, _joined(path, _written(name)), depth + 1)
    elif isinstance(value, list):
        for it in value:
            yield from _fields(it, f"{path}[]", depth + 1)


def _written(name: str) -> str:
    """A name as an expression can name it."""
    try:
        is_plain = parse_path(name) == (name,) and "×" not in name and " * " not in name
    except StoreError:
        is_plain = False
    return name if is_plain and name != path_words(()) else f"[{json_text.encode(name)}]"


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and not name.startswith("[") else f"{path}{name}"


def kind_of(value: Any) -> str:
    """What a JSON value is, in a person's words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return "object"
    return "list" if isinstance(value, list) else "number"


def _told(name: str, it: _Tally) -> SampledType:
    return SampledType(
        name=name,
        count=it.count,
        samples=tuple(it.samples),
        fields=tuple(
            SampledField(path=path, kinds=tuple(kinds), count=len(events), sample=sample)
            for path, (kinds, events, sample) in it.fields.items()
        ),
        has_more_fields=it.has_more_fields,
    )
