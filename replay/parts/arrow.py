"""Columns of a view as Arrow has them. What a table of SQLite would not take is refused."""

import importlib
from collections.abc import Sequence
from typing import Any, Final

from replay.projection import Column
from replay.views.sink import RowRefused
from replay.words import said

TYPES: Final = {
    "text": "string",
    "integer": "int64",
    "real": "float64",
    "boolean": "bool_",
    "json": "string",
}


def arrow() -> Any:
    """pyarrow, looked for when it is wanted: it takes a fifth of a second."""
    return importlib.import_module("pyarrow")


def compute() -> Any:
    """pyarrow.compute, likewise."""
    return importlib.import_module("pyarrow.compute")


def type_of(column: Column) -> Any:
    """As Arrow has it."""
    return getattr(arrow(), TYPES[column.kind])()


def array_of(column: Column, values: Sequence[Any]) -> Any:
    """One column; the values as a projection put them. Raises RowRefused."""
    pa, kind = arrow(), type_of(column)
    try:
        made = pa.array(values, type=kind)
        if column.kind == "real" and any(it != it for it in values):
            made = pa.array([None if it != it else it for it in values], type=kind)
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        made = pa.array([_fitting(column, it) for it in values], type=kind)
    return made


def require_filled(column: Column, found: Any, positions: Sequence[int]) -> None:
    """Raises RowRefused where a column that is never empty has nothing; `positions` of the events
    that wrote the values."""
    if column.is_nullable or not found.null_count:
        return
    at = found.is_null().to_pylist().index(True)
    raise RowRefused(
        said("the column {name} is empty (at {at:,})", name=column.name, at=positions[at])
    )


def _fitting(column: Column, value: Any) -> Any:
    """As SQLite takes it, where that loses nothing."""
    match column.kind, value:
        case _, None:
            return None
        case "integer", bool() | int() if -(2**63) <= value < 2**63:
            return int(value)
        case "integer", float() if value.is_integer():
            return int(value)
        case "real", bool() | int() | float():
            return None if value != value else float(value)
        case "boolean", bool() | 0 | 1:
            return bool(value)
        case "text" | "json", str():
            value.encode()
            return value
        case "text", bool() | int():
            return str(int(value))
    raise RowRefused(
        said("the column {name} cannot hold {value!r}", name=column.name, value=f"{value!r:.80}")
    )
