"""What stands beside the events of a damaged log, as far as it can be read, in a new one.

A row that the chain beside the events knows is held against its checksum. Positions are those of
the events in the new log; what belongs to one event that was lost is lost with it.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from msgspec import Struct

from store import json_text
from store.beside.chained_rows import CHAINED
from store.copies.contents import CHANGING
from store.copies.evidence import UNREADABLE
from store.copies.losses import Losses
from store.copies.recording import NOT_COPIED, Recorder
from store.sqlite.chain import checksum, pack

KNOWN: Final = "SELECT row_key, checksum FROM beside_chain WHERE recorded_in = ?"

Row = Sequence[Any]
Moved = Callable[[dict[str, Any], Losses], bool]  # puts positions right; whether the row is kept


class RowCount(Struct, frozen=True, kw_only=True):
    """Rows of one table beside the events."""

    table: str
    kept: int
    lost: int  # known to have been there, or of a lost event


def salvage_rows(
    db: sqlite3.Connection, recorder: Recorder, losses: Losses
) -> tuple[RowCount, ...]:
    """Record every readable row; returns the counts of the tables that have any."""
    counts = [_table(db, table, recorder, losses) for table in CHAINED]
    for table in CHANGING:
        recorder.unchained(table, _changing(db, table, losses))
    return tuple(it for it in counts if it.kept or it.lost)


def _table(db: sqlite3.Connection, table: str, recorder: Recorder, losses: Losses) -> RowCount:
    shape, known = CHAINED[table], _known(db, table)
    moved, names = MOVED.get(table, _stays), (*shape.key, *shape.others)
    kept, seen = 0, set[str]()
    for row in _readable(db, f"SELECT {shape.columns} FROM {table}"):
        key = json_text.encode(row[: len(shape.key)])
        if key in known and known[key] != checksum(pack(row)):
            continue
        values = dict(zip(names, row, strict=True))
        if row[0] in NOT_COPIED:
            known = {it: what for it, what in known.items() if it != key}
        elif moved(values, losses):
            with suppress(*UNREADABLE):  # it refers to a row that is lost
                recorder.row(table, tuple(values.values()))
                kept += 1
                seen.add(key)
    return RowCount(table=table, kept=kept, lost=len(known.keys() - seen))


def _known(db: sqlite3.Connection, table: str) -> Mapping[str, int]:
    """The keys of rows that were recorded, with their checksums."""
    return {str(key): int(number) for key, number in _readable(db, KNOWN, table)}


def _readable(db: sqlite3.Connection, sql: str, *values: str) -> Iterator[Row]:
    """Rows until one cannot be read, and then those from the other end, each once."""
    seen = set[Row]()
    for order in ("", " ORDER BY 1 DESC"):
        try:
            for row in db.execute(sql + order, values):
                if row not in seen:
                    seen.add(row)
                    yield row
        except UNREADABLE:
            continue
        return


def _changing(db: sqlite3.Connection, table: str, losses: Losses) -> list[Row]:
    rows = list(_readable(db, f"SELECT * FROM {table}"))
    if table == "process_checkpoints":
        return [(name, losses.position(position)) for name, position in rows]
    return rows


def _stays(_row: dict[str, Any], _losses: Losses) -> bool:
    return True


def _of_one_event(row: dict[str, Any], losses: Losses) -> bool:
    position = row["position"]
    if position is None:
        return True
    row["position"] = losses.position(position)
    return not losses.is_lost(position)


def _of_an_import(row: dict[str, Any], losses: Losses) -> bool:
    row["last_position"] = losses.position(row["last_position"])
    return True


def _of_a_command(row: dict[str, Any], losses: Losses) -> bool:
    first, last = row["first_position"], row["last_position"]
    if first is not None and last is not None:
        first, last = losses.position(first - 1) + 1, losses.position(last)
        is_there = first <= last
        row["first_position"], row["last_position"] = (first, last) if is_there else (None, None)
    return True


MOVED: Final[Mapping[str, Moved]] = {
    "outbox": _of_one_event,
    "retry_journal": _of_one_event,
    "imports": _of_an_import,
    "command_outcomes": _of_a_command,
}
