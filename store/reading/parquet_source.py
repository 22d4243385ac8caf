"""Parquet files, through pyarrow, which is an extra: read row group by row group, and written so.

Numbers and texts come as they are; times as texts with all their digits, bytes as base64.
"""

import importlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from store.errors import UnreadableSource
from store.reading.raw_file import Pulse
from store.reading.sample import PARQUET, Sample
from store.words import said

PARQUET_MAGIC: Final = b"PAR1"
AT_ONCE: Final = 1_000  # rows that are values at a time, at most
BYTES_AT_ONCE: Final = 1024 * 1024
ROWS_A_GROUP: Final = 20_000
LARGEST_GROUP: Final = 1024 * 1024 * 1024  # bytes of a row group, unpacked
HOW_TO_GET: Final = said('Install it with: pip install "foldline[parquet]"')


def pyarrow(path: Path, part: str = "pyarrow.parquet") -> Any:
    """A module of pyarrow. Raises UnreadableSource where it is not installed, with how to get it.

    It is looked for when it is wanted: to import it takes longer than to start.
    """
    try:
        return importlib.import_module(part)
    except ImportError as error:
        missing = UnreadableSource(
            said("reading Parquet needs pyarrow, which is not installed"), path
        )
        missing.hint = HOW_TO_GET
        raise missing from error


def parquet_sample(file: Path, path: Path, *, name: str) -> Sample:
    """What a file shows: its columns. `path` is what errors name. Raises UnreadableSource."""
    with _opened(file, path) as opened:
        columns = frozenset(opened.schema_arrow.names)
    tables = {PARQUET: columns}
    return Sample(name=name, head=PARQUET_MAGIC, is_whole=False, shape="other", tables=tables)


def rows_of(file: Path, path: Path, pulse: Pulse) -> Iterator[dict[str, Any]]:
    """Every row by the names of its columns; `path` is what errors name. Raises
    UnreadableSource."""
    arrow = pyarrow(path, "pyarrow")
    with _opened(file, path) as opened:
        for group in range(opened.num_row_groups):
            size = opened.metadata.row_group(group).total_byte_size
            if size > LARGEST_GROUP:
                what = said(
                    "a row group has {size:,} bytes, more than {most:,}",
                    size=size,
                    most=LARGEST_GROUP,
                )
                raise UnreadableSource(what, path)
        try:
            for batch in opened.iter_batches(batch_size=AT_ONCE):
                pulse()
                for part in _lighter(_with_times_as_text(batch, arrow)):
                    yield from part.to_pylist()
        except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:
            raise _damaged(path, error) from error


def _lighter(batch: Any) -> Iterator[Any]:
    """A batch in parts that hold no more than BYTES_AT_ONCE, or one row."""
    rows = max(1, BYTES_AT_ONCE * batch.num_rows // max(batch.nbytes, 1))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def write_rows(
    rows: Iterable[Sequence[Any]], file: BinaryIO, columns: Mapping[str, str], path: Path
) -> int:
    """Rows of these columns, by name and type of pyarrow. Returns how many. Raises
    UnreadableSource where pyarrow is not installed."""
    parquet, arrow = pyarrow(path), pyarrow(path, "pyarrow")
    types = {name: _type(arrow, kind) for name, kind in columns.items()}
    schema, coming, count = arrow.schema(list(types.items())), iter(rows), 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(coming, ROWS_A_GROUP)):
            arrays = [
                arrow.array(values, type=kind)
                for values, kind in zip(zip(*group, strict=True), types.values(), strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            count += len(group)
    return count


def as_json_value(value: Any) -> Any:
    """A value of a row as what JSON has: what is no number there is a text."""
    match value:
        case bytes():
            return value.hex()
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return {str(name): as_json_value(it) for name, it in value.items()}
        case list() | tuple():
            return [as_json_value(it) for it in value]
        case None | bool() | int() | float() | str():
            return value
    return str(value)


def _type(arrow: Any, kind: str) -> Any:
    return arrow.list_(arrow.string()) if kind == "texts" else getattr(arrow, kind)()


def _opened(file: Path, path: Path) -> Any:
    parquet, arrow = pyarrow(path), pyarrow(path, "pyarrow")
    try:
        return parquet.ParquetFile(file)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _with_times_as_text(batch: Any, arrow: Any) -> Any:
    """Nanoseconds have no type in Python that keeps them."""
    kinds = arrow.types
    arrays = [
        column.cast(arrow.string())
        if kinds.is_temporal(column.type) and not kinds.is_duration(column.type)
        else column
        for column in batch.columns
    ]
    return arrow.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _damaged(path: Path, error: Exception) -> UnreadableSource:
    return UnreadableSource(said("the Parquet file is damaged ({error})", error=error), path)
