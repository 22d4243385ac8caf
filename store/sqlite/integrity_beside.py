"""The check of what stands beside the events, against the chain that was made over it."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from store import json_text
from store.beside.chained_rows import CHAINED, entry_bytes
from store.sqlite.chain import BEGINNING, chained, checksum, pack
from store.sqlite.integrity_report import Kind, Problem
from store.words import counted, said

ENTRIES: Final = """
SELECT b.number, b.recorded_in, b.row_key, b.position, b.checksum, b.chain, e.position, e.chain
FROM beside_chain b LEFT JOIN events e ON e.position = b.position ORDER BY b.number
"""
_ROW: Final = "SELECT {columns} FROM {table} WHERE {key}"
_COUNT: Final = "SELECT count(*) FROM {table}"
_KEYS: Final = "SELECT {key} FROM {table}"


class BesidePass:
    """One pass over the entries of the chain, in order."""

    def __init__(self, db: sqlite3.Connection, *, unchained: Mapping[str, int]) -> None:
        """`unchained`: how many rows of each table are older than the chain."""
        self.rows = 0  # that are chained
        self._db, self._unchained = db, unchained
        self._found: Counter[str] = Counter()
        self._previous = BEGINNING
        self._number = 0
        self._is_end_told = False

    def problems(self) -> Iterator[Problem]:
        """Everything wrong: entries in their order, then what has no entry."""
        for entry in self._db.execute(ENTRIES):
            self.rows += 1
            yield from self._entry(*entry)
        yield from self._unexplained()

    def _entry(
        self,
        number: int,
        table: str,
        key: str,
        position: int,
        stored: int,
        chain: bytes,
        found_position: int | None,
        event_chain: bytes | None,
    ) -> Iterator[Problem]:
        if number != self._number + 1:
            gap = said(
                "entry {number} of the chain beside the events is missing", number=self._number + 1
            )
            yield _problem("missing", gap)
        row = self._row(table, key)
        name = f"{table} {key}"
        if table in CHAINED:
            self._found[table] += row is not None
        if row is None:
            yield _problem("missing", said("the row {name} is missing", name=name))
        elif checksum(pack(row)) != stored:
            yield _problem(
                "changed", said("the row {name} was changed after it was recorded", name=name)
            )
        elif position and found_position is None:
            yield from self._cut_off(position)
        elif number == self._number + 1:
            followed = (number, table, key, position, event_chain or BEGINNING, row)
            if chained(self._previous, entry_bytes(*followed)) != chain:
                text = said(
                    "the row {name}, or an event up to position {position}, was changed "
                    "after recording (entry {number} of the chain beside the events "
                    "differs)",
                    name=name,
                    position=position,
                    number=number,
                )
                yield _problem("chain", text)
        self._previous, self._number = chain, number

    def _row(self, table: str, key: str) -> tuple[Any, ...] | None:
        shape = CHAINED.get(table)
        if shape is None:
            return None
        try:
            values = json_text.decode(key)
        except ValueError:
            return None  # a damaged key is no row's
        where = " AND ".join(f"{it} = ?" for it in shape.key)
        sql = _ROW.format(columns=shape.columns, table=table, key=where)
        found: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
        return found

    def _cut_off(self, position: int) -> Iterator[Problem]:
        if self._is_end_told:
            return
        self._is_end_told = True
        text = said(
            "position {position} is missing; it existed when a row beside it was recorded",
            position=position,
        )
        yield Problem(position=position, kind="missing", text=text)

    def _unexplained(self) -> Iterator[Problem]:
        """Rows without an entry are as many as were there before the chain."""
        for table in CHAINED:
            count = int(self._db.execute(_COUNT.format(table=table)).fetchone()[0])
            extra = count - self._found[table] - self._unchained.get(table, 0)
            if extra > 0:
                yield from self._added(table, extra)
            elif extra < 0:
                text = counted(
                    "{count} row of {table} from before the chain is missing",
                    "{count} rows of {table} from before the chain are missing",
                    -extra,
                    table=table,
                )
                yield _problem("missing", text)

    def _added(self, table: str, extra: int) -> Iterator[Problem]:
        """Name the rows that nobody recorded where none is older than the chain."""
        if self._unchained.get(table, 0):
            yield _problem(
                "added",
                counted(
                    "{count} row of {table} is not in the chain",
                    "{count} rows of {table} are not in the chain",
                    extra,
                    table=table,
                ),
            )
            return
        keys = _KEYS.format(key=f"json_array({', '.join(CHAINED[table].key)})", table=table)
        missing = f"{keys} EXCEPT SELECT row_key FROM beside_chain WHERE recorded_in = ?"
        for (key,) in self._db.execute(missing, [table]):
            yield _problem(
                "added", said("the row {table} {key} is not in the chain", table=table, key=key)
            )


def _problem(kind: Kind, text: str) -> Problem:
    return Problem(position=None, kind=kind, text=text)
