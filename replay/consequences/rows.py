"""Rows of views on both lines: only those, and those partitions, that the edits can reach, from
what the log's views hold of them before, and no further than until they are equal again."""

import sqlite3
from collections.abc import Iterator
from itertools import chain
from typing import Any

from replay.catalog.all_views import every_name, views_of
from replay.consequences.found import RowDiffers, Unchecked, ViewFails
from replay.consequences.lines import Lines
from replay.history.without_answer import APART
from replay.history.without_progress import Progress
from replay.history.without_rows import told_row
from replay.history.without_sides import Part, Parting, parts_of
from replay.history.without_views import fold_parts, is_own, reading_once
from replay.projection import Key


def differing_rows(
    lines: Lines, db: sqlite3.Connection | None, progress: Progress
) -> Iterator[RowDiffers | ViewFails | Unchecked]:
    """Of every view that this process may fold, view by view; `db` holds those of the log. Raises
    what `progress` raises, and what a projection raises on the left."""
    log = lines.left
    views = [it for it in views_of(log) if it.projection is not None]
    new = sorted((*lines.gone, *lines.new), key=lambda it: it.at)
    partings = [Parting(event=it.event, links=it.links, at=it.at) for it in new]
    with reading_once(db):
        parts = {it.name: parts_of(log, db, it, partings) for it in views}
        fold_parts(log, list(chain(*parts.values())), progress, lines.pairs)
        for name, found in parts.items():
            yield from _told(name, found)
    known = {it.name for it in views_of(log)}
    for name in sorted(every_name(log.place) - known):
        if is_own(log, name):
            yield Unchecked(name=name, why=APART)


def _told(view: str, parts: list[Part]) -> Iterator[RowDiffers | ViewFails]:
    left: dict[Key, Any] = {}
    right: dict[Key, Any] = {}
    for it in parts:
        if it.sides.failed is not None:
            at, error = it.sides.failed
            yield ViewFails(view=view, failed_at=at, error=error)
            return
        one, other = it.sides.differing()
        left.update(one)
        right.update(other)
    for key in sorted({*left, *right}, key=str):
        row = told_row(key, left.get(key), right.get(key))
        yield RowDiffers(
            view=view, key=row.key, column=row.column, before=row.before, after=row.after
        )
