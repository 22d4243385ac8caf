"""When a condition on a row of a view came true: by the versions of the row that the view keeps."""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from replay.errors import UnknownColumn
from replay.projection import Column
from replay.questions import view_query
from replay.questions.view_query import ViewPage, ViewRow
from replay.states.condition_fold import asks_for_changes, told_values
from replay.states.condition_moments import FoundMoments, Moment, Which
from replay.views.row_history import NO_END
from replay.views.sink import KeyValues
from store import json_text
from store.filter.condition import condition
from store.filter.parse import parse_condition
from store.filter.tree import Tree, leaves
from store.interface import EventReader

PAGE: Final = 1_000  # versions read at once; all of them are


def row_moments(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    key: KeyValues,
    where: str,
    *,
    which: Which = "all",
    position: int | None = None,
) -> FoundMoments:
    """`next` and `previous` are as seen from a position; without one, from the end. A row that is
    not there has no columns. A value that was too long for the history is missing. Raises
    WrongFilter, UnknownView, UnknownColumn, NoRows, UnknownKey, NoPast."""
    tree = parse_condition(where)
    _require_columns(view_query.history(db, log, view, key, limit=1), tree)
    holds, is_of_changes = condition(tree), asks_for_changes(tree)
    cursor = log.head() + 1 if position is None else position
    found: list[Moment] = []
    before: Any = None
    was_held, count = False, 0
    for at, row in reversed(list(_versions(db, log, view, key))):
        count += 1
        is_held = holds(before, row)
        if is_held and (is_of_changes or not was_held):
            found.append(Moment(position=at, values=told_values(row, tree)))
        before, was_held = row, is_held
    return FoundMoments(moments=_chosen(found, which, cursor), way="scan", looked_at=count)


def _chosen(found: list[Moment], which: Which, cursor: int) -> tuple[Moment, ...]:
    match which:
        case "first":
            return tuple(found[:1])
        case "last":
            return tuple(found[-1:])
        case "next":
            return tuple([it for it in found if it.position > cursor][:1])
        case "previous":
            return tuple([it for it in found if it.position < cursor][-1:])
    return tuple(found)


def _require_columns(page: ViewPage, tree: Tree) -> None:
    """Raises UnknownColumn for a name that the view does not have."""
    known = {it.name for it in page.columns}
    for leaf in leaves(tree):
        if known and leaf.field[1] not in known:
            raise UnknownColumn(leaf.field[1], page.view)


def _versions(
    db: sqlite3.Connection | None, log: EventReader, view: str, key: KeyValues
) -> Iterator[tuple[int, Any]]:
    """Position and row, the latest first; None for one that was deleted."""
    before = NO_END
    while True:
        page = view_query.history(db, log, view, key, before=before, limit=PAGE)
        page.require_past()
        yield from ((it.position, _row(page.columns, it)) for it in page.rows)
        if len(page.rows) < PAGE:
            return
        before = page.rows[-1].position


def _row(columns: tuple[Column, ...], it: ViewRow) -> dict[str, Any] | None:
    if it.is_deleted:
        return None
    return {
        one.name: json_text.decode(value) if one.kind == "json" and value is not None else value
        for one, value in zip(columns, it.values, strict=True)
    }
