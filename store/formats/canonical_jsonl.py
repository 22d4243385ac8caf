"""Foldline's own format: one event a line, every column of the log, payloads byte for byte.

A line holds, in this order: position, stream, stream_version, type, id, occurred_at,
recorded_at, data, metadata, and where there are any links and source. A payload with line
breaks is put on one line; then "verbatim" holds its text as it was. Reading takes any order,
needs only stream and type, and keeps unknown members in the event's source. Times that an event
did not come with are left out again.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

from store import json_text
from store.by_weight import by_weight
from store.events import NewEvent, RecordedEvent
from store.provenance import dated_here
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Incoming, Outgoing, Record
from store.reading.identity import minted_id
from store.reading.json_members import is_value, json_object, one_line
from store.reading.json_records import (
    RawRecord,
    members_of,
    records,
    rejected,
    remarks_on_names,
)
from store.reading.json_stream import LONGEST_LINE
from store.reading.losses import TIMES_OF_IMPORT
from store.reading.remarks import Remark
from store.reading.signs import Keys
from store.reading.source import Source
from store.reading.stated_times import stated_times
from store.times import format_moment
from store.words import said

NAME: Final = "canonical"
LINES_AT_ONCE: Final = 1_000
NAMES: Final = frozenset(
    {"position", "stream", "stream_version", "type", "id", "occurred_at", "recorded_at"}
    | {"data", "metadata", "links", "source"}
)
_USUAL: Final = (
    *("stream", "type", "data", "metadata"),
    *("occurred_at", "recorded_at", "stream_version"),
)
_NOTHING: Final = Raw(b"{}")


class _Line(Struct, forbid_unknown_fields=True, gc=False, kw_only=True):
    """A line with no surprises; every other one takes the slower way."""

    stream: str
    type: str
    id: str
    position: int | None = None
    stream_version: int | None = None
    occurred_at: str | None = None
    recorded_at: str | None = None
    data: Raw = _NOTHING
    metadata: Raw = _NOTHING


_decoder: Final = Decoder(_Line)


def read(source: Source) -> Iterator[Record]:
    """Every line as an event or a rejection."""
    for record in records(source):
        try:
            event = _plain(record)
        except (DecodeError, UnicodeDecodeError, RecursionError):
            event = None
        yield event or _with_care(record)


def _plain(record: RawRecord) -> Incoming | None:
    """The event of a well-formed line; None when it takes a closer look."""
    line = _decoder.decode(record.text)
    data, metadata = bytes(line.data).decode(), bytes(line.metadata).decode()
    version = line.stream_version
    is_usual = line.stream and line.type and line.id and metadata.startswith("{")
    if (
        not is_usual
        or len(record.text) > LONGEST_LINE
        or _may_repeat(record.text, line, data, metadata)
    ):
        return None
    if version is not None and not -fields.LARGEST_NUMBER <= version <= fields.LARGEST_NUMBER:
        return None
    try:
        times = stated_times(line.occurred_at, line.recorded_at)
    except Unusable:
        return None
    return Incoming(
        stream=line.stream,
        event=NewEvent(
            type=line.type,
            data_json=data,
            metadata_json=metadata,
            id=line.id,
            occurred_at_us=times.occurred_at_us,
            occurred_offset_min=times.occurred_offset_min,
            recorded_at_us=times.recorded_at_us,
            recorded_offset_min=times.recorded_offset_min,
        ),
        line=record.number,
        offset=record.offset,
        version=version,
        origin=times.origin(line.position),
        has_naive_time=times.has_naive,
    )


def _may_repeat(text: bytes, line: _Line, data: str, metadata: str) -> bool:
    """Whether a member may stand twice: there are more quotes than the names and texts of the line
    have. Escaped ones, or a null, only take it the slower way."""
    texts = 3 + (line.occurred_at is not None) + (line.recorded_at is not None)
    others = (line.position is not None) + (line.stream_version is not None)
    others += (line.data is not _NOTHING) + (line.metadata is not _NOTHING)
    inner = data.count('"') + metadata.count('"')
    return text.count(b'"') - inner != 4 * texts + 2 * others


def _with_care(record: RawRecord) -> Record:
    try:
        return incoming_of(record, members_of(record), remarks_on_names(record))
    except Unusable as reason:
        return rejected(record, reason)


def incoming_of(
    record: RawRecord, members: Mapping[str, str], remarks: tuple[Remark, ...] = ()
) -> Incoming:
    """The event of a line with unknown, missing or wrong members, each as JSON. Raises Unusable."""
    stream = fields.required_text(members, "stream")
    verbatim = _verbatim(members)
    metadata = fields.object_text(members, "metadata") or "{}"
    source = fields.object_text(members, "source")
    id_, id_note = _id(record, members)
    occurred, recorded = fields.text(members, "occurred_at"), fields.text(members, "recorded_at")
    times = stated_times(occurred, recorded)
    known = NAMES | {"verbatim"} if verbatim else NAMES
    extras = {name: text for name, text in members.items() if name not in known}
    noted = f'"extras":{json_object(extras)}' if extras else ""
    return Incoming(
        stream=stream,
        event=NewEvent(
            type=fields.required_text(members, "type"),
            data_json=verbatim.get("data", members.get("data", "{}")),
            metadata_json=verbatim.get("metadata", metadata),
            id=id_,
            source_json=verbatim.get("source", source),
            links=fields.names(members, "links"),
            **times.columns,
        ),
        line=record.number,
        offset=record.offset,
        version=fields.number(members, "stream_version"),
        origin=times.origin(fields.number(members, "position")),
        beyond=",".join(filter(None, (id_note, noted))),
        has_minted_id=not _has_id(members),
        has_naive_time=times.has_naive,
        remarks=remarks,
    )


def _has_id(members: Mapping[str, str]) -> bool:
    return members.get("id", "null") not in ("null", '""')


def _id(record: RawRecord, members: Mapping[str, str]) -> tuple[str, str]:
    """The event's id, and a note when the file's is a number."""
    if not _has_id(members):
        stream, version = members["stream"], members.get("stream_version")
        if version is not None:
            return minted_id(NAME, stream, version), ""
        return minted_id(NAME, record.number, record.text.decode().strip()), ""
    if members["id"].isdigit():
        return members["id"], f'"origin_id":{members["id"]}'
    return fields.required_text(members, "id"), ""


def _verbatim(members: Mapping[str, str]) -> dict[str, str]:
    """Payload texts as they were before they were put on one line; empty when not ours."""
    try:
        texts: Any = json_text.decode(members.get("verbatim", "{}"))
    except ValueError:
        return {}
    if not isinstance(texts, dict):
        return {}
    is_ours = all(
        isinstance(it, str) and one_line(it) == members.get(name) and is_value(it)
        for name, it in texts.items()
    )
    return texts if is_ours else {}


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One line an event."""
    written, lines = 0, map(_line, events)
    for batch in by_weight(lines, len, most=LINES_AT_ONCE):
        file.write("".join(batch).encode())
        written += len(batch)
    return written


def _line(outgoing: Outgoing) -> str:
    it, quoted = outgoing.event, json_text.encode
    return (
        f'{{"position":{it.position},"stream":{quoted(it.stream)},"stream_version":{it.version},'
        f'"type":{quoted(it.type)},"id":{quoted(it.id)},'
        f"{_times(it)}"
        f'"data":{one_line(it.data_json)},"metadata":{one_line(it.metadata_json)}'
        f"{_seldom(outgoing)}}}\n"
    )


def _times(event: RecordedEvent) -> str:
    """Both; of an event that got them when it was imported, none."""
    if event.source_json is not None and dated_here(event.source_json):
        return ""
    occurred = (event.occurred_at_us, event.occurred_offset_min)
    recorded = (event.recorded_at_us, event.recorded_offset_min)
    stored = happened = format_moment(*recorded)
    if occurred != recorded:
        happened = format_moment(*occurred)
    return f'"occurred_at":"{happened}","recorded_at":"{stored}",'


def _seldom(outgoing: Outgoing) -> str:
    """The members that most events have no need of."""
    it, text = outgoing.event, ""
    if outgoing.links:
        text += f',"links":{json_text.encode(outgoing.links)}'
    if it.source_json is not None:
        text += f',"source":{one_line(it.source_json)}'
    if broken := _with_line_breaks(it):
        text += f',"verbatim":{json_text.encode(broken)}'
    return text


def _with_line_breaks(event: RecordedEvent) -> dict[str, str]:
    texts = {"data": event.data_json, "metadata": event.metadata_json, "source": event.source_json}
    return {name: it for name, it in texts.items() if it is not None and one_line(it) != it}


FORMAT: Final = Format(
    name=NAME,
    title=said("Foldline JSON Lines"),
    suffixes=(".jsonl", ".ndjson", ".json"),
    aliases=("canonical-jsonl", "jsonl"),
    signs=(
        Keys(names=("stream", "type"), confidence=0.95),
        Keys(names=_USUAL, at_least=2, confidence=0.5),
    ),
    read=read,
    grows_by_lines=True,
    write=write,
    losses=(TIMES_OF_IMPORT,),
)
