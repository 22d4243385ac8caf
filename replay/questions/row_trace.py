"""Rows and the events that made them, both ways: what wrote a row, and what an event wrote."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from replay.projection import Column
from replay.questions import view_query
from replay.questions.view_query import ViewRow
from replay.questions.view_status import list_views
from replay.views.row_history import NO_END
from replay.views.sink import KeyValues
from store.events import RecordedEvent
from store.interface import EventReader

PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One column of a row, before and after a write; None where there was no row, too."""

    column: str
    before: Any
    after: Any
    is_known: bool = True  # False: a value was too long for the history, so it may be the same


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWrite:
    """One write of a row, and the event that made it."""

    event: RecordedEvent
    row: ViewRow  # after it
    is_first: bool  # the row was not there before
    cells: tuple[CellChange, ...]  # what it changed; every column of a row that appears

    @property
    def words(self) -> str:
        """What became of the row, for a person."""
        if self.row.is_deleted:
            return "deleted"
        return "made" if self.is_first else "changed" if self.cells else "as it was"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTrace:
    """The writes of one row, the latest first."""

    view: str
    key: KeyValues
    columns: tuple[Column, ...]
    writes: tuple[RowWrite, ...]
    is_cut: bool  # whether there are earlier ones


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow:
    """A row of some view that an event wrote."""

    view: str
    key: KeyValues
    before: ViewRow | None
    after: ViewRow | None
    cells: tuple[CellChange, ...]

    @property
    def words(self) -> str:
        """What became of the row, for a person."""
        if self.after is None:
            return "deleted"
        return "made" if self.before is None else "changed" if self.cells else "as it was"


def trace(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    key: KeyValues,
    *,
    until: int | None = None,
    limit: int = PAGE,
) -> RowTrace:
    """The writes of a row up to a position. Raises UnknownView, NoRows, UnknownKey, NoPast."""
    before = NO_END if until is None else until + 1
    found = view_query.history(db, log, view, key, before=before, limit=limit + 1)
    found.require_past()
    events = {
        it.position: it for it in log.at_positions(sorted({it.position for it in found.rows}))
    }
    writes = tuple(
        write_of(found.columns, events[row.position], row, earlier)
        for row, earlier in zip_longest(found.rows, found.rows[1:])
    )
    is_cut = len(writes) > limit
    return RowTrace(view=view, key=key, columns=found.columns, writes=writes[:limit], is_cut=is_cut)


def cell_writers(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    key: KeyValues,
    *,
    until: int | None = None,
) -> dict[str, RecordedEvent]:
    """Column → the event that gave it the value it has. Empty for a row that is not there.

    Without a column whose value may have been written before or after one that the history did
    not keep. Reads little further back than the oldest of them. Raises as `trace`.
    """
    limit = PAGE
    while True:
        found = trace(db, log, view, key, until=until, limit=limit)
        cells = _latest_cells(found)
        wanted = sum(not it.is_key for it in found.columns)
        if len(cells) == wanted or not found.is_cut:
            return {it.column: event for it, event in cells if it.is_known}
        limit *= 4


def _latest_cells(found: RowTrace) -> list[tuple[CellChange, RecordedEvent]]:
    """Of each column the latest change, back to when the row appeared."""
    latest: dict[str, tuple[CellChange, RecordedEvent]] = {}
    for write in found.writes:
        if write.row.is_deleted:
            break
        for it in write.cells:
            latest.setdefault(it.column, (it, write.event))
    return list(latest.values())


def rows_written(
    db: sqlite3.Connection | None,
    log: EventReader,
    position: int,
    *,
    views: Iterable[str] | None = None,
    limit: int = PAGE,
) -> tuple[WrittenRow, ...]:
    """The rows that the event at a position wrote, of the named views or of every live one; at
    most `limit` of each. A view that has not seen the event tells nothing."""
    if views is None:
        listed = list_views(db, log)
        views = [it.name for it in listed if it.columns and not it.is_kept_beside]
    return tuple(
        it
        for view in views
        for it in changed_rows(db, log, view, after=position - 1, until=position, limit=limit)
    )


def changed_rows(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    *,
    after: int,
    until: int,
    limit: int | None = None,
) -> Iterator[WrittenRow]:
    """The rows written behind one position and up to another, by their number."""
    last_row, left = 0, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        found = view_query.changed(
            db, log, view, after=after, until=until, after_row=last_row, limit=size
        )
        for it in found.changes:
            cells = _cells(found.columns, it.before, it.after)
            yield WrittenRow(view=view, key=it.key, before=it.before, after=it.after, cells=cells)
        if found.next_row is None:
            return
        last_row = found.next_row
        left = None if left is None else left - size


def write_of(
    columns: tuple[Column, ...], event: RecordedEvent, row: ViewRow, earlier: ViewRow | None
) -> RowWrite:
    """One write of a row, beside the version before it."""
    before = None if earlier is None or earlier.is_deleted else earlier
    after = None if row.is_deleted else row
    return RowWrite(
        event=event, row=row, is_first=before is None, cells=_cells(columns, before, after)
    )


def _cells(
    columns: tuple[Column, ...], before: ViewRow | None, after: ViewRow | None
) -> tuple[CellChange, ...]:
    nothing = (None,) * len(columns)
    sides = (before.values if before else nothing, after.values if after else nothing)
    return tuple(
        CellChange(column=it.name, before=a, after=b, is_known=_is_known(it, a, b, before, after))
        for it, a, b in zip(columns, *sides, strict=True)
        if not it.is_key and (a != b or before is None or (it.kind == "json" and a is None))
    )


def _is_known(
    column: Column, a: Any, b: Any, before: ViewRow | None, after: ViewRow | None
) -> bool:
    """A JSON value is text, so that None of a row which is there was left out of the history."""
    lacks = (before is not None and a is None) or (after is not None and b is None)
    return not (column.kind == "json" and lacks)
