"""A view here against the same view in a query store: row by row, and as a proof."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, TypeAlias

from msgspec import structs

from replay.query_store.interface import PAGE, Place, RowReader, StoredView, Version
from replay.query_store.same_log import require_rows_of
from replay.query_store.source import EVENTS, WRITES_AT_ONCE, whole_versions
from replay.query_store.stored_rows import page_at, rows_at, view_row
from replay.query_store.version_text import key_of, place_of, rest_of
from replay.questions import view_query
from replay.questions.pane_compare import (
    Compared,
    Pane,
    counted_pairs,
    paired,
    rows_of,
    shared_columns,
)
from replay.questions.pane_sides import Rows
from replay.questions.view_query import ViewPage
from replay.views.sink import WRITES_PER_EVENT
from replay.words import said
from store.interface import EventReader


def compare_against(
    db: sqlite3.Connection | None,
    log: EventReader,
    here: Pane,
    store: RowReader,
    stored: StoredView,
    *,
    at: int | None = None,
    limit: int = 1_000,
) -> Compared:
    """The rows here on the left, those of the query store on the right; where no position is
    said, both as of the last one that both have come to. Raises as pane_compare.compare does."""
    left = view_query.page(db, log, here.view, at=here.at, limit=1)
    left.require_answer()
    wanted = min(left.as_of, stored.position)
    if here.at is None and at is None and left.as_of > wanted:
        left = view_query.page(db, log, here.view, at=wanted, limit=1)
        left.require_answer()
    right = page_at(store, stored, at=wanted if at is None and here.at is None else at, limit=1)
    right.require_answer()
    shared = shared_columns(left, right)
    rows = rows_of(db, log, Pane(view=here.view, at=left.as_of))
    found = paired(rows, _rows_there(store, stored, right), shared)
    return counted_pairs((left, right), shared, found, only_differences=True, limit=limit)


TOLD: Final = 120  # characters of a row


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProof:
    """What was proven of one view in a query store."""

    view: str
    position: int  # up to which both were compared
    versions: int  # that were compared
    what: str  # the first difference; empty when there is none
    at: int | None = None  # the position of the event whose write differs first

    @property
    def holds(self) -> bool:
        """Whether every version of every row is the same, byte for byte."""
        return not self.what


def prove_against(
    db: sqlite3.Connection | None, log: EventReader, store: RowReader, stored: StoredView
) -> StoredProof:
    """Every version of every row, in the order in which they were written, then every row as it is
    now; up to where both have come. Raises OtherRows, UnknownView, NoRows, NotKept, NoPast."""
    require_rows_of(log, stored, store.address)
    name = stored.made_of.view
    if name == EVENTS:
        return _prove(db, log, store, stored, until=min(log.head(), stored.position))
    page = view_query.page(db, log, name, limit=1)
    page.require_past()
    return _prove(db, log, store, stored, until=min(page.as_of, stored.position))


def _prove(
    db: sqlite3.Connection | None,
    log: EventReader,
    store: RowReader,
    stored: StoredView,
    *,
    until: int,
) -> StoredProof:
    view, end = stored.made_of.view, (until + 1) * WRITES_PER_EVENT
    count, latest = 0, dict[str, _Latest]()
    for here, there in zip_longest(_here(db, log, view, until), _there(store, stored, end)):
        if here is None or there is None or _differ(here, there):
            what, at = _told(here, there)
            return StoredProof(view=view, position=until, versions=count, what=what, at=at)
        count += 1
        if stored.made_of.has_history:
            latest[here.id] = _latest(here)
    what = _stale_rows(store, stored, latest, end) if stored.made_of.has_history else ""
    return StoredProof(view=view, position=until, versions=count, what=what)


_Latest: TypeAlias = tuple[int, bytes]  # the newest write of a row, and a hash of its columns


def _latest(it: Version) -> _Latest:
    return it.write, hashlib.sha256(it.row.encode()).digest()


def _stale_rows(store: RowReader, stored: StoredView, latest: dict[str, _Latest], end: int) -> str:
    """What is wrong with the rows of now, that are kept beside their history; mostly nothing."""
    for it in _newest(store, stored):
        here = latest.pop(it.id, None)
        if it.write < end and here is None:
            return said("the row {key} of now is only there", key=_named(it))
        if it.write < end and here != _latest(it):
            key = _named(it)
            return said("the row {key} of now is not the newest version of it there", key=key)
    if latest:
        missing = min(latest, key=lambda it: latest[it])
        return said("the row {id} is missing among those of now there", id=missing)
    return ""


def _rows_there(store: RowReader, stored: StoredView, page: ViewPage) -> Rows:
    names = [it.name for it in page.columns]
    for it in rows_at(store, stored, page.as_of):
        row = view_row(store, stored, it)
        yield row, dict(zip(names, row.values, strict=True))


def _here(
    db: sqlite3.Connection | None, log: EventReader, view: str, until: int
) -> Iterator[Version]:
    after = 0
    while found := whole_versions(db, log, view, after=after, until=until):
        yield from found
        after = found[-1].write


def _there(store: RowReader, stored: StoredView, end: int) -> Iterator[Version]:
    """As they were when the store had come to the end."""
    after = 0
    while found := store.written(stored, after=after, limit=WRITES_AT_ONCE):
        for it in found:
            if it.write >= end:
                return
            is_later = it.until is not None and it.until >= end
            yield structs.replace(it, until=None) if is_later else it
        after = found[-1].write


def _newest(store: RowReader, stored: StoredView) -> Iterator[Version]:
    after: Place | None = None
    while found := store.newest(stored, after=after, limit=PAGE):
        yield from found
        after = place_of(found[-1])


def _differ(here: Version, there: Version) -> bool:
    same = ("write", "id", "sort", "key", "until", "is_deleted", "row")
    return any(getattr(here, it) != getattr(there, it) for it in same)


def _told(here: Version | None, there: Version | None) -> tuple[str, int | None]:
    """What differs, in a sentence, and the position of the event."""
    if here is not None and there is not None and here.write == there.write:
        position = here.write // WRITES_PER_EVENT
        words = said(
            "the row {key}, written at position {position:,}, differs: {here} here, {there} there",
            key=_named(here),
            position=position,
            **_unlike(here, there),
        )
        return words, position
    if there is None or (here is not None and here.write < there.write):
        assert here is not None
        words = said("a version of the row {key} is missing there", key=_named(here))
        return words, here.write // WRITES_PER_EVENT
    words = said("a version of the row {key} is only there", key=_named(there))
    return words, there.write // WRITES_PER_EVENT


def _unlike(here: Version, there: Version) -> dict[str, str]:
    """What differs, on both sides: the values, else what became of them, else the key."""
    for told in (_short, _fate):
        if told(here) != told(there):
            return {"here": told(here), "there": told(there)}
    return {"here": here.key, "there": there.key}


def _fate(it: Version) -> str:
    if it.is_deleted:
        return said("deleted")
    if it.until is None:
        return said("the newest")
    return said("replaced at {position:,}", position=it.until // WRITES_PER_EVENT)


def _named(it: Version) -> str:
    with suppress(ValueError, TypeError):
        return ", ".join(map(str, key_of(it)))
    return it.key  # somebody has written to it


def _short(it: Version) -> str:
    text = it.row
    with suppress(ValueError, TypeError):
        text = ", ".join(map(str, rest_of(it)))
    return text if len(text) <= TOLD else f"{text[:TOLD]}…"
