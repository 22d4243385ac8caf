"""One row of a table that is text: its cells, and where it begins."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from store.reading.format import Rejected
from store.reading.json_records import EXCERPT
from store.words import said

NOT_UTF_8: Final = said("the row is not valid UTF-8: choose its encoding")


class CellRow(NamedTuple):
    """One row; a cell that is None is NULL."""

    number: int  # of the line that it begins in, from 1
    offset: int  # of its first byte
    cells: Sequence[str | None]


Rows: TypeAlias = Iterator[CellRow | Rejected]


def wrong_width(row: CellRow, columns: int) -> Rejected:
    """What stands in the report for a row with more or fewer values than there are columns."""
    reason = said(
        "the row has {count:,} values, but there are {columns:,} columns",
        count=len(row.cells),
        columns=columns,
    )
    return rejected_cells(row, reason)


def rejected_cells(row: CellRow, reason: object) -> Rejected:
    """What stands in the report for a row that cannot be used."""
    shown = ",".join(it or "" for it in row.cells)[:EXCERPT].encode("utf-8", "replace").decode()
    return Rejected(line=row.number, offset=row.offset, reason=str(reason), excerpt=shown)
