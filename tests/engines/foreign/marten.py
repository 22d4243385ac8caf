"""Marten, by its function mt_quick_append_events."""

from collections.abc import Sequence
from typing import Final

from tests.engines.foreign.library import Db, Library, Written

QUICK: Final = (
    "SELECT mt_quick_append_events(%s::uuid, 'order', '*DEFAULT*', %s::uuid[], %s, %s, "
    "%s::jsonb[], %s::bytea[], %s, %s, %s::jsonb[], %s, %s::integer)"
)


def append(db: Db, stream: str, version: int, events: Sequence[Written]) -> None:
    many = len(events)
    values = [
        stream,
        [it.id for it in events],
        [it.type for it in events],
        ["Shop.Noted, Shop"] * many,
        [it.data_json for it in events],
        [None] * many,
        ["cause-1"] * many,
        ["c-1"] * many,
        ['{"h":1}'] * many,
        ["ada"] * many,
        version,
    ]
    db.execute(QUICK, values)


LIBRARY: Final = Library(preset="marten", tables="marten.sql", append=append)
