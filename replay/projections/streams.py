"""Every stream: how far it has come, and when."""

from msgspec import Struct

from replay.projection import Projection, Rows
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


def apply(rows: Rows[Stream], event: RecordedEvent, links: tuple[str, ...]) -> None:
    """Count the event in its home and in every stream it is linked into."""
    _count(rows, event, event.stream, version=event.version, linked=0)
    for stream in links:
        if stream != event.stream:
            _count(rows, event, stream, version=None, linked=1)


def _count(
    rows: Rows[Stream], event: RecordedEvent, stream: str, *, version: int | None, linked: int
) -> None:
    position, at_us = event.position, event.recorded_at_us
    row = rows.get(stream) or _empty(stream, position, at_us)
    rows.put(
        Stream(
            stream,
            row.category,
            row.event_count + (1 - linked),
            row.linked_count + linked,
            row.version if version is None else version,
            row.first_position,
            row.first_recorded_at_us,
            position,
            at_us,
            event.type,
        )
    )


def _empty(stream: str, position: int, at_us: int) -> Stream:
    category = stream.partition("-")[0]
    return Stream(stream, category, 0, 0, 0, position, at_us, position, at_us, "")


PROJECTION = Projection(
    name="streams",
    version=1,
    title="Streams",
    row=Stream,
    key=("stream",),
    apply=apply,
)
