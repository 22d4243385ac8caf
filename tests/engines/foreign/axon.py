"""Axon 4, by the statement of its JDBC engine."""

from collections.abc import Sequence
from typing import Final

from tests.engines.foreign.library import Db, Library, Written

INSERT: Final = (
    "INSERT INTO domain_event_entry (event_identifier, aggregate_identifier, sequence_number, "
    "type, time_stamp, payload_type, payload_revision, payload, meta_data) "
    "VALUES (%s, %s, %s, 'Order', '2024-02-29T23:50:04.435Z', %s, '1', %s, %s)"
)


def append(db: Db, stream: str, version: int, events: Sequence[Written]) -> None:
    for n, it in enumerate(events):
        metadata = b'{"traceId":"c-1","correlationId":"m-1"}'
        db.execute(INSERT, [it.id, stream, version + n, it.type, it.data_json.encode(), metadata])


LIBRARY: Final = Library(preset="axon", tables="axon.sql", append=append)
