"""The rows of a view as a query store holds them, in the form in which views answer here."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice
from typing import Any

from msgspec import json

from replay.errors import UnknownKey
from replay.projection import Column
from replay.query_store.errors import NothingStored, SpoiledRow
from replay.query_store.interface import PAGE, Place, RowReader, StoredView, Version
from replay.query_store.version_text import (
    is_cut_short,
    key_of,
    place_of,
    rest_of,
    row_id,
    words_in,
)
from replay.questions.view_answers import ViewPage, ViewRow
from replay.views.search_view import words_query
from replay.views.sink import WRITES_PER_EVENT, KeyValues
from replay.words import said
from store.filter.nearest import nearest


def shown_view(store: RowReader, name: str) -> StoredView:
    """What readers find under the name of a view. Raises NothingStored."""
    held = store.views()
    if found := next((it for it in held if it.made_of.view == name and it.is_shown), None):
        return found
    if any(it.made_of.view == name for it in held):
        reason = said("the rows of {name} are still being written there", name=name)
        raise NothingStored(reason, store.address.shown)
    known = sorted({it.made_of.view for it in held if it.is_shown})
    error = NothingStored(said("there are no rows of {name}", name=name), store.address.shown)
    if close := nearest(name, known) or known:
        error.hint = said("There are: {names}.", names=", ".join(close))
    raise error


def columns_of(stored: StoredView) -> tuple[Column, ...]:
    """The columns that the rows were made with."""
    return json.decode(stored.made_of.columns_json, type=tuple[Column, ...])


def rows_at(store: RowReader, stored: StoredView, at: int) -> Iterator[Version]:
    """Every row as of a position, by key."""
    yield from _by_key(_pages(store, stored, at))


def page_at(
    store: RowReader, stored: StoredView, *, at: int | None = None, limit: int | None = None
) -> ViewPage:
    """The first rows by key, now or as of a position. What was asked for and is not there yet is
    told by the page."""
    as_of = stored.position if at is None else min(at, stored.position)
    found = islice(rows_at(store, stored, as_of), limit)
    return _page(stored, [view_row(store, stored, it) for it in found], wanted=at)


def row_at(
    store: RowReader, stored: StoredView, key: Sequence[str], *, at: int | None = None
) -> ViewPage:
    """The row with a key, as a page of one row or none. Raises UnknownKey."""
    as_of = stored.position if at is None else min(at, stored.position)
    found = store.row(stored, row_id(_key(stored, key)), at=as_of)
    rows = [] if found is None or found.is_deleted else [view_row(store, stored, found)]
    return _page(stored, rows, wanted=at)


def row_with(store: RowReader, stored: StoredView, key: KeyValues, *, at: int) -> ViewRow | None:
    """The row with a key as of a position; None where there is none."""
    found = store.row(stored, row_id(key), at=at)
    return None if found is None or found.is_deleted else view_row(store, stored, found)


def found_rows(
    store: RowReader, stored: StoredView, words: str, *, at: int | None, limit: int
) -> ViewPage:
    """Rows as they are now that have all the words, or words that begin so, and were written up
    to a position; the newest first. Raises NothingToSearch."""
    words_query(words)
    until = stored.position if at is None else min(at, stored.position)
    found = store.search(stored, words_in(words), until=until, limit=limit)
    return _page(stored, [view_row(store, stored, it) for it in found], wanted=at)


def _pages(store: RowReader, stored: StoredView, at: int) -> Iterator[Version]:
    after: Place | None = None
    while found := store.rows(stored, at=at, after=after, limit=PAGE):
        yield from found
        if len(found) < PAGE:
            return
        after = place_of(found[-1])


def _by_key(versions: Iterator[Version]) -> Iterator[Version]:
    """Rows that the server can only order by how their long keys begin are ordered here."""
    for sort, group in groupby(versions, key=lambda it: it.sort):
        found = list(group)
        yield from sorted(found, key=key_of) if is_cut_short(sort) else found


def _page(stored: StoredView, rows: Sequence[ViewRow], *, wanted: int | None) -> ViewPage:
    as_of = stored.position if wanted is None else min(wanted, stored.position)
    return ViewPage(
        view=stored.made_of.view,
        columns=columns_of(stored),
        rows=tuple(rows),
        wanted=as_of if wanted is None else wanted,
        as_of=as_of,
        checkpoint=stored.position,
        head=stored.position,
        is_ready=True,
        has_past=True,
        stale_since_us=None,
    )


def view_row(store: RowReader, stored: StoredView, it: Version) -> ViewRow:
    """As views answer here. Raises SpoiledRow."""
    key, rest = whole_parts(store, stored, it)
    return ViewRow(
        key=key,
        values=(*key, *rest),
        position=it.write // WRITES_PER_EVENT,
        is_deleted=it.is_deleted,
    )


def whole_parts(
    store: RowReader, stored: StoredView, it: Version
) -> tuple[KeyValues, tuple[Any, ...]]:
    """Key and other columns of a version. Raises SpoiledRow when somebody has written to it who
    does not know its columns."""
    columns = columns_of(stored)
    with suppress(ValueError, TypeError):
        key, rest = key_of(it), rest_of(it)
        if len(key) + len(rest) == len(columns):
            return key, rest
    reason = said("the row {id} of {view} is spoiled there", id=it.id, view=stored.made_of.view)
    raise SpoiledRow(reason, store.address.shown)


def _key(stored: StoredView, given: Sequence[str]) -> KeyValues:
    """As it is stored: numbers as numbers. Raises UnknownKey."""
    columns = [it for it in columns_of(stored) if it.is_key]
    try:
        return tuple(
            int(text) if it.kind == "integer" else text
            for it, text in zip(columns, given, strict=True)
        )
    except ValueError:
        name = stored.made_of.view
        raise UnknownKey(name, expected=tuple(it.name for it in columns)) from None
