"""The files of one part: versions, rows, deleted keys and the lookup table, as Parquet.

Any program can read them. Each file has its name only when it is complete.
"""

import importlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from replay.parts.arrow import array_of, arrow, require_filled, type_of
from replay.parts.part_sink import PartSink
from replay.projection import Column
from replay.views.flat_rows import FlatRows
from replay.views.sink import WRITES_PER_EVENT, KeyValues, RowState, RowVersion

HISTORY: Final = "history"
ROWS: Final = "rows"
DELETED: Final = "deleted"
LOOKUP: Final = "lookup"
ROWS_A_GROUP: Final = 50_000
DELTA: Final = "DELTA_BINARY_PACKED"  # numbers that grow: a third of the time and of the bytes


class PartFiles:
    """Writes them; a Taker. One thread, one part. After `close` or an error it is used up."""

    def __init__(self, folder: Path, part: int, columns: Sequence[Column]) -> None:
        """The folder must be there; its folders for the kinds of files are made."""
        self._folder, self._part = folder, part
        self._key = [it for it in columns if it.is_key]
        self._rest = [it for it in columns if not it.is_key]
        self._open: list[tuple[Path, Path, Any]] = []
        whole, flag = arrow().int64(), arrow().bool_()
        facts = {"_write": whole, "_first_write": whole, "_position": whole, "_is_deleted": flag}
        self._history = self._writer(HISTORY, [*self._key, *self._rest], facts)

    def take(self, versions: Sequence[RowVersion], sink: PartSink) -> None:
        if not versions:
            return
        pa = arrow()
        writes, numbers = sink.written
        deleted, *rest = _by_column(versions, len(self._rest))
        positions, places = writes // WRITES_PER_EVENT, numbers - 1
        arrays = self._arrays([*map(sink.keys.__getitem__, places.tolist())], rest)
        if not any(deleted):
            for column, found in zip(self._rest, arrays[len(self._key) :], strict=True):
                if column.kind != "json":
                    require_filled(column, found, positions)
        firsts = np.array(sink.firsts, np.int64)[places]
        arrays += map(pa.array, (writes, firsts, positions, np.array(deleted, np.bool_)))
        self._history.write_batch(pa.record_batch(arrays, schema=self._history.schema))

    def finish(self, sink: PartSink) -> None:
        """Write what stands at the end, and give all files their names."""
        standing = [it for it in sink.rows.values() if it.values is not None]
        self._write_rows(sorted(standing, key=_key), sink)
        gone = sorted((it for it in sink.rows.values() if it.values is None), key=_key)
        self._write_deleted(gone, sink)
        self._write_lookup(sink)
        for unfinished, path, writer in self._open:
            writer.close()
            os.replace(unfinished, path)

    def discard(self) -> None:
        """Remove what is not finished."""
        for unfinished, _, writer in self._open:
            writer.close()
            unfinished.unlink(missing_ok=True)

    def _write_rows(self, rows: Sequence[RowState], sink: PartSink) -> None:
        whole, flag = arrow().int64(), arrow().bool_()
        facts = {"_position": whole, "_first_position": whole, "_writes": whole, "_is_cut": flag}
        columns = [*self._key, *self._rest]
        writer = self._writer(ROWS, columns, {**facts, "_first_write": whole})
        for some in _runs(rows):
            values = [it.values or () for it in some]
            rest = list(zip(*values, strict=True)) if self._rest else []
            arrays = self._arrays([it.key for it in some], rest)
            positions = [it.position for it in some]
            for column, found in zip(columns, arrays, strict=True):
                require_filled(column, found, positions)
            numbers = (
                positions,
                [it.first_position for it in some],
                [it.writes for it in some],
                [it.is_cut for it in some],
                [sink.firsts[it.number - 1] for it in some],
            )
            arrays += map(arrow().array, numbers)
            writer.write_batch(arrow().record_batch(arrays, schema=writer.schema))

    def _write_deleted(self, rows: Sequence[RowState], sink: PartSink) -> None:
        whole = arrow().int64()
        writer = self._writer(DELETED, self._key, {"_writes": whole, "_first_write": whole})
        for some in _runs(rows):
            arrays = self._arrays([it.key for it in some], [])
            firsts = [sink.firsts[it.number - 1] for it in some]
            arrays += [arrow().array([it.writes for it in some]), arrow().array(firsts)]
            writer.write_batch(arrow().record_batch(arrays, schema=writer.schema))

    def _write_lookup(self, sink: PartSink) -> None:
        text = arrow().string()
        names = {"key": text, "position": arrow().int64(), "value": text}
        writer = self._writer(LOOKUP, [], names)
        for some in _runs(sorted(sink.lookup, key=lambda it: it[:2])):
            arrays = [
                arrow().array(values, type=kind)
                for values, kind in zip(zip(*some, strict=True), names.values(), strict=True)
            ]
            writer.write_batch(arrow().record_batch(arrays, schema=writer.schema))

    def _writer(self, kind: str, columns: Sequence[Column], more: dict[str, Any]) -> Any:
        pa, parquet = arrow(), importlib.import_module("pyarrow.parquet")
        path = file_of(self._folder, kind, self._part)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.parent / f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}"
        schema = pa.schema([*((it.name, type_of(it)) for it in columns), *more.items()])
        numbers = {name: DELTA for name, kind in more.items() if kind == pa.int64()}
        writer = parquet.ParquetWriter(
            unfinished,
            schema,
            compression="zstd",
            use_dictionary=False,
            column_encoding=numbers,
        )
        self._open.append((unfinished, path, writer))
        return writer

    def _arrays(self, keys: Sequence[KeyValues], rest: Sequence[Sequence[Any]]) -> list[Any]:
        found = [array_of(it, [key[at] for key in keys]) for at, it in enumerate(self._key)]
        others = zip(self._rest, rest, strict=True) if rest else ()
        return found + [array_of(column, values) for column, values in others]


def file_of(folder: Path, kind: str, part: int) -> Path:
    """Where the rows of a kind of one part are."""
    return folder / kind / f"part-{part:05}.parquet"


def _by_column(versions: Sequence[RowVersion], width: int) -> list[Sequence[Any]]:
    """Whether each is deleted, then the columns beside the key."""
    if isinstance(versions, FlatRows):
        flat, step = versions.values, versions.width
        none = [0] * len(versions)
        return [none, *(flat[2 + at :: step] for at in range(width))]
    _writes, _numbers, *columns = zip(*versions, strict=True)
    return [*columns]


def _runs(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[at : at + ROWS_A_GROUP] for at in range(0, len(rows), ROWS_A_GROUP))


def _key(row: RowState) -> KeyValues:
    return row.key
