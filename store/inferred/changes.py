"""What must have happened between two states of a table: rows added, changed and removed.

A stream is a row, `TABLE-KEY`. `RowAdded` and `RowChanged` hold the row as it is afterwards, and
`RowRemoved` as it was, so the state of a stream is its row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec import Raw

from store.events import NewEvent
from store.inferred.mark import Mark, marked
from store.inferred.table_state import TableState
from store.reading.format import Incoming, Record
from store.reading.identity import minted_id
from store.reading.json_members import json_object

ADDED: Final = "RowAdded"
CHANGED: Final = "RowChanged"
REMOVED: Final = "RowRemoved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Which two states of what, by the names of their files; `place` in a series, from 0."""

    table: str
    before: str
    after: str
    place: int = 0


def changes(before: TableState | None, after: TableState, between: Between) -> Iterator[Record]:
    """The events between two states, in the order of the rows afterwards; what was removed comes
    last. Without `before` every row was added. Records that are no usable rows come as they are.
    """
    if before is not None:
        yield from before.load()
    for record, key, row in after.rows():
        if key is None or not isinstance(record, Incoming):
            yield record
            continue
        was = before.row(key) if before is not None else None
        if before is not None:
            before.meet(key)
        if was is None:
            yield _event(ADDED, key, row, {}, between, record)
        elif was != row:
            yield _event(CHANGED, key, row, was, between, record)
    if before is not None:
        for key, was in before.unmet():
            yield _event(REMOVED, key, was, was, between, None)


def _event(
    kind: str,
    key: str,
    row: Mapping[str, str],
    was: Mapping[str, str],
    between: Between,
    record: Incoming | None,
) -> Incoming:
    names = list(dict.fromkeys([*row, *was]))
    changed = [it for it in names if row.get(it) != was.get(it)] if kind == CHANGED else []
    kept = was if kind == REMOVED else {it: was[it] for it in changed if it in was}
    mark = Mark(
        table=between.table,
        before=between.before,
        after=between.after,
        was={name: Raw(text.encode()) for name, text in kept.items()},
        changed=tuple(changed),
    )
    data = json_object(row)
    told = (between.table, key, kind, data, json_object(dict(kept)))
    files = (between.before, between.after, between.place)
    return Incoming(
        stream=f"{between.table}-{key}",
        event=NewEvent(
            type=kind,
            data_json=data,
            metadata_json=marked(mark),
            id=minted_id("table-changes", *told, *files),
        ),
        line=record.line if record is not None else 0,
        offset=record.offset if record is not None else -1,
        has_minted_id=True,
    )
