"""What Kafka's own `kafka-console-consumer` prints: one record a line, its parts behind tabs.

Which parts stand there is what it was asked for: `CreateTime:…`, `Partition:…`, `Offset:…`, the
headers, the key, and the value last. The first line says so for all. The topic is not told, so
streams are `kafka/KEY`. A value `null` is a tombstone, as at `kcat`. Layout read from the source of
Kafka 3.7, ConsoleConsumer's DefaultMessageFormatter.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from store.formats import kcat
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record
from store.reading.json_records import RawRecord, rejected
from store.reading.offset_gaps import OffsetGaps
from store.reading.signs import Text
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.words import said

NAME: Final = "kafka-console"
TOPIC: Final = "kafka"  # which the file does not name
NULL: Final = "null"
NO_HEADERS: Final = "NO_HEADERS"
_PARTS: Final = (  # in this order, each of which may be missing
    ("ts", re.compile(r"(?:CreateTime|LogAppendTime):(-?\d{1,18})|NO_TIMESTAMP")),
    ("partition", re.compile(r"Partition:(\d{1,18})")),
    ("offset", re.compile(r"Offset:(\d{1,18})")),
)
_HEADERS: Final = re.compile(r"[^\s:,]+:[^,]*(?:,[^\s:,]+:[^,]*)*")


class _Line(NamedTuple):
    """The parts of a line, those that are missing left out."""

    told: dict[str, str]
    rest: list[str]


def read(source: Source) -> Iterator[Record]:
    """Every record in the file's order."""
    gaps, parts = OffsetGaps(), None
    for line in source.lines():
        if line.text.isspace():
            continue
        record = RawRecord(*line)
        try:
            found = _parted(_text(record))
            parts = parts or found.told.keys()
            if found.told.keys() != parts:
                raise Unusable(said("the line does not have the parts that the first one has"))
            event = incoming(record._replace(text=b""), _stated(record, found))
        except Unusable as reason:
            yield rejected(record, reason)
        else:
            yield gaps.told(event)


def _text(record: RawRecord) -> str:
    try:
        return record.text.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        at = record.offset + error.start
        raise Unusable(said("byte {offset} is not valid UTF-8", offset=at)) from None


def _parted(text: str) -> _Line:
    rest, told = text.split("\t"), dict[str, str]()
    for name, pattern in _PARTS:
        if len(rest) > 1 and (found := pattern.fullmatch(rest[0])):
            told[name] = found[1] or NULL
            del rest[0]
    return _Line(told, rest)


def _stated(record: RawRecord, line: _Line) -> StatedEvent:
    """As kcat would have printed it. A line without its place counts as the place that it has."""
    headers, key, value = _meaning(line.rest)
    found = {
        "topic": quoted(TOPIC),
        "partition": line.told.get("partition", "0"),
        "offset": line.told.get("offset", str(record.number - 1)),
        "ts": line.told.get("ts", NULL),
        "key": NULL if key is None else quoted(fields.storable(key, "key")),
        "payload": NULL if value == NULL else quoted(value),
        **({"headers": _flat(headers)} if headers else {}),
    }
    return kcat.stated(found)


def _meaning(rest: list[str]) -> tuple[Mapping[str, str], str | None, str]:
    """Headers, key and value: the value is the last, and the key stands before it."""
    headers: dict[str, str] = {}
    if len(rest) > 2 and (rest[0] == NO_HEADERS or _HEADERS.fullmatch(rest[0])):
        pairs = [] if rest[0] == NO_HEADERS else [it.partition(":") for it in rest[0].split(",")]
        headers, rest = {name: text for name, _, text in pairs}, rest[1:]
    if len(rest) == 1:
        return headers, None, rest[0]
    return headers, None if rest[0] == NULL else rest[0], "\t".join(rest[1:])


def _flat(headers: Mapping[str, str]) -> str:
    """As kcat writes them: a list of names and values."""
    return f"[{','.join(quoted(it) for pair in headers.items() for it in pair)}]"


FORMAT: Final = Format(
    name=NAME,
    title=said("Kafka records, as kafka-console-consumer prints them"),
    suffixes=(".txt",),
    signs=(
        Text(
            starts=(b"CreateTime:", b"LogAppendTime:", b"NO_TIMESTAMP\t", b"Partition:"),
            holds=(b"\t",),
            confidence=0.96,
        ),
    ),
    read=read,
)
