"""Rows of an event store in Cassandra as events, and events as rows."""

from typing import Any, Final
from zlib import crc32

from store.events import NewEvent

COLUMNS: Final = (
    "number, stream, version, event_id, type, recorded_at_us, occurred_at_us, "
    "occurred_offset_min, data, metadata, source"
)
KEPT: Final = (
    "INSERT INTO {}.log (shard, segment, kind, key, number, stream, version, event_id, type, "
    "recorded_at_us, occurred_at_us, occurred_offset_min, data, metadata, source) "
    "VALUES (?, ?, 'event', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def shard_of(stream: str, shards: int) -> int:
    """Where a stream lies, for ever."""
    return crc32(stream.encode()) % shards


def event_of(row: tuple[Any, ...]) -> NewEvent:
    """The event of a row of COLUMNS."""
    return NewEvent(
        id=row[3],
        type=row[4],
        recorded_at_us=row[5],
        recorded_offset_min=0,
        occurred_at_us=row[6],
        occurred_offset_min=row[7],
        data_json=row[8],
        metadata_json=row[9],
        source_json=row[10],
    )


def values_of(it: NewEvent, at_us: int) -> tuple[Any, ...]:
    """What stands behind stream and version in KEPT."""
    return (
        it.id,
        it.type,
        at_us,
        it.occurred_at_us,
        it.occurred_offset_min,
        it.data_json,
        it.metadata_json,
        it.source_json,
    )


def size_of(it: NewEvent) -> int:
    """About how many bytes it takes."""
    return len(it.data_json) + len(it.metadata_json) + len(it.source_json or "") + len(it.type)
