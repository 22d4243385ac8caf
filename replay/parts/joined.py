"""The parts of a view put together: rows get the numbers that a fold of the whole would give.

Rows are numbered in the order of their first writes, whichever part they are of.
"""

import importlib
from collections.abc import Iterator, Sequence
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import numpy as np

from replay.parts.arrow import arrow
from replay.parts.part_files import DELETED, HISTORY, LOOKUP, ROWS, file_of
from replay.projection import Column
from replay.views.lookup_store import LOOKUP as LOOKUP_TABLE
from replay.views.sink import WRITES_PER_EVENT
from replay.views.view_compare import Row, digest_of
from replay.views.view_tables import DELETED as DELETED_TABLE
from replay.views.view_tables import WRITES as WRITES_TABLE

AT_ONCE: Final = 20_000  # versions of one part


class Joined:
    """What stands in the files of all parts. One thread."""

    def __init__(self, folder: Path, parts: Sequence[int], columns: Sequence[Column]) -> None:
        """`parts` must be done."""
        self._folder, self._parts = folder, parts
        self._key = [it.name for it in columns if it.is_key]
        self._rest = [it.name for it in columns if not it.is_key]
        self._truths = frozenset(it.name for it in columns if it.kind == "boolean")
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
        names = ["_write", "_first_write", "_is_deleted", *self._rest]
        for batch in _in_order([_Stream(it, names) for it in self._files(HISTORY)]):
            write, first, deleted, *rest = (batch.column(name) for name in names)
            yield list(
                zip(
                    write.to_pylist(),
                    self._numbers(first),
                    map(int, deleted.to_pylist()),
                    *(self._plain(it, name) for it, name in zip(rest, self._rest, strict=True)),
                    strict=True,
                )
            )

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row by key: its columns, then position, first position, writes, whether its
        history is cut, number."""
        width = len(self._key)
        names = [*self._key, *self._rest, "_position", "_first_position", "_writes", "_is_cut"]
        found = (self._rows_of(it, names) for it in self._files(ROWS))
        return merge(*found, key=itemgetter(*range(width)))

    def deleted(self) -> list[tuple[Any, ...]]:
        """Keys without a row by number: the key, writes, number."""
        names = [*self._key, "_writes"]
        found = [row for it in self._files(DELETED) for row in self._rows_of(it, names)]
        return sorted(found, key=itemgetter(-1))

    def lookup(self) -> Iterator[tuple[str, int, str | None]]:
        """The lookup table by key and position."""
        names = ["key", "position", "value"]
        found = (_tuples(it, names) for it in self._files(LOOKUP))
        return merge(*found, key=itemgetter(0, 1))

    def digest(self, *, keeps_lookup: bool) -> str:
        """As replay.views.view_compare.digest gives it of the tables with the same rows."""
        tables: list[tuple[str, Iterator[Row]]] = [
            ("", self.rows()),
            (WRITES_TABLE, (_with_position(it) for some in self.versions() for it in some)),
            (DELETED_TABLE, iter(self.deleted())),
        ]
        if keeps_lookup:
            tables.append((LOOKUP_TABLE, self.lookup()))
        return digest_of(tables)

    def _rows_of(self, file: Any, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for batch in file.iter_batches(columns=[*names, "_first_write"]):
            values = [self._plain(batch.column(it), it) for it in names]
            yield from zip(*values, self._numbers(batch.column("_first_write")), strict=True)

    def _plain(self, column: Any, name: str) -> Any:
        """As the tables have it: truth as a number."""
        values = column.to_pylist()
        if name in self._truths or name == "_is_cut":
            return [None if it is None else int(it) for it in values]
        return values

    def _numbers(self, firsts: Any) -> list[int]:
        found = np.searchsorted(self._firsts, firsts.to_numpy(zero_copy_only=False)) + 1
        return [*map(int, found)]

    def _every_first(self) -> Any:
        files = [*self._files(ROWS), *self._files(DELETED)]
        found = [it.read(columns=["_first_write"]).column(0).to_numpy() for it in files]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _files(self, kind: str) -> Iterator[Any]:
        parquet = importlib.import_module("pyarrow.parquet")
        return (parquet.ParquetFile(file_of(self._folder, kind, it)) for it in self._parts)


class _Stream:
    """The versions of one part that were not handed on yet; they are in order."""

    def __init__(self, file: Any, names: Sequence[str]) -> None:
        self._batches = file.iter_batches(batch_size=AT_ONCE, columns=names)
        self.batch: Any = None
        self.more()

    def more(self) -> None:
        """Go on when there is nothing at hand."""
        while self.batch is None or not self.batch.num_rows:
            self.batch = next(self._batches, None)
            if self.batch is None:
                return

    @property
    def last(self) -> int:
        """The last write at hand."""
        return int(self.batch.column("_write")[-1].as_py())

    def until(self, write: int) -> Any:
        """Hand on what is at hand up to a write."""
        writes = self.batch.column("_write").to_numpy()
        count = int(np.searchsorted(writes, write, side="right"))
        found, self.batch = self.batch.slice(0, count), self.batch.slice(count)
        return found


def _in_order(streams: Sequence[_Stream]) -> Iterator[Any]:
    """The versions of all parts in one order, in batches."""
    pa = arrow()
    open_ones = [it for it in streams if it.batch is not None]
    while open_ones:
        last = min(it.last for it in open_ones)
        found = [it.until(last) for it in open_ones]
        table = pa.Table.from_batches(found).combine_chunks()
        order = np.argsort(table.column("_write").to_numpy(), kind="stable")
        yield from table.take(pa.array(order)).combine_chunks().to_batches()
        for it in open_ones:
            it.more()
        open_ones = [it for it in open_ones if it.batch is not None]


def _with_position(version: tuple[Any, ...]) -> tuple[Any, ...]:
    """As `SELECT *` of the table gives it."""
    return (*version, version[0] // WRITES_PER_EVENT)


def _tuples(file: Any, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for batch in file.iter_batches(columns=names):
        yield from zip(*(batch.column(it).to_pylist() for it in names), strict=True)
