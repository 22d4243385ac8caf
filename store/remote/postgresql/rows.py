"""Rows of an event store in PostgreSQL as events."""

from typing import Any, Final

from store.events import NewEvent
from store.remote.address import Address
from store.remote.errors import RemoteReplaced
from store.remote.interface import RemoteEvent
from store.words import said

COLUMNS: Final = (
    "position, stream, version, event_id, type, recorded_at_us, occurred_at_us, "
    "occurred_offset_min, data::text, metadata::text, source::text"
)


def dense(rows: list[tuple[Any, ...]], first: int) -> list[tuple[Any, ...]]:
    """Up to the first position that is missing: what stands behind it may be waiting for a
    transaction that has not ended."""
    if rows and rows[-1][0] == first + len(rows) - 1:
        return rows
    for place, row in enumerate(rows):
        if row[0] != first + place:
            return rows[:place]
    return rows


def event_of(row: tuple[Any, ...]) -> RemoteEvent:
    """The event of a row of COLUMNS."""
    position, stream, version, id_, type_, recorded, occurred, offset, data, metadata, source = row
    return RemoteEvent(
        stream=stream,
        version=version,
        cursor=cursor_of(position, id_),
        place=str(position),
        event=NewEvent(
            type=type_,
            data_json=data,
            metadata_json=metadata,
            id=id_,
            recorded_at_us=recorded,
            recorded_offset_min=0,
            occurred_at_us=occurred,
            occurred_offset_min=offset,
            source_json=source,
        ),
    )


def cursor_of(position: int, event_id: str) -> str:
    """The cursor of an event. Its id tells whether the event at that place is still the same."""
    return f"{position}:{event_id}"


def replaced(position: int, address: Address) -> RemoteReplaced:
    """Where an event was read before, another one is, or none."""
    reason = said(
        "the event at position {position:,} is not the one that was read before: "
        "the store was restored, or shortened, or is another one",
        position=position,
    )
    return RemoteReplaced(reason, address.shown)
