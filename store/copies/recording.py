"""Record events and rows of one log in a new one: positions, versions, times and ids as they were,
and both chains from their beginning."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from store.beside.chained_rows import CHAINED, record_rows
from store.events import NewEvent
from store.sqlite.writer import Writer

BATCH: Final = 2_000  # events in one transaction
NEVER_US: Final = 2**62  # later than every claim
# Made anew with the file, or about a chain that is now whole.
NOT_COPIED: Final = frozenset({"store_id", "unchained_events", "unchained_rows"})


class Placed(Struct, frozen=True, kw_only=True):
    """An event with its place. Its position is the next one of the new log."""

    stream: str
    version: int
    counted_us: int  # the running maximum of recorded-at with it: a claimed later time counts not
    event: NewEvent

    @property
    def claims_the_future(self) -> bool:
        """Whether its recorded-at lay after the moment at which it came."""
        return self.event.recorded_at_us is not None and self.event.recorded_at_us > self.counted_us


class Recorder:
    """Writes to a new log. Use it from one thread; nothing else writes there."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._now_us = NEVER_US
        self._writer = Writer(db, clock_us=lambda: self._now_us)
        db.execute("PRAGMA synchronous = OFF")  # it is synchronised when it takes its name

    def events(self, placed: Iterable[Placed]) -> int:
        """Record all of them in their order; returns the new head."""
        head = 0
        for batch in _batches(placed):
            is_claim = batch[0].claims_the_future
            self._now_us = batch[0].counted_us if is_claim else NEVER_US
            with self._writer.transaction():
                head = self._writer.record((it.stream, it.version, it.event) for it in batch)
        return head

    def row(self, table: str, values: Sequence[Any]) -> None:
        """Record one row of a chained table, with the head of the events as it is now."""
        if table == "store_facts" and values[0] in NOT_COPIED:
            return
        shape = CHAINED[table]
        marks = ", ".join("?" * len(values))
        insert = f"INSERT INTO {table} ({shape.columns}) VALUES ({marks})"
        with self._writer.transaction():
            record_rows(self._db, table, insert, [values])

    def fact(self, key: str, value: str) -> None:
        """Record something about the new log itself; what such facts of earlier logs say is kept,
        so the second one is KEY-2."""
        taken = {str(it) for (it,) in self._db.execute("SELECT key FROM store_facts")}
        names = (key, *(f"{key}-{n}" for n in range(2, len(taken) + 3)))
        self.row("store_facts", (next(it for it in names if it not in taken), value))

    def unchained(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Put back rows of a table that changes, which no chain covers."""
        with self._writer.transaction():
            for values in rows:
                marks = ", ".join("?" * len(values))
                self._db.execute(f"INSERT INTO {table} VALUES ({marks})", values)


def _batches(placed: Iterable[Placed]) -> Iterator[list[Placed]]:
    """In their order; one with a claimed time is alone, as the clock has to stand before it."""
    batch: list[Placed] = []
    for it in placed:
        if batch and (len(batch) == BATCH or it.claims_the_future):
            yield batch
            batch = []
        batch.append(it)
        if it.claims_the_future:
            yield batch
            batch = []
    if batch:
        yield batch
