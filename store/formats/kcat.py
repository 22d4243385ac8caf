"""What `kcat -J` prints: one Kafka record a line, with topic, partition, offset, key and payload.

A stream is the record's key (`topic/key`), since Kafka keeps order only inside a partition and
equal keys share one; without keys it is the partition. Offsets have gaps where a topic is
compacted: states that are folded from what is left may be wrong then, which the report's gaps show.
A record without payload is a tombstone. A payload that is a JSON object names its own id, type and
time by the usual fields; another one is kept as a text. Layout read from kcat 1.7.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from store.reading import fields
from store.reading.epoch_times import of_milliseconds
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Incoming, Record
from store.reading.json_members import elements, is_value, json_object, members
from store.reading.offset_gaps import OffsetGaps
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated
from store.words import said

TOMBSTONE: Final = "Tombstone"
UNTYPED: Final = "Record"
_TYPES: Final = ("type", "eventType", "event_type")
_IDS: Final = ("eventId", "event_id", "id")
_HEADERS: Final = {
    "correlation_id": "correlation_id",
    "correlationid": "correlation_id",
    "causation_id": "causation_id",
    "causationid": "causation_id",
}


def read(source: Source) -> Iterator[Record]:
    """Every record in the file's order, which is by partition and not by time."""
    gaps = OffsetGaps()
    for record in read_stated(source, lambda _record, line: stated(line)):
        yield gaps.told(record) if isinstance(record, Incoming) else record


def stated(line: Mapping[str, str]) -> StatedEvent:
    """One record, by its members as JSON texts. Raises Unusable."""
    topic = fields.required_text(line, "topic")
    partition, offset = fields.number(line, "partition"), fields.number(line, "offset")
    if partition is None or offset is None:
        raise Unusable(said("the record has no partition or no offset"))
    key, headers = _text(line, "key"), _headers(line)
    data, is_opaque = _payload(line.get("payload", "null"))
    told = _said(data)
    return StatedEvent(
        stream=f"{topic}/{key if key is not None else partition}",
        type=TOMBSTONE if line.get("payload", "null") == "null" else _type(told, headers),
        id=_first(told, _IDS),
        key=("kcat", topic, partition, offset),
        data=data,
        metadata=_metadata(headers),
        recorded=_time(fields.number(line, "ts")),
        cursor=f"{topic}/{partition}/{offset}",
        beyond=_beyond(line, partition, offset),
        is_opaque=is_opaque,
    )


def _payload(text: str) -> tuple[str, bool]:
    """The payload as JSON: a text that holds JSON is unfolded. And whether it is opaque."""
    if not text.startswith('"'):
        return text, False
    inner = fields.text({"payload": text}, "payload")
    if inner is None:
        return '""', False
    return (inner, False) if is_value(inner) else (quoted(inner), True)


def _said(data: str) -> Mapping[str, str]:
    return dict(members(data)) if data.lstrip().startswith("{") else {}


def _type(stated: Mapping[str, str], headers: Mapping[str, str]) -> str:
    return _first(stated, _TYPES) or headers.get("ce_type") or headers.get("type") or UNTYPED


def _first(stated: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """The first of these fields that is a text."""
    for name in names:
        if stated.get(name, "").startswith('"') and (found := fields.text(stated, name)):
            return found
    return None


def _headers(line: Mapping[str, str]) -> dict[str, str]:
    """A flat list of names and values; of a name that stands twice the last one."""
    text = line.get("headers", "null")
    if text == "null":
        return {}
    try:
        parts = [it.text for it in elements(text)]
    except ValueError:
        raise Unusable(said("headers are not a list")) from None
    parts = [fields.text({"header": it}, "header") or "" for it in parts]
    return dict(zip(parts[::2], parts[1::2], strict=False))


def _metadata(headers: Mapping[str, str]) -> dict[str, str]:
    ours = {_HEADERS[name]: quoted(it) for name, it in headers.items() if name in _HEADERS}
    return {**{name: quoted(it) for name, it in headers.items()}, **ours}


def _text(line: Mapping[str, str], name: str) -> str | None:
    """A key, which may be any bytes that kcat could print."""
    return fields.text(line, name) if line.get(name, "null").startswith(('"', "null")) else None


def _time(ts_ms: int | None) -> str | None:
    """Milliseconds since 1970; kcat prints -1 where the record has no time."""
    return None if ts_ms is None or ts_ms < 0 else of_milliseconds(ts_ms, "ts")


def _beyond(line: Mapping[str, str], partition: int, offset: int) -> dict[str, str]:
    known = ("topic", "key", "payload", "ts", "headers", "partition", "offset")
    extras = {name: text for name, text in line.items() if name not in known}
    held = {"partition": str(partition), "offset": str(offset), **extras}
    return {"kafka": json_object(held)}


FORMAT: Final = Format(
    name="kcat",
    title=said("Kafka records, as kcat -J prints them"),
    suffixes=(".jsonl",),
    signs=(
        UsualKeys(names=("topic", "partition", "offset", "tstype", "payload"), confidence=0.97),
    ),
    read=read,
    grows_by_lines=True,
)
