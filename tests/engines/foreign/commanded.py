"""Commanded EventStore, by its statement insert_events: the row of `$all` is locked last."""

from collections.abc import Sequence
from typing import Final

from tests.engines.foreign.library import Db, Library, Written

STREAM: Final = (
    "INSERT INTO streams (stream_uuid, stream_version) VALUES (%s, %s) RETURNING stream_id"
)
MOVED: Final = (
    "UPDATE streams SET stream_version = stream_version + %s WHERE stream_uuid = %s "
    "AND stream_version = %s RETURNING stream_id"
)
ALL: Final = (
    "UPDATE streams SET stream_version = stream_version + %s WHERE stream_id = 0 "
    "RETURNING stream_version - %s"
)
EVENT: Final = (
    "INSERT INTO events (event_id, event_type, causation_id, correlation_id, data, metadata) "
    "VALUES (%s, %s, NULL, %s::uuid, %s, %s)"
)
LINK: Final = (
    "INSERT INTO stream_events (event_id, stream_id, stream_version, original_stream_id, "
    "original_stream_version) VALUES (%s, %s, %s, %s, %s)"
)


def append(db: Db, stream: str, version: int, events: Sequence[Written]) -> None:
    many = len(events)
    for it in events:
        db.execute(EVENT, [it.id, f"Elixir.Shop.{it.type}", it.id, it.data_json.encode(), b"{}"])
    if version:
        row = db.execute(MOVED, [many, stream, version]).fetchone()
    else:
        row = db.execute(STREAM, [stream, many]).fetchone()
    assert row is not None
    for n, it in enumerate(events, start=1):
        db.execute(LINK, [it.id, row[0], version + n, row[0], version + n])
    first = db.execute(ALL, [many, many]).fetchone()
    assert first is not None
    for n, it in enumerate(events, start=1):
        db.execute(LINK, [it.id, 0, first[0] + n, row[0], version + n])


LIBRARY: Final = Library(
    preset="commanded",
    tables="commanded.sql",
    append=append,
    locks_others=True,
    names_by_uuid=False,
)
