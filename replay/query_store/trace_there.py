"""The events that made a row which a query store holds, told from its versions there.

One question for each version, from the latest back: a query store is not asked for all of them.
"""

from collections.abc import Iterator
from itertools import chain, islice, pairwise

from replay.errors import UnknownColumn
from replay.query_store.interface import RowReader, StoredView, Version
from replay.query_store.stored_rows import columns_of, view_row
from replay.query_store.version_text import row_id
from replay.questions.row_trace import RowTrace, write_of
from replay.questions.view_query import CellWrite
from replay.views.sink import WRITES_PER_EVENT, KeyValues
from store.interface import EventReader


def trace_there(
    store: RowReader,
    stored: StoredView,
    log: EventReader,
    key: KeyValues,
    *,
    until: int,
    limit: int,
) -> RowTrace:
    """The writes of a row up to a position; of several by one event, the last. Raises what the
    query store raises."""
    columns = columns_of(stored)
    found = list(islice(_back(store, stored, key, until), limit + 1))
    rows = [view_row(store, stored, it) for it in found]
    events = {it.position: it for it in log.at_positions(sorted({it.position for it in rows}))}
    older = [*rows[1:], None]
    writes = [
        write_of(columns, events[it.position], it, old) for it, old in zip(rows, older, strict=True)
    ]
    return RowTrace(
        view=stored.made_of.view,
        key=key,
        columns=columns,
        writes=tuple(writes[:limit]),
        is_cut=len(writes) > limit,
    )


def cell_there(
    store: RowReader, stored: StoredView, key: KeyValues, column: str, *, at: int
) -> CellWrite | None:
    """The write that gave a cell the value that it has there as of a position; None where there is
    no such row. Raises UnknownColumn, and what the query store raises."""
    columns = columns_of(stored)
    place = next((n for n, it in enumerate(columns) if it.name == column), None)
    if place is None:
        raise UnknownColumn(column, stored.made_of.view)
    versions = (view_row(store, stored, it) for it in _back(store, stored, key, at))
    for row, old in pairwise(chain(versions, [None])):
        if row is None or row.is_deleted:
            return None
        is_first = old is None or old.is_deleted
        before = None if old is None or is_first else old.values[place]
        if is_first or before != row.values[place]:
            return CellWrite(
                column=columns[place],
                position=row.position,
                before=before,
                after=row.values[place],
                is_first=is_first,
            )
    return None


def _back(store: RowReader, stored: StoredView, key: KeyValues, until: int) -> Iterator[Version]:
    """Versions of a row, the latest first."""
    at = until
    while at > 0 and (found := store.row(stored, row_id(key), at=at)) is not None:
        yield found
        at = found.write // WRITES_PER_EVENT - 1
