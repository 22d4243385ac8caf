"""A run of the log as texts: SQLite puts them together, and no row comes up to Python.

As rows the same takes twice as long, as whole events three times.
"""

import sqlite3
from typing import Final

import msgspec

from store import json_text
from store.errors import StoreDamaged
from store.log_texts import LogTexts
from store.sqlite.asking import Asking
from store.sqlite.reader_sql import NAMES_OF_TYPES, STREAM_NAMES

_TEXTS: Final = """
SELECT group_concat(position), group_concat(stream_id), group_concat(type_id),
       group_concat(recorded_at_us), group_concat(data), group_concat(metadata)
FROM events WHERE position BETWEEN ? AND ?
"""
_numbers: Final = msgspec.json.Decoder(list[int]).decode


def run_texts(asking: Asking, first: int, last: int) -> LogTexts | None:
    """Of the events from position `first` to `last`; None where there is none, and where they have
    to be read one by one. One thread, as the connection. Raises Cancelled."""
    try:
        ((positions_text, *numbers, data, metadata),) = asking.rows(_TEXTS, [first, last])
    except (StoreDamaged, sqlite3.Error):
        return None  # one by one it is told which
    if data is None:
        return None
    positions, (homes, type_ids, recorded) = _list(positions_text), map(_list, numbers)
    if positions != list(range(first, first + len(positions))):
        return None  # nobody promises in which order they are put together
    streams, types = _named(asking, STREAM_NAMES, homes), _named(asking, NAMES_OF_TYPES, type_ids)
    if len(streams) < len(set(homes)) or len(types) < len(set(type_ids)):
        return None
    return LogTexts(
        positions=positions,
        homes=homes,
        streams=streams,
        types=[types[it] for it in type_ids],
        recorded_at_us=recorded,
        data_json=f"[{data}]",
        metadata_json=f"[{metadata}]",
    )


def _list(text: str) -> list[int]:
    return _numbers(f"[{text}]")


def _named(asking: Asking, sql: str, ids: list[int]) -> dict[int, str]:
    return dict(asking.rows(sql, [json_text.encode(list(set(ids)))]))
