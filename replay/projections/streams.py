"""Every stream: how far it has come, and when."""

from typing import Any

from msgspec import Struct

from replay.projection import Projection, RowByRow
from replay.words import said
from store.events import RecordedEvent


class Stream(Struct, frozen=True):
    """One row."""

    stream: str
    category: str  # what comes before the first dash
    event_count: int  # that live here
    linked_count: int  # that live elsewhere and are linked into it
    version: int
    first_position: int
    first_recorded_at_us: int
    last_position: int
    last_recorded_at_us: int
    last_type: str


class _Count:
    """A row while it goes on."""

    __slots__ = ("category", "event_count", "first_at_us", "first_position", "linked", "version")

    def __init__(self, stream: str, row: Stream | None) -> None:
        self.category = stream.partition("-")[0]
        self.event_count = row.event_count if row else 0
        self.linked = row.linked_count if row else 0
        self.version = row.version if row else 0
        self.first_position = row.first_position if row else 0
        self.first_at_us = row.first_recorded_at_us if row else 0


def _go_on(it: _Count, event: RecordedEvent, is_linked: bool) -> tuple[Any, ...]:
    """Count an event that lives in the stream, or is linked into it."""
    position, at_us = event.position, event.recorded_at_us
    if is_linked:
        it.linked += 1
    else:
        it.event_count += 1
        it.version = event.version
    if not it.first_position:
        it.first_position, it.first_at_us = position, at_us
    return (
        it.category,
        it.event_count,
        it.linked,
        it.version,
        it.first_position,
        it.first_at_us,
        position,
        at_us,
        event.type,
    )


apply = RowByRow(row=Stream, key="stream", begin=_Count, go_on=_go_on, follows_links=True)

PROJECTION = Projection(
    name="streams",
    version=1,
    title=said("Streams"),
    row=Stream,
    key=("stream",),
    apply=apply,
    payloads="stored",
)
