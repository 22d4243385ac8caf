"""A record of a topic as an event: our own as it was published, anybody's as an import reads it."""

import base64
from collections.abc import Sequence
from typing import Any, Final

from confluent_kafka import TIMESTAMP_CREATE_TIME, Message
from msgspec import Struct, structs

from store.formats.kcat import FORMAT, stated
from store.provenance import Origin
from store.reading.fields import Unusable, quoted
from store.reading.format import Incoming, Rejected
from store.reading.json_records import RawRecord
from store.reading.stated_event import StatedEvent, incoming
from store.remote.kafka.envelope import headers_of, published

_NO_LINE: Final = RawRecord(0, -1, b"")


class Arrived(Struct, frozen=True, kw_only=True):
    """One record, and what is known of its place."""

    partition: int
    offset: int
    record: Incoming | Rejected
    version: int = 0  # in its stream, as published; 0: somebody else's
    position: int = 0  # in the store that published it; 0: not known
    store: str = ""  # its identity


def arrived(message: Message) -> Arrived:
    """What a message holds."""
    partition, offset = message.partition() or 0, message.offset() or 0
    headers = headers_of(message)
    ours = published(message.key(), message.value(), headers)
    if ours is None:
        return Arrived(partition=partition, offset=offset, record=_anybodys(message, headers))
    record = Incoming(
        stream=ours.stream,
        event=ours.event,
        version=ours.version,
        origin=Origin(cursor=place_of(message.topic() or "", partition, offset), is_exact=True),
    )
    return Arrived(
        partition=partition,
        offset=offset,
        record=record,
        version=ours.version,
        position=ours.position,
        store=ours.store,
    )


def place_of(topic: str, partition: int, offset: int) -> str:
    """As a person names it, and as an import of a printed topic does."""
    return f"{topic}/{partition}/{offset}"


def _anybodys(message: Message, headers: Sequence[tuple[str, bytes]]) -> Incoming | Rejected:
    try:
        event = _with_bytes(stated(_line(message, headers)), message)
        return structs.replace(incoming(_NO_LINE, event), format=FORMAT.name)
    except Unusable as reason:
        place = place_of(message.topic() or "", message.partition() or 0, message.offset() or 0)
        return Rejected(reason=f"{reason}: {place}", excerpt=repr(message.value())[:200])


def _line(message: Message, headers: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """The record as kcat prints it; bytes that are no text stand in it as base64."""
    kind, ts_ms = message.timestamp()
    flat = [part for name, value in headers for part in (name, _text(value))]
    return {
        "topic": quoted(message.topic() or ""),
        "partition": str(message.partition()),
        "offset": str(message.offset()),
        "tstype": quoted("create" if kind == TIMESTAMP_CREATE_TIME else "logappend"),
        "ts": str(ts_ms if kind else -1),
        "key": _member(message.key()),
        "payload": _member(message.value()),
        **({"headers": f"[{','.join(map(quoted, flat))}]"} if flat else {}),
    }


def _with_bytes(event: StatedEvent, message: Message) -> StatedEvent:
    """A payload that is no text, said to be base64."""
    value: Any = message.value()
    if value is None or _is_text(value):
        return event
    beyond = {**event.beyond, "data_encoding": quoted("base64")}
    return structs.replace(event, data=quoted(_text(value)), is_opaque=True, beyond=beyond)


def _member(value: bytes | None) -> str:
    return "null" if value is None else quoted(_text(value))


def _text(value: bytes) -> str:
    return value.decode() if _is_text(value) else base64.b64encode(value).decode()


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
