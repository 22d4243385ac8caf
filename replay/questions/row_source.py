"""Whose rows the rows of an answer in SQL are: of one view, where its key is among the columns."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from replay.questions import view_query
from replay.views.sink import KeyValues
from store.errors import StoreError
from store.interface import EventReader

POSITION: Final = "_position"  # of the event that wrote a row last, or a version of it


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSource:
    """A view, and where its key is in a row of the answer."""

    view: str
    columns: frozenset[str]  # of the view
    key_at: tuple[int, ...]
    position_at: int | None  # of the event that a row is as of; None: now

    def key(self, row: Sequence[Any]) -> KeyValues:
        """The key of the view's row."""
        return tuple(row[it] for it in self.key_at)

    def position(self, row: Sequence[Any]) -> int | None:
        """The position that a row of the answer is as of."""
        found = None if self.position_at is None else row[self.position_at]
        return found if isinstance(found, int) else None


def row_source(
    db: sqlite3.Connection | None,
    log: EventReader,
    views: Collection[str],
    columns: Sequence[str],
) -> RowSource | None:
    """Of an answer with these columns that was taken from these views; None where its rows are
    not those of one view."""
    if len(views) != 1:
        return None
    (view,) = views
    try:
        known = view_query.page(db, log, view, limit=1).columns
    except StoreError:  # it is an index, or none any more
        return None
    keys = [it.name for it in known if it.is_key]
    if not keys or any(it not in columns for it in keys):
        return None
    return RowSource(
        view=view,
        columns=frozenset(it.name for it in known),
        key_at=tuple(columns.index(it) for it in keys),
        position_at=columns.index(POSITION) if POSITION in columns else None,
    )
