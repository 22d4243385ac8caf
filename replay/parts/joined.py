"""The parts of a view put together: rows get the numbers that a fold of the whole would give.

Rows are numbered in the order of their first writes, whichever part they are of.
"""

import importlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import numpy as np

from replay.parts.arrow import arrow
from replay.parts.part_files import DELETED, HISTORY, LOOKUP, ROWS, file_of
from replay.parts.row_texts import texts_of_all
from replay.projection import Column
from replay.views.lookup_store import LOOKUP as LOOKUP_TABLE
from replay.views.sink import WRITES_PER_EVENT
from replay.views.view_compare import digest_of_texts
from replay.views.view_tables import DELETED as DELETED_TABLE
from replay.views.view_tables import WRITES as WRITES_TABLE

AT_ONCE: Final = 20_000  # rows or versions of one part


class Joined:
    """What stands in the files of all parts. One thread."""

    def __init__(self, folder: Path, parts: Sequence[int], columns: Sequence[Column]) -> None:
        """`parts` must be done."""
        self._folder, self._parts = folder, parts
        self._key = [it.name for it in columns if it.is_key]
        self._rest = [it.name for it in columns if not it.is_key]
        self._firsts = np.sort(self._every_first())

    @property
    def row_count(self) -> int:
        """Rows that stand."""
        return sum(it.metadata.num_rows for it in self._files(ROWS))

    @property
    def version_count(self) -> int:
        """Writes of all rows."""
        return sum(it.metadata.num_rows for it in self._files(HISTORY))

    def versions(self) -> Iterator[list[tuple[Any, ...]]]:
        """Every write in order, many at once: write, number, whether deleted, columns beside the
        key, as the table of writes has them."""
        return map(_tuples, self._versions())

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row by key: its columns, then position, first position, writes, whether its
        history is cut, number."""
        return (row for some in self._rows() for row in _tuples(some))

    def deleted(self) -> list[tuple[Any, ...]]:
        """Keys without a row by number: the key, writes, number."""
        found = (row for some in self._deleted() for row in _tuples(some))
        return sorted(found, key=itemgetter(-1))

    def lookup(self) -> Iterator[tuple[str, int, str | None]]:
        """The lookup table by key and position."""
        for some in self._lookup():
            yield from zip(*(it.to_pylist() for it in some), strict=True)

    def digest(self, *, keeps_lookup: bool) -> str:
        """As replay.views.view_compare.digest gives it of the tables with the same rows."""
        tables = [
            ("", texts_of_all(self._rows())),
            (WRITES_TABLE, texts_of_all([*it, _positions(it[0])] for it in self._versions())),
            (DELETED_TABLE, (repr(it).encode() for it in self.deleted())),
        ]
        if keeps_lookup:
            tables.append((LOOKUP_TABLE, texts_of_all(self._lookup())))
        return digest_of_texts(tables)

    def _versions(self) -> Iterator[list[Any]]:
        names = ["_write", "_first_write", "_is_deleted", *self._rest]
        for write, first, *others in self._in_order(HISTORY, names, by=["_write"]):
            yield [write, self._numbers(first), *others]

    def _rows(self) -> Iterator[list[Any]]:
        facts = ["_position", "_first_position", "_writes", "_is_cut", "_first_write"]
        names = [*self._key, *self._rest, *facts]
        for *columns, first in self._in_order(ROWS, names, by=self._key):
            yield [*columns, self._numbers(first)]

    def _deleted(self) -> Iterator[list[Any]]:
        names = [*self._key, "_writes", "_first_write"]
        for *columns, first in self._in_order(DELETED, names, by=self._key):
            yield [*columns, self._numbers(first)]

    def _lookup(self) -> Iterator[list[Any]]:
        return self._in_order(LOOKUP, ["key", "position", "value"], by=["key", "position"])

    def _in_order(
        self, kind: str, names: Sequence[str], *, by: Sequence[str]
    ) -> Iterator[list[Any]]:
        """Of all parts in one order: the named columns, many rows at once."""
        streams = [_Stream(it, names, by) for it in self._files(kind)]
        for batch in _merged([it for it in streams if it.batch is not None], by):
            yield [batch.column(name) for name in names]

    def _numbers(self, firsts: Any) -> Any:
        found = np.searchsorted(self._firsts, firsts.to_numpy(zero_copy_only=False)) + 1
        return arrow().array(found)

    def _every_first(self) -> Any:
        files = [*self._files(ROWS), *self._files(DELETED)]
        found = [it.read(columns=["_first_write"]).column(0).to_numpy() for it in files]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _files(self, kind: str) -> Iterator[Any]:
        parquet = importlib.import_module("pyarrow.parquet")
        return (parquet.ParquetFile(file_of(self._folder, kind, it)) for it in self._parts)


class _Stream:
    """What one part has of a kind that was not handed on yet; it is in order."""

    def __init__(self, file: Any, names: Sequence[str], by: Sequence[str]) -> None:
        columns = [*names, *(it for it in by if it not in names)]
        self._batches = file.iter_batches(batch_size=AT_ONCE, columns=columns)
        self._by = by
        self.batch: Any = None
        self.more()

    def more(self) -> None:
        """Go on when there is nothing at hand."""
        while self.batch is None or not self.batch.num_rows:
            self.batch = next(self._batches, None)
            if self.batch is None:
                return

    @property
    def last(self) -> tuple[Any, ...]:
        """The key of the last row at hand."""
        return self._key(self.batch.num_rows - 1)

    def until(self, last: tuple[Any, ...]) -> Any:
        """Hand on what is at hand up to a key."""
        count = bisect_right(range(self.batch.num_rows), last, key=self._key)
        found, self.batch = self.batch.slice(0, count), self.batch.slice(count)
        return found

    def _key(self, at: int) -> tuple[Any, ...]:
        return tuple(self.batch.column(it)[at].as_py() for it in self._by)


def _merged(streams: Sequence[_Stream], by: Sequence[str]) -> Iterator[Any]:
    """What all streams have, in one order, in batches."""
    pa = arrow()
    while streams:
        last = min(it.last for it in streams)
        table = pa.Table.from_batches([it.until(last) for it in streams])
        if len(streams) > 1:
            table = table.sort_by([(it, "ascending") for it in by])
        yield from table.combine_chunks().to_batches()
        for it in streams:
            it.more()
        streams = [it for it in streams if it.batch is not None]


def _positions(writes: Any) -> Any:
    return arrow().array(writes.to_numpy() // WRITES_PER_EVENT)


def _tuples(columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """As the tables have them: truth as a number."""
    pa = arrow()
    whole = [it.cast(pa.int8()) if pa.types.is_boolean(it.type) else it for it in columns]
    return list(zip(*(it.to_pylist() for it in whole), strict=True))
