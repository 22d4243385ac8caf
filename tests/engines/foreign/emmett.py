"""Emmett, by its function emt_append_to_stream."""

from collections.abc import Sequence
from typing import Final

from tests.engines.foreign.library import Db, Library, Written


def append(db: Db, stream: str, version: int, events: Sequence[Written]) -> None:
    many = len(events)
    values = [
        [it.id for it in events],
        [it.data_json for it in events],
        ['{"correlationId":"c-1"}'] * many,
        ["1"] * many,
        [it.type for it in events],
        ["E"] * many,
        stream,
        "order",
        version,
        "emt:default",
    ]
    text = (
        "SELECT success FROM emt_append_to_stream("
        "%s, %s::jsonb[], %s::jsonb[], %s, %s, %s, %s, %s, %s, %s)"
    )
    assert db.execute(text, values).fetchone() == (True,)


LIBRARY: Final = Library(preset="emmett", tables="emmett.sql", append=append, names_by_uuid=False)
