"""Write events as CloudEvents 1.0, so that reading them gives back every column.

Each event is written with standard attributes and read back at once; where a column came
back different, its value is added in the extension `foldline`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from msgspec.json import Encoder

from store.by_weight import by_weight
from store.events import RecordedEvent
from store.provenance import composed, dated_here, marks_of, not_given_back
from store.reading.cloudevents_read import (
    BATCH_NAME,
    KEPT,
    NAME,
    OWN_SCOPE,
    POSITION,
    Kept,
    incoming,
    without_times,
)
from store.reading.fields import Unusable, quoted
from store.reading.format import Incoming, Outgoing
from store.reading.json_members import json_object, members, one_line
from store.reading.json_records import RawRecord
from store.reading.stated_times import COLUMNS
from store.times import format_moment

LINES_AT_ONCE: Final = 500
_encoder: Final = Encoder()
_NOWHERE: Final = RawRecord(0, 0, b"")


def write_lines(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One event a line."""
    written, texts = 0, (_text(it, NAME) for it in events)
    for batch in by_weight(texts, len, most=LINES_AT_ONCE):
        file.write("".join(f"{text}\n" for text in batch).encode())
        written += len(batch)
    return written


def write_batch(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One JSON array."""
    written = 0
    file.write(b"[")
    for text in (_text(it, BATCH_NAME) for it in events):
        file.write((",\n" if written else "\n").encode() + text.encode())
        written += 1
    file.write(b"\n]\n")
    return written


def _text(outgoing: Outgoing, name: str) -> str:
    attributes, read_back = _read_back(outgoing.event)
    data = {name: attributes.pop(name) for name in ("data", "data_base64") if name in attributes}
    kept = _encoder.encode(Kept(**dict(_lost(outgoing, read_back, name)))).decode()
    if kept != "{}":
        attributes[KEPT] = quoted(kept)
    return json_object(attributes | data)


def _read_back(event: RecordedEvent) -> tuple[dict[str, str], Incoming]:
    """The attributes of an event, and what a reader makes of them.

    An event whose source or metadata only look like ours goes out without their help.
    """
    facts, metadata = _facts(event), _members(event.metadata_json)
    try:
        attributes = _attributes(event, facts, metadata)
        return attributes, incoming(_NOWHERE, attributes, versions_from=1)
    except Unusable:
        attributes = _attributes(event, {}, {})
        return attributes, incoming(_NOWHERE, attributes, versions_from=1)


def _attributes(
    event: RecordedEvent, facts: dict[str, str], metadata: dict[str, str]
) -> dict[str, str]:
    """The standard attributes, and those that the event came with."""
    extras, absent = _members(facts.get("extras")), facts.get("absent", "")
    attributes = {
        "specversion": extras.pop("specversion", '"1.0"'),
        "id": facts.get("origin_id", quoted(event.id)),
        "source": facts.get("origin_scope", quoted(OWN_SCOPE)),
        "type": quoted(event.type),
    }
    if "subject" not in absent:
        attributes["subject"] = extras.pop("subject", quoted(event.stream))
    attributes |= _times(event, facts)
    attributes["sequence"] = extras.pop("sequence", f'"{event.version}"')
    attributes[POSITION] = f'"{event.position}"'
    for theirs, ours in (("correlationid", "correlation_id"), ("causationid", "causation_id")):
        if metadata.get(ours, "").startswith('"'):
            attributes[theirs] = metadata[ours]
    return attributes | extras | _data(event, facts, absent)


def _facts(event: RecordedEvent) -> dict[str, str]:
    """The members of the event's source, when it came as a CloudEvent."""
    facts = _members(event.source_json)
    return facts if facts.get("format") in (f'"{NAME}"', f'"{BATCH_NAME}"') else {}


def _members(text: str | None) -> dict[str, str]:
    """Of what should be an object, on one line; empty when it is none."""
    try:
        return {} if text is None else dict(members(one_line(text)))
    except ValueError:
        return {}


def _times(event: RecordedEvent, facts: dict[str, str]) -> dict[str, str]:
    """RFC 3339 wants an offset, so a naive time goes out as UTC. Times that the event got when it
    was imported stay here."""
    if dated_here(event.source_json):
        return {}
    times = {"time": _stamp(facts.get("raw_time"), event.occurred_at_us, event.occurred_offset_min)}
    occurred = (event.occurred_at_us, event.occurred_offset_min)
    if (
        "raw_recorded_time" in facts
        or (event.recorded_at_us, event.recorded_offset_min) != occurred
    ):
        raw = facts.get("raw_recorded_time")
        times["recordedtime"] = _stamp(raw, event.recorded_at_us, event.recorded_offset_min)
    return times


def _stamp(raw: str | None, at_us: int, offset_min: int | None) -> str:
    return raw or f'"{format_moment(at_us, offset_min or 0)}"'


def _data(event: RecordedEvent, facts: dict[str, str], absent: str) -> dict[str, str]:
    if facts.get("data_encoding") == '"base64"':
        return {"data_base64": _members(event.data_json).get("data_base64", '""')}
    return {} if "data" in absent else {"data": one_line(event.data_json)}


def _lost(outgoing: Outgoing, read_back: Incoming, name: str) -> Iterator[tuple[str, Any]]:
    """The columns that standard attributes do not give back."""
    event, found = outgoing.event, read_back.event
    columns = _UNDATED if dated_here(event.source_json) else _COLUMNS
    changed = [it for it in columns if getattr(event, it) != getattr(found, it)]
    stated = read_back.version if read_back.version != event.version else None
    origin = without_times(read_back.origin, changed)
    source = composed(
        name,
        beyond=read_back.beyond,
        prior=None,
        origin=not_given_back(origin, position=event.position, event=found),
        origin_version=stated,
        marks=marks_of(event.source_json),
    )
    if source != event.source_json:
        yield "version", event.version
        yield "source_json", event.source_json
    if read_back.stream != event.stream:
        yield "stream", event.stream
    if outgoing.links:
        yield "links", outgoing.links
    for column in changed:
        yield column, getattr(event, column)


_UNDATED: Final = ("id", "data_json", "metadata_json")
_COLUMNS: Final = (*_UNDATED, *COLUMNS)
