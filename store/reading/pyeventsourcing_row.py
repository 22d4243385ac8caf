"""One row of python eventsourcing as an event, and an event as such a row.

`state` is JSON whose typed values are wrapped as {"_type_": …, "_data_": …}: the payload shows them
unwrapped, the source keeps the very state. What came from the library goes back as it was. A topic
must name a Python class, so any other event is written under `foldline:TYPE`, a topic that the
library lists and that `register_topic` can give a class; its payload is the state, beside the
timestamp, as it is.
"""

import zlib
from base64 import b64decode
from typing import Any, Final

from msgspec import structs

from store import json_text
from store.events import NewEvent, RecordedEvent
from store.provenance import source_members
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Incoming
from store.reading.identity import minted_id
from store.reading.json_members import members, one_line
from store.reading.repeated_keys import remarks_on
from store.reading.rows import opaque_json
from store.reading.stated_times import UNSTATED, stated_times
from store.times import format_moment
from store.words import said

NAME: Final = "pyeventsourcing"
OURS: Final = "foldline:"  # what the topic of an event begins with that no Python class wrote
PAYLOAD: Final = "foldline_payload"  # in its state: a payload that cannot be one by itself
LARGEST_STATE: Final = 64 * 1024 * 1024  # once decompressed
ZLIB_MAGIC: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def incoming(
    line: int,
    rowid: int | None,
    originator: Any,
    version: Any,
    topic: Any,
    state: Any,
    *,
    offset: int = -1,
) -> Incoming:
    """The event of one row; `rowid` is its place in the order over all. Raises Unusable."""
    _require_named(originator, version, topic)
    if topic.startswith(OURS):
        ours = _ours(line, rowid, originator, version, topic.removeprefix(OURS), state)
        return structs.replace(ours, offset=offset)
    content = _bytes(state)
    unpacked = _unpacked(content)
    raw, found = _payload(unpacked)
    if found is None:  # what only looked compressed stays as it is
        raw = opaque_json(content)
    is_opaque, data = found is None, found or {}
    stamp = data.pop("timestamp", None)
    times = UNSTATED if stamp is None else stated_times(_time_text(stamp), None)
    beyond = [f'"topic":{quoted(topic)}']
    if not is_opaque:
        beyond.append(f'"state":{raw}')
        if unpacked != content:
            beyond.append('"compression":"zlib"')
    plain = _unwrapped(data)
    return Incoming(
        stream=originator,
        event=NewEvent(
            type=topic.rpartition(":")[2].rpartition(".")[2] or topic,
            data_json=raw if is_opaque else json_text.encode(plain),
            metadata_json=_metadata(plain),
            id=minted_id("pyeventsourcing", originator, version),
            **times.columns,
        ),
        line=line,
        offset=offset,
        version=version,
        origin=times.origin(rowid),
        beyond=",".join(beyond),
        has_minted_id=True,
        has_naive_time=times.has_naive,
        is_opaque=is_opaque,
        remarks=() if is_opaque else remarks_on(raw),
    )


def _require_named(originator: Any, version: Any, topic: Any) -> None:
    """Raise Unusable for a row that does not say what it is."""
    if not isinstance(originator, str) or not originator:
        raise Unusable(said("the event has no originator_id"))
    if not isinstance(topic, str) or not topic:
        raise Unusable(said("the event has no topic"))
    fields.storable(originator + topic, said("a name in the row"))
    if not isinstance(version, int):
        raise Unusable(said("originator_version is not a whole number"))


def _ours(
    line: int, rowid: int | None, stream: str, version: int, type_: str, state: Any
) -> Incoming:
    """An event that Foldline wrote. Raises Unusable."""
    try:
        pairs = members(_bytes(state).decode())
        stamp = members(dict(pairs)["timestamp"])
        time = fields.required_text(dict(stamp), "_data_")
    except (KeyError, ValueError) as error:
        raise Unusable(
            said("the state was not written by Foldline ({error})", error=error)
        ) from None
    rest = [(name, text) for name, text in pairs if name != "timestamp"]
    times = stated_times(time, None)
    return Incoming(
        stream=stream,
        event=NewEvent(
            type=type_,
            data_json=rest[0][1] if [name for name, _ in rest] == [PAYLOAD] else _joined(rest),
            id=minted_id(NAME, stream, version),
            **times.columns,
        ),
        line=line,
        version=version,
        origin=times.origin(rowid),
        has_minted_id=True,
        has_naive_time=times.has_naive,
    )


def _joined(pairs: list[tuple[str, str]]) -> str:
    """A JSON object; a name may stand twice."""
    return f"{{{','.join(f'{quoted(name)}:{text}' for name, text in pairs)}}}"


def _bytes(state: Any) -> bytes:
    content = state.encode("utf-8", "surrogateescape") if isinstance(state, str) else state
    if not isinstance(content, bytes):
        raise Unusable(said("the row has no state"))
    return content


def _payload(content: bytes) -> tuple[str, dict[str, Any] | None]:
    """The state as JSON text and as an object; what is none as base64, and None."""
    try:
        raw = content.decode() if content.startswith(b"{") else ""
        value = json_text.decode(raw)
    except ValueError:
        value = None
    return (raw, value) if isinstance(value, dict) else (opaque_json(content), None)


def _unpacked(content: bytes) -> bytes:
    """Without compression; as it is when it only looks compressed, or would grow without end."""
    if content[:2] not in ZLIB_MAGIC:
        return content
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, LARGEST_STATE)
    except zlib.error:
        return content
    return plain if unpacking.eof else content


def _time_text(stamp: Any) -> str:
    plain = _unwrapped(stamp)
    if not isinstance(plain, str):
        raise Unusable(said("timestamp is not a time"))
    return fields.storable(plain, "timestamp")


def _unwrapped(value: Any) -> Any:
    """Typed values as what they wrap; types may hold typed values in turn."""
    if isinstance(value, dict):
        if value.keys() == {"_type_", "_data_"}:
            return _unwrapped(value["_data_"])
        return {key: _unwrapped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    return value


def _metadata(data: dict[str, Any]) -> str:
    """The library has no metadata; where a class has such fields they count as such."""
    names = ("correlation_id", "causation_id", "user")
    found = {name: data[name] for name in names if isinstance(data.get(name), str)}
    return json_text.encode(found)


def outgoing_row(event: RecordedEvent) -> tuple[str, bytes]:
    """Topic and state. What came from the library goes back as it was, unless the event says
    something else by now, as one does that was changed on its way in or out."""
    source = source_members(event.source_json, NAME)
    topic, kept = source.get("topic"), _kept_state(event, source)
    if isinstance(topic, str) and kept is not None and not topic.startswith(OURS):
        found = _read(event, topic, kept)
        if found is not None and _says(found, event):
            return topic, kept
    return f"{OURS}{event.type}", _own_state(event).encode()


def read_back(event: RecordedEvent) -> NewEvent:
    """What a reader will make of the row of an event."""
    found = _read(event, *outgoing_row(event))
    if found is None:
        raise LookupError(event.id)
    return found


def _read(event: RecordedEvent, topic: str, state: bytes) -> NewEvent | None:
    try:
        return incoming(0, None, event.stream, event.version, topic, state).event
    except Unusable:
        return None


def _says(found: NewEvent, event: RecordedEvent) -> bool:
    """Whether the state has the payload and the time that the event has by now."""
    is_timed = found.occurred_at_us in (None, event.occurred_at_us)
    return is_timed and (found.type, found.data_json) == (event.type, event.data_json)


def _kept_state(event: RecordedEvent, source: dict[str, Any]) -> bytes | None:
    """The bytes of the state that the event came with; None when they are not there any more."""
    if not source:
        return None
    kept = dict(members(event.source_json or "{}")).get("state")
    if kept is None:
        return _opaque_bytes(event.data_json)
    return zlib.compress(kept.encode()) if "compression" in source else kept.encode()


def _opaque_bytes(data_json: str) -> bytes | None:
    try:
        found = dict(members(data_json))
        return b64decode(str(json_text.decode(found["data_base64"])), validate=True)
    except (KeyError, ValueError):
        return None


def _own_state(event: RecordedEvent) -> str:
    time = quoted(format_moment(event.occurred_at_us, event.occurred_offset_min))
    stamp = f'"timestamp":{{"_type_":"datetime_iso","_data_":{time}}}'
    data = one_line(event.data_json)
    try:
        pairs = members(data)
        names = [name for name, _ in pairs]
    except ValueError:
        names = [PAYLOAD]
    if "timestamp" in names or PAYLOAD in names:
        return f'{{{stamp},"{PAYLOAD}":{data}}}'
    return f"{{{','.join((stamp, _joined(pairs)[1:-1])) if pairs else stamp}}}"
