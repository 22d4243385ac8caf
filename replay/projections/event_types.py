"""How many events there are of each type, and where the first and the latest one are."""

from msgspec import Struct

from replay.projection import Projection, Rows
from store.events import RecordedEvent


class EventType(Struct, frozen=True):
    """One row."""

    type: str
    count: int
    first_position: int
    first_recorded_at_us: int
    last_position: int
    last_recorded_at_us: int


def apply(rows: Rows[EventType], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Count the event."""
    position, at_us = event.position, event.recorded_at_us
    row = rows.get(event.type)
    if row is None:
        rows.put(EventType(event.type, 1, position, at_us, position, at_us))
        return
    first = row.first_position, row.first_recorded_at_us
    rows.put(EventType(row.type, row.count + 1, *first, position, at_us))


PROJECTION = Projection(
    name="event_types",
    version=1,
    title="Event types",
    row=EventType,
    key=("type",),
    apply=apply,
    partition_by="type",
)
