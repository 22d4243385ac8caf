"""How many events there are of each type, and where the first and the latest one are."""

from typing import Any

from msgspec import Struct

from replay.projection import Projection, RowByRow
from replay.words import said
from store.events import RecordedEvent


class EventType(Struct, frozen=True):
    """One row."""

    type: str
    count: int
    first_position: int
    first_recorded_at_us: int
    last_position: int
    last_recorded_at_us: int


class _Count:
    """A row while it goes on."""

    __slots__ = ("count", "first_at_us", "first_position")

    def __init__(self, _type: str, row: EventType | None) -> None:
        self.count = row.count if row else 0
        self.first_position = row.first_position if row else 0
        self.first_at_us = row.first_recorded_at_us if row else 0


def _go_on(it: _Count, event: RecordedEvent, _is_linked: bool) -> tuple[Any, ...]:
    """Count the event."""
    position, at_us = event.position, event.recorded_at_us
    it.count += 1
    if not it.first_position:
        it.first_position, it.first_at_us = position, at_us
    return it.count, it.first_position, it.first_at_us, position, at_us


apply = RowByRow(row=EventType, key="type", begin=_Count, go_on=_go_on)

PROJECTION = Projection(
    name="event_types",
    version=1,
    title=said("Event types"),
    row=EventType,
    key=("type",),
    apply=apply,
    payloads="stored",
    partition_by="type",
)
