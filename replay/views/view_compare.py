"""Compare the stored tables of a view with freshly folded ones, row by row."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from replay.view_version import ViewVersion
from replay.views.lookup_store import LOOKUP
from replay.views.sink import WRITES_PER_EVENT
from replay.views.view import Table, View
from replay.views.view_tables import DELETED, WRITES
from replay.words import counted, said

NAMED: Final = 10  # differences that are told; the rest is only counted
HASHED_AT_ONCE: Final = 500  # rows
LONGEST_TOLD: Final = 120  # characters of a value

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value that is not what a fold of the log gives."""

    column: str
    stored: Any
    folded: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row, or one version of a row, that is not what a fold of the log gives."""

    table: str
    key: Row  # of the row concerned
    position: int | None  # of the event that wrote it, or wrote it last; None where none did
    cells: tuple[Cell, ...]  # what differs; empty for a row that is missing, or too much
    text: str  # the same for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was stored beside what a fold gives."""

    digest_stored: str  # of the rows and their history, in the order of their keys
    digest_folded: str
    difference_count: int
    first_position: int | None  # the earliest of those of all differences
    differences: tuple[Difference, ...]  # the first ones

    @property
    def is_equal(self) -> bool:
        """Whether every row and every version of it is the same."""
        return self.difference_count == 0

    def lines(self) -> Iterator[str]:
        """The differences for a person, and how many more there are."""
        yield from (it.text for it in self.differences)
        if more := self.difference_count - len(self.differences):
            yield said("and {more:,} more", more=more)


def compare(
    live: sqlite3.Connection, fresh: sqlite3.Connection, view: View, version: ViewVersion
) -> Comparison:
    """The live tables as `live` sees them, with those of a version as `fresh` sees them."""
    base = version.name
    told, count, digests = list[Difference](), 0, _Digests()
    first: int | None = None
    for table in view.tables:
        digests.begin(table.suffix)
        names = _names(fresh, base, table)
        for key, stored, folded in _pairs(live, fresh, view, base, table):
            digests.add(stored, folded)
            if stored == folded:
                continue
            count += 1
            position = _position(table, names, key, folded or stored or ())
            if position is not None and (first is None or position < first):
                first = position
            if len(told) < NAMED:
                key = _key_of(fresh, view, base, table, key, folded or stored or ())
                told.append(_difference(view, table, names, key, position, stored, folded))
    return Comparison(
        digest_stored=digests.stored,
        digest_folded=digests.folded,
        difference_count=count,
        first_position=first,
        differences=tuple(told),
    )


def digest(db: sqlite3.Connection, view: View, version: ViewVersion) -> str:
    """A hash of the rows and of their history, in the order of their keys."""
    return digest_of(
        (it.suffix, (row for _key, row in _rows(db, version.name, it))) for it in view.tables
    )


def digest_of(tables: Iterable[tuple[str, Iterable[Row]]]) -> str:
    """The same of rows that lie elsewhere: of each table its suffix and all its columns, in the
    order of the keys."""
    digests = _Digests()
    for suffix, rows in tables:
        digests.begin(suffix)
        for row in rows:
            digests.add(row, row)
    return digests.stored


def digest_of_texts(tables: Iterable[tuple[str, Iterable[bytes]]]) -> str:
    """The same of rows that are text already, many at once: their tuples as Python shows them."""
    hashed = hashlib.sha256()
    for suffix, texts in tables:
        hashed.update(_bytes([(suffix,)]))
        for it in texts:
            hashed.update(it)
    return hashed.hexdigest()


class _Digests:
    """Of both sides; one hash as long as they are the same, taken of many rows at once."""

    def __init__(self) -> None:
        self._stored = hashlib.sha256()
        self._folded: hashlib._Hash | None = None
        self._same: list[Row] = []  # on both sides, and not in the hashes yet

    def begin(self, suffix: str) -> None:
        """The rows of the table with this suffix come next."""
        self.add((suffix,), (suffix,))

    def add(self, stored: Row | None, folded: Row | None) -> None:
        """One row of both sides; None where it is not there."""
        if stored is not None and stored == folded:
            self._same.append(stored)
            if len(self._same) == HASHED_AT_ONCE:
                self._flush()
            return
        self._flush()
        self._folded = self._folded or self._stored.copy()
        if stored is not None:
            self._stored.update(_bytes([stored]))
        if folded is not None:
            self._folded.update(_bytes([folded]))

    @property
    def stored(self) -> str:
        """Of the stored side."""
        self._flush()
        return self._stored.hexdigest()

    @property
    def folded(self) -> str:
        """Of the folded side."""
        self._flush()
        return (self._folded or self._stored).hexdigest()

    def _flush(self) -> None:
        rows = _bytes(self._same)
        self._stored.update(rows)
        if self._folded is not None:
            self._folded.update(rows)
        self._same = []


def _bytes(rows: list[Row]) -> bytes:
    return "".join(map(repr, rows)).encode("utf-8", "surrogatepass")


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


def _names(db: sqlite3.Connection, base: str, table: Table) -> tuple[str, ...]:
    found = db.execute(f'SELECT * FROM "{base}{table.suffix}" LIMIT 0').description
    return tuple(it[0] for it in found)


def _position(table: Table, names: Sequence[str], key: Row, row: Row) -> int | None:
    """Of the event that wrote the row, where the table tells."""
    if table.suffix == WRITES:
        return int(key[0]) // WRITES_PER_EVENT
    found = {**dict(zip(table.key, key, strict=True)), **dict(zip(names, row, strict=True))}
    position = found.get("_position", found.get("position"))
    return position if isinstance(position, int) else None


def _key_of(
    db: sqlite3.Connection, view: View, base: str, table: Table, key: Row, found: Row
) -> Row:
    """The key of the row, or the value, that a version or a deletion belongs to; else the
    table's own."""
    if table.suffix == LOOKUP:
        return key[:1]
    if table.suffix not in (WRITES, DELETED) or view.projection is None:
        return key
    row = key[0] if table.suffix == DELETED else found[1]
    names = ", ".join(f'"{name}"' for name in view.tables[0].key)
    whose: Row | None = db.execute(
        f'SELECT {names} FROM "{base}" WHERE _row = ? '
        f'UNION ALL SELECT {names} FROM "{base}_deleted" WHERE _row = ?',
        [row, row],
    ).fetchone()
    return whose or key


def _difference(
    view: View,
    table: Table,
    names: Sequence[str],
    key: Row,
    position: int | None,
    stored: Row | None,
    folded: Row | None,
) -> Difference:
    cells = tuple(
        Cell(column=_INTERNAL.get(name, name), stored=_plain(a), folded=_plain(b))
        for name, a, b in zip(names, stored or (), folded or (), strict=False)
        if a != b
    )
    return Difference(
        table=view.name + table.suffix,
        key=key,
        position=position,
        cells=cells,
        text=_text(table, key, position, cells, is_stored=stored is not None),
    )


def _text(
    table: Table, key: Row, position: int | None, cells: tuple[Cell, ...], *, is_stored: bool
) -> str:
    part = {
        "": "",
        WRITES: said("history of "),
        DELETED: said("deletion of "),
        LOOKUP: said("lookup table, "),
    }.get(table.suffix)
    part = said("table {suffix}, ", suffix=table.suffix) if part is None else part
    at = "" if position is None else said(", written at position {position:,}", position=position)
    what = "value" if table.suffix == LOOKUP else "row"
    whose = f"{part}{what} {', '.join(map(str, key))}{at}"
    if not cells:
        wrong = said("the log does not give it") if is_stored else said("it is missing")
        return f"{whose}: {wrong}"
    told = "; ".join(
        said(
            "{column} is {stored}, the log gives {folded}",
            column=it.column,
            stored=_short(it.stored),
            folded=_short(it.folded),
        )
        for it in cells
    )
    return f"{whose}: {told}"


def _plain(value: Any) -> Any:
    return (
        said(
            "{count}, {hex}…",
            count=counted("{count:,} byte", "{count:,} bytes", len(value)),
            hex=value[:16].hex(),
        )
        if isinstance(value, bytes)
        else value
    )


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value) or "empty"
    return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"


_INTERNAL: Final = {
    "_position": said("position of the last write"),
    "_first_position": said("position of the first write"),
    "_writes": said("number of writes"),
    "_row": said("number of the row"),
    "_is_cut": said("whether its history is cut"),
    "_is_deleted": said("whether it is deleted"),
}
