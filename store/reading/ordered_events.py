"""Events that a file does not hold in the order in which they happened, in that order.

They are put by, ready for the log, in a database of the source's own: memory does not grow with the
file.
"""

import sqlite3
from collections.abc import Iterator
from typing import Final

import msgspec

from store.reading.format import Incoming, Rejected
from store.reading.source import Source

AT_ONCE: Final = 1_000
BYTES_AT_ONCE: Final = 1024 * 1024
_encoder: Final = msgspec.msgpack.Encoder()
_incoming: Final = msgspec.msgpack.Decoder(Incoming)
_rejected: Final = msgspec.msgpack.Decoder(Rejected)


class OrderedEvents:
    """`add` all of them, then read them in the order of their keys; equal keys as they came."""

    def __init__(self, source: Source) -> None:
        self._db: sqlite3.Connection = source.scratch()
        self._db.execute("CREATE TABLE kept (key INTEGER, is_event INTEGER, record BLOB)")
        self._db.execute("BEGIN")
        self._rows: list[tuple[int, bool, bytes]] = []
        self._held = 0  # bytes of them

    def add(self, key: int, record: Incoming | Rejected) -> None:
        """One event, or what is none, under its key."""
        content = _encoder.encode(record)
        self._rows.append((key, isinstance(record, Incoming), content))
        self._held += len(content)
        if len(self._rows) == AT_ONCE or self._held >= BYTES_AT_ONCE:
            self._flush()

    def records(self) -> Iterator[Incoming | Rejected]:
        """All of them in order."""
        self._flush()
        asked = "SELECT is_event, record FROM kept ORDER BY key, rowid"
        for is_event, record in self._db.execute(asked):
            yield _incoming.decode(record) if is_event else _rejected.decode(record)

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO kept VALUES (?, ?, ?)", self._rows)
        self._rows.clear()
        self._held = 0
