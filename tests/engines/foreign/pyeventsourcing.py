"""python eventsourcing, as its PostgresApplicationRecorder writes."""

from collections.abc import Sequence
from typing import Final

from store import json_text
from tests.engines.foreign.library import Db, Library, Written


def append(db: Db, stream: str, version: int, events: Sequence[Written]) -> None:
    db.execute("SET LOCAL lock_timeout = '0s'")
    db.execute("LOCK TABLE orders_events IN EXCLUSIVE MODE")
    for n, it in enumerate(events, start=1):
        stamp = {"_type_": "datetime_iso", "_data_": "2023-01-02T08:15:22.121677+00:00"}
        state = json_text.encode({"timestamp": stamp, **it.data}).encode()
        values = [stream, version + n, f"shop.orders:Order.{it.type}", state]
        db.execute("INSERT INTO orders_events VALUES (%s, %s, %s, %s)", values)


LIBRARY: Final = Library(
    preset="pyeventsourcing", tables="pyeventsourcing.sql", append=append, locks_others=True
)
