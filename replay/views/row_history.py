"""Rows of one view as they were: by key, as of any position, by way of its writes."""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple

from replay.projection import Column
from replay.views.lookup_store import LookupStore
from replay.views.sink import WRITES_PER_EVENT, KeyValues

NO_END: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One version of a row."""

    row: int  # the row's number
    write: int
    is_deleted: bool
    key: KeyValues
    rest: tuple[Any, ...]  # the columns beside the key, as stored

    @property
    def position(self) -> int:
        """Of the event that wrote it."""
        return self.write // WRITES_PER_EVENT


class RowHistory:
    """Reads the tables of the view `base`; one thread. Positions are as-of: the event there is
    included. Every query goes by the primary key of the writes, by the index over their rows,
    or by the index over the keys."""

    def __init__(self, db: sqlite3.Connection, base: str, columns: Sequence[Column]) -> None:
        self._db = db
        self._sql = HistorySql(base, columns)
        self._rest = [it.name for it in columns if not it.is_key]
        self._lookup = LookupStore(db, base)

    def rows_now(self, *, after: KeyValues | None, limit: int) -> list[tuple[Any, ...]]:
        """Rows behind a key, by key: the columns, then the position that last wrote the row."""
        sql = self._sql.now if after is None else self._sql.now_after
        return self._db.execute(sql, [*(after or ()), limit]).fetchall()

    def row_now(self, key: KeyValues) -> tuple[Any, ...] | None:
        """One row: the columns, then the position that last wrote it."""
        row: tuple[Any, ...] | None = self._db.execute(self._sql.now_one, key).fetchone()
        return row

    def rows_at(self, position: int, *, after: KeyValues | None, limit: int) -> list[Write]:
        """Rows behind a key, by key, as of a position."""
        found = (self.version(row, position, key) for key, row in self._rows(position, after))
        return list(islice((it for it in found if it is not None and not it.is_deleted), limit))

    def row_number(self, key: KeyValues) -> int | None:
        """The number of the row that has, or had, this key."""
        found = self._db.execute(self._sql.number, [*key, *key]).fetchone()
        return None if found is None else int(found[0])

    def version(self, row: int, position: int, key: KeyValues) -> Write | None:
        """The row as last written up to a position; None when it was not there yet."""
        found = self._db.execute(self._sql.version, [row, _end(position)]).fetchone()
        return None if found is None else _write(found, key)

    def versions(self, row: int, key: KeyValues, *, before: int, limit: int) -> list[Write]:
        """Versions of the row written before a position, the latest first."""
        end = before * WRITES_PER_EVENT
        found = self._db.execute(self._sql.versions, [row, end, limit])
        return [_write(it, key) for it in found]

    def written(self, after: int, end: int, *, limit: int) -> list[Write]:
        """The writes behind one and before another, of all rows, in the order they were made."""
        found = self._db.execute(self._sql.written, [after, end, limit]).fetchall()
        keys = {row: self.key_of(row) for row in {it[0] for it in found}}
        return [_write(it, keys[it[0]]) for it in found]

    def write_behind(self, write: Write) -> int | None:
        """The next write of the same row, if it was written again."""
        found = self._db.execute(self._sql.next_write, [write.row, write.write]).fetchone()
        return None if found is None else int(found[1])

    def version_before(self, write: Write) -> Write | None:
        """What a write replaced, deleted or not; None where the row was not there yet."""
        found = self._db.execute(self._sql.version, [write.row, write.write]).fetchone()
        return None if found is None else _write(found, write.key)

    def first_of_value(self, column: str, write: Write) -> tuple[Write, Write | None]:
        """The write that gave a column the value which a write of the row has, and the one before
        it; None where the row was not there."""
        before = self._last_of_other_value(column, write)
        last = before.write if before else -1
        first = self._db.execute(self._sql.next_write, [write.row, last]).fetchone()
        return _write(first, write.key), None if before is None or before.is_deleted else before

    def _last_of_other_value(self, column: str, write: Write) -> Write | None:
        """The last write of the row before one where a column has another value.

        As long as most of the writes that there are belong to the row the table is gone through
        as it lies, which costs half of looking up each of them; from then on by the index.
        """
        value = write.rest[self._rest.index(column)] if column in self._rest else None
        sql = self._sql.other_value(column, is_null=value is None)
        values = [] if value is None else [value]
        end, size = write.write, LOOKED_THROUGH_FIRST
        while (start := self._dense_until(write.row, end, size)) is not None:
            (found,) = self._db.execute(sql.within, [start, end, write.row, *values]).fetchone()
            if found is not None:
                end = found + 1
                break
            end, size = start, min(8 * size, LOOKED_THROUGH)
        other = self._db.execute(sql.before, [write.row, end, *values]).fetchone()
        return None if other is None else _write(other, write.key)

    def _dense_until(self, row: int, end: int, size: int) -> int | None:
        """The write so many before one, of whatever rows, where most of those in between are of
        this row; None where they are not, or where there are not so many."""
        start = self._db.execute(self._sql.write_before, [end, size]).fetchone()
        if start is None:
            return None
        (count,) = self._db.execute(self._sql.count_within, [row, start[0], end]).fetchone()
        return int(start[0]) if 2 * count > size else None

    def kept_version(self, write: Write) -> Write | None:
        """The latest version, this one or before, whose JSON columns were kept."""
        found = self._db.execute(self._sql.kept, [write.row, write.write]).fetchone()
        return None if found is None else _write(found, write.key)

    def positions_between(self, row: int, first: int, last: int) -> list[int]:
        """The positions of the events of the row's writes behind one write, up to another."""
        found = self._db.execute(self._sql.writes_between, [row, first, last])
        return list(dict.fromkeys(it // WRITES_PER_EVENT for (it,) in found))

    def changed(self, after: int, until: int, *, after_row: int, limit: int) -> list[int]:
        """The numbers of rows that were written behind one position and up to another."""
        span = (_end(after), _end(until), after_row, limit)
        return [row for (row,) in self._db.execute(self._sql.changed, span)]

    def lookup(self, key: str, before: int) -> str | None:
        """The value in the lookup table as it was before a position, as JSON text; only of a view
        whose projection keeps one."""
        return self._lookup.find(key, before)

    def key_of(self, row: int) -> KeyValues:
        """The key of a row that is, or was, there."""
        key: KeyValues = self._db.execute(self._sql.key, [row, row]).fetchone()
        return key

    def _rows(self, position: int, after: KeyValues | None) -> Iterator[tuple[KeyValues, int]]:
        """Keys behind `after`, in order, of the rows that had appeared by a position.

        Either by key, passing over those that had not: cheap when most had. Or all that had,
        put in order: cheap when few had.
        """
        total = int(self._db.execute(self._sql.last_row).fetchone()[0])
        appeared = bisect_left(range(1, total + 1), _end(position), key=self._first_write)
        sql = self._sql.by_number if appeared * appeared < FEW * total else self._sql.by_key
        rows = self._db.execute(sql[after is not None], [appeared, *(after or ())] * 2)
        return ((it[:-1], it[-1]) for it in rows)

    def _first_write(self, row: int) -> int:
        return int(self._db.execute(self._sql.first_write, [row]).fetchone()[0])


FEW: Final = 50  # rows asked for at once, about
LOOKED_THROUGH_FIRST: Final = 256  # writes of a table, of whatever rows
LOOKED_THROUGH: Final = 16_384  # the same, later


class HistorySql:
    """The statements, from names that were checked."""

    def __init__(self, base: str, columns: Sequence[Column]) -> None:
        rows, writes, deleted = f'"{base}"', f'"{base}_writes"', f'"{base}_deleted"'
        key = ", ".join(f'"{it.name}"' for it in columns if it.is_key)
        rest = "".join(f', "{it.name}"' for it in columns if not it.is_key)
        is_kept = "".join(f' AND "{it.name}" IS NOT NULL' for it in columns if it.kind == "json")
        size = sum(it.is_key for it in columns)
        marks = ", ".join("?" * size)
        behind = f"({key}) > ({marks})" if size > 1 else f"{key} > ?"
        same = f"({key}) = ({marks})" if size > 1 else f"{key} = ?"
        now = f"SELECT {key}{rest}, _position FROM {rows}"
        version = f"SELECT _row, _write, _is_deleted{rest} FROM {writes} WHERE _row = ?"

        self.now = f"{now} ORDER BY {key} LIMIT ?"
        self.now_after = f"{now} WHERE {behind} ORDER BY {key} LIMIT ?"
        self.now_one = f"{now} WHERE {same}"
        self.version = f"{version} AND _write < ? ORDER BY _write DESC LIMIT 1"
        self.versions = f"{version} AND _write < ? ORDER BY _write DESC LIMIT ?"
        self.next_write = f"{version} AND _write > ? ORDER BY _write LIMIT 1"
        self.written = f"""SELECT _row, _write, _is_deleted{rest} FROM {writes}
WHERE _write > ? AND _write < ? ORDER BY _write LIMIT ?"""
        self.write_before = f"""SELECT _write FROM {writes} NOT INDEXED WHERE _write < ?
ORDER BY _write DESC LIMIT 1 OFFSET ?"""
        self.count_within = f"""SELECT count(*) FROM {writes}
WHERE _row = ? AND _write >= ? AND _write < ?"""
        self._rest = frozenset(it.name for it in columns if not it.is_key)
        self._version, self._writes = version, writes
        self.kept = f"{version} AND _write <= ?{is_kept} ORDER BY _write DESC LIMIT 1"
        self.writes_between = f"""SELECT _write FROM {writes}
WHERE _row = ? AND _write > ? AND _write <= ? ORDER BY _write"""
        self.first_write = f"SELECT min(_write) FROM {writes} WHERE _row = ?"
        self.changed = f"""SELECT DISTINCT _row FROM {writes} NOT INDEXED
WHERE _write >= ? AND _write < ? AND _row > ? ORDER BY _row LIMIT ?"""
        self.number = f"""SELECT _row FROM {rows} WHERE {same}
UNION ALL SELECT _row FROM {deleted} WHERE {same}"""
        self.key = f"""SELECT {key} FROM {rows} WHERE _row = ?
UNION ALL SELECT {key} FROM {deleted} WHERE _row = ?"""
        self.last_row = f"""SELECT max(coalesce((SELECT max(_row) FROM {rows}), 0),
    coalesce((SELECT max(_row) FROM {deleted}), 0))"""
        self.by_key = tuple(
            f"""SELECT {key}, _row FROM {rows} WHERE _row <= ?{only}
UNION ALL SELECT {key}, _row FROM {deleted} WHERE _row <= ?{only} ORDER BY {key}"""
            for only in ("", f" AND {behind}")
        )
        self.by_number = tuple(
            f"""SELECT {key}, _row FROM {rows} NOT INDEXED WHERE _row <= ?{only}
UNION ALL SELECT {key}, _row FROM {deleted} NOT INDEXED WHERE _row <= ?{only} ORDER BY {key}"""
            for only in ("", f" AND {behind}")
        )

    def other_value(self, column: str, *, is_null: bool) -> "OtherValueSql":
        """What is asked with the value behind the rest, unless it is null: a write that deletes
        the row has null in every column."""
        is_other = f'"{column}" IS NOT ?'
        if is_null:
            is_there = f' OR "{column}" IS NOT NULL' if column in self._rest else ""
            is_other = f"(_is_deleted{is_there})"
        return OtherValueSql(
            before=f"{self._version} AND _write < ? AND {is_other} ORDER BY _write DESC LIMIT 1",
            within=f"""SELECT max(_write) FROM {self._writes} NOT INDEXED
WHERE _write >= ? AND _write < ? AND _row = ? AND {is_other}""",
        )


class OtherValueSql(NamedTuple):
    """Writes of a row where a column has another value: the last before a write, by the index; and
    the same of what lies between two, without it."""

    before: str
    within: str


def _end(position: int) -> int:
    """The first write behind a position."""
    return (position + 1) * WRITES_PER_EVENT


def _write(found: tuple[Any, ...], key: KeyValues) -> Write:
    row, write, is_deleted, *rest = found
    return Write(row=row, write=write, is_deleted=bool(is_deleted), key=key, rest=tuple(rest))
