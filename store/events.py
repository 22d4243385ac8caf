"""An event before it is recorded, and after; and where an append ended.

They are msgspec structs, not dataclasses: a million of them are made while a log is read,
and a frozen dataclass costs ten times as much to make.
"""

from collections.abc import Mapping
from os import urandom
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, field

from store import json_text
from store.times import format_moment

NEW_STREAM: Final = 0
ANY_VERSION: Final = None

_VARIANT: Final = {it: "89ab"[int(it, 16) % 4] for it in "0123456789abcdef"}

EVENT_NAMESPACE: Final = UUID("6f0ad17b-5b0c-5b6e-9a55-8f6f3c1e7a10")


def new_event_id() -> str:
    """A random UUID (version 4) as text, at a third of what `uuid4` takes."""
    it = urandom(16).hex()
    return f"{it[:8]}-{it[8:12]}-4{it[13:16]}-{_VARIANT[it[16]]}{it[17:20]}-{it[20:]}"


class NewEvent(Struct, frozen=True, kw_only=True, gc=False):
    """An event that is not yet recorded. Payloads are JSON text and kept byte for byte."""

    type: str
    data_json: str = "{}"
    metadata_json: str = "{}"  # an object
    id: str = field(default_factory=new_event_id)
    occurred_at_us: int | None = None  # None: it occurs as it is recorded
    occurred_offset_min: int | None = None  # minutes east of UTC; None: not known
    recorded_at_us: int | None = None  # set for imported events only; None: now
    recorded_offset_min: int | None = None
    source_json: str | None = None  # what the canonical record cannot hold, as an object
    links: tuple[str, ...] = ()  # further streams this event is linked into

    @staticmethod
    def of(
        type_: str, data: Any, metadata: Mapping[str, Any] | None = None, **facts: Any
    ) -> "NewEvent":
        """Make an event from values instead of JSON text."""
        return NewEvent(
            type=type_,
            data_json=json_text.encode(data),
            metadata_json=json_text.encode(dict(metadata or {})),
            **facts,
        )


class RecordedEvent(Struct, frozen=True, gc=False):
    """A recorded event. `recorded_at_us` of imported events may step back; position never does."""

    position: int  # place in the whole log, from 1, dense
    stream: str  # the home stream
    version: int  # place in the home stream, from 1; an empty stream is at version 0
    type: str
    id: str
    recorded_at_us: int  # microseconds since 1970 UTC: when it was stored
    recorded_offset_min: int | None
    occurred_at_us: int  # when it happened
    occurred_offset_min: int | None
    data_json: str
    metadata_json: str
    source_json: str | None

    @property
    def data(self) -> Any:
        """The payload as a value; decoded at each call."""
        return json_text.decode(self.data_json)

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata as a value; decoded at each call."""
        value: dict[str, Any] = json_text.decode(self.metadata_json)
        return value

    @property
    def source(self) -> dict[str, Any] | None:
        """What the format of origin said beyond the canonical record, or None."""
        return None if self.source_json is None else json_text.decode(self.source_json)

    @property
    def recorded_at(self) -> str:
        """RFC 3339 text with the original offset."""
        return format_moment(self.recorded_at_us, self.recorded_offset_min)

    @property
    def occurred_at(self) -> str:
        """RFC 3339 text with the original offset."""
        return format_moment(self.occurred_at_us, self.occurred_offset_min)


class Payload(Struct, frozen=True, gc=False):
    """What folding and judging need of a recorded event: half the columns, half the time."""

    position: int
    stream: str  # the home stream
    type: str
    data_json: str
    metadata_json: str

    @property
    def data(self) -> Any:
        """The payload as a value; decoded at each call."""
        return json_text.decode(self.data_json)

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata as a value; decoded at each call."""
        value: dict[str, Any] = json_text.decode(self.metadata_json)
        return value


def payload_of(event: RecordedEvent) -> Payload:
    """What an event says."""
    return Payload(event.position, event.stream, event.type, event.data_json, event.metadata_json)


class Appended(Struct, frozen=True, kw_only=True):
    """Where an append ended."""

    version: int  # of the stream, after the append
    position: int  # of the last event written: wait for it to read your own write
