"""An event as a record of Kafka: CloudEvents in binary mode, with what those cannot hold beside.

The key is the stream, so a stream keeps its order inside one partition; the value is the payload,
byte for byte. CloudEvents' own attributes hold id, type, times and, as `sequence`, the version;
`foldline_…` headers hold the position in the store that published it, metadata, source and links.
"""

from functools import lru_cache
from typing import Any, Final

from confluent_kafka import Message
from msgspec import Struct

from store import json_text
from store.events import NewEvent
from store.remote.interface import RemoteEvent
from store.times import format_moment, parse_moment

Headers = list[tuple[str, bytes]]
SOURCE: Final = "foldline:"
POSITION: Final = "foldline_position"
CURSOR: Final = "foldline_cursor"  # where it is not place and id


MOMENTS_KEPT: Final = 16


class Published(Struct, frozen=True, kw_only=True):
    """A record that a relay wrote, read back."""

    stream: str
    version: int
    position: int  # in the store that published it; 0 where that has no dense positions
    cursor: str  # the same in that store's own words
    store: str  # its identity
    event: NewEvent


class Envelope:
    """Writes the records of one store. One thread."""

    def __init__(self, store: str) -> None:
        """`store` is its identity."""
        self._same: Headers = [
            ("ce_specversion", b"1.0"),
            ("content-type", b"application/json"),
            ("ce_source", f"{SOURCE}{store}".encode()),
        ]
        self._types: dict[str, tuple[str, bytes]] = {}

    def headers(self, it: RemoteEvent) -> Headers:
        """All that is not key and value."""
        event, place = it.event, it.place
        made = [
            *self._same,
            ("ce_id", event.id.encode()),
            self._types.get(event.type) or self._type(event.type),
            ("ce_sequence", b"%d" % it.version),
            (POSITION, place.encode()),
        ]
        if (recorded_us := event.recorded_at_us) is not None:
            text = _moment_text(recorded_us, event.recorded_offset_min)
            made.append(("ce_recordedtime", text))
        if (occurred_us := event.occurred_at_us) is not None:
            made.append(("ce_time", _moment_text(occurred_us, event.occurred_offset_min)))
        if it.cursor != f"{place}:{event.id}":
            made.append((CURSOR, it.cursor.encode()))
        if event.metadata_json != "{}":
            made.append(("foldline_metadata", event.metadata_json.encode()))
        if event.source_json is not None:
            made.append(("foldline_source", event.source_json.encode()))
        if event.links:
            made.append(("foldline_links", json_text.encode(list(event.links)).encode()))
        return made

    def _type(self, name: str) -> tuple[str, bytes]:
        """Types are few, and each is written a million times."""
        found = self._types[name] = ("ce_type", name.encode())
        return found


@lru_cache(MOMENTS_KEPT)
def _moment_text(at_us: int, offset_min: int | None) -> bytes:
    """Events that were recorded together have one moment."""
    return format_moment(at_us, offset_min).encode()


def headers_of(message: Message) -> Headers:
    """The headers of a record, in order; a name may stand twice."""
    given: Any = message.headers() or ()
    return [(name, value if isinstance(value, bytes) else b"") for name, value in given]


def published(key: bytes | None, value: bytes | None, headers: Headers) -> Published | None:
    """What a relay wrote; None of a record that is somebody else's."""
    found = dict(headers)
    source, sequence = found.get("ce_source", b""), found.get("ce_sequence", b"")
    if key is None or value is None or not source.startswith(SOURCE.encode()):
        return None
    try:
        position = found[POSITION]
        place_and_id = b"%s:%s" % (position, found["ce_id"])
        return Published(
            cursor=found.get(CURSOR, place_and_id).decode(),
            stream=key.decode(),
            version=int(sequence),
            position=int(position) if position.isdigit() else 0,
            store=source.decode().removeprefix(SOURCE),
            event=_event(found, value),
        )
    except (KeyError, ValueError):  # not as a relay writes it: read as anybody's
        return None


def _event(found: dict[str, bytes], value: bytes) -> NewEvent:
    occurred, recorded = _moment(found, "ce_time"), _moment(found, "ce_recordedtime")
    source = found.get("foldline_source")
    return NewEvent(
        type=found["ce_type"].decode(),
        id=found["ce_id"].decode(),
        data_json=value.decode(),
        metadata_json=found.get("foldline_metadata", b"{}").decode(),
        source_json=None if source is None else source.decode(),
        links=tuple(json_text.decode(found.get("foldline_links", b"[]").decode())),
        occurred_at_us=occurred[0],
        occurred_offset_min=occurred[1],
        recorded_at_us=recorded[0],
        recorded_offset_min=recorded[1],
    )


def _moment(found: dict[str, bytes], name: str) -> tuple[int | None, int | None]:
    text = found.get(name)
    return (None, None) if text is None else parse_moment(text.decode())
