"""Axon 5, as Hibernate writes its entries: a number first, then large objects and the row."""

from collections.abc import Sequence
from typing import Final

from tests.engines.foreign.library import Db, Library, Written

INSERT: Final = (
    "INSERT INTO aggregate_event_entry (global_index, aggregate_type, aggregate_identifier, "
    "aggregate_sequence_number, type, version, timestamp, payload, metadata, identifier) "
    "VALUES (%s, 'Order', %s, %s, %s, '1', '2024-02-29T23:50:04.435Z', lo_from_bytea(0, %s), "
    "lo_from_bytea(0, %s), %s)"
)


def append(db: Db, stream: str, version: int, events: Sequence[Written]) -> None:
    numbers = list[int]()
    for _ in events:
        row = db.execute("SELECT nextval('\"aggregate-event-global-index-sequence\"')").fetchone()
        assert row is not None
        numbers.append(row[0])
    for n, (number, it) in enumerate(zip(numbers, events, strict=True)):
        payload, metadata = it.data_json.encode(), b'{"traceId":"c-1"}'
        values = [number, stream, version + n, it.type, payload, metadata, it.id]
        db.execute(INSERT, values)


LIBRARY: Final = Library(preset="axon-5", tables="axon_5.sql", append=append)
