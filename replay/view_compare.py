"""Compare the stored tables of a view with freshly folded ones, row by row."""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from replay.view import Table, View
from replay.view_tables import WRITES, WRITES_PER_EVENT

NAMED: Final = 10  # differences that are told; the rest is only counted

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not what a fold of the log gives."""

    table: str
    key: Row  # of the row concerned
    position: int | None  # of the event, when a past version of the row is meant
    stored: Row | None  # None: it was missing
    folded: Row | None  # None: it was too much


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was stored beside what a fold gives."""

    digest_stored: str  # of the rows as they are now, in the order of their keys
    digest_folded: str
    difference_count: int
    differences: tuple[Difference, ...]  # the first ones

    @property
    def is_equal(self) -> bool:
        """Whether every row and every version of it is the same."""
        return self.difference_count == 0


def compare(
    live: sqlite3.Connection, fresh: sqlite3.Connection, view: View, base: str
) -> Comparison:
    """The live tables as `live` sees them, with those named `base` as `fresh` sees them."""
    differences, count = list[Difference](), 0
    for table in view.tables:
        for key, stored, folded in _pairs(live, fresh, view, base, table):
            if stored == folded:
                continue
            count += 1
            if len(differences) < NAMED:
                differences.append(_difference(fresh, view, base, table, key, stored, folded))
    return Comparison(
        digest_stored=digest(live, view, view.name),
        digest_folded=digest(fresh, view, base),
        difference_count=count,
        differences=tuple(differences),
    )


def digest(db: sqlite3.Connection, view: View, base: str) -> str:
    """A hash of the rows as they are now, in the order of their keys."""
    found = hashlib.sha256()
    for _key, row in _rows(db, base, view.tables[0]):
        found.update(repr(row).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _pairs(
    live: sqlite3.Connection, fresh: sqlite3.Connection, view: View, base: str, table: Table
) -> Iterator[tuple[Row, Row | None, Row | None]]:
    """Rows of both sides with the same key, side by side, by key."""
    stored, folded = _rows(live, view.name, table), _rows(fresh, base, table)
    one, other = next(stored, None), next(folded, None)
    while one or other:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield one[0], one[1], None
            one = next(stored, None)
        elif one is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(folded, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(stored, None), next(folded, None)


def _rows(db: sqlite3.Connection, base: str, table: Table) -> Iterator[tuple[Row, Row]]:
    """Each row with its key before it, by key."""
    key = ", ".join(f'"{name}"' for name in table.key)
    size = len(table.key)
    for row in db.execute(f'SELECT {key}, * FROM "{base}{table.suffix}" ORDER BY {key}'):
        yield row[:size], row[size:]


def _difference(
    fresh: sqlite3.Connection,
    view: View,
    base: str,
    table: Table,
    key: Row,
    stored: Row | None,
    folded: Row | None,
) -> Difference:
    position = None
    if table.suffix == WRITES:
        position = key[0] // WRITES_PER_EVENT
        key = _key_of(fresh, view, base, (folded or stored or (0, 0))[1]) or key
    return Difference(
        table=view.name + table.suffix, key=key, position=position, stored=stored, folded=folded
    )


def _key_of(fresh: sqlite3.Connection, view: View, base: str, row: int) -> Row | None:
    key = ", ".join(f'"{name}"' for name in view.tables[0].key)
    found: Row | None = fresh.execute(
        f'SELECT {key} FROM "{base}" WHERE _row = ? '
        f'UNION ALL SELECT {key} FROM "{base}_deleted" WHERE _row = ?',
        [row, row],
    ).fetchone()
    return found
