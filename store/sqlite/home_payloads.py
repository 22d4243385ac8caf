"""What the events say that live in one stream: one by one, or a run of them as one text.

As one text they cost less than half: SQLite puts them together, and no row comes up to Python.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Any, Final

import msgspec

from store.errors import StoreDamaged
from store.events import Payload
from store.sqlite.asking import Asking
from store.sqlite.home_events import said_by
from store.stream_texts import StreamTexts

PAGE: Final = 1_000  # events held at once
RUN: Final = 5_000  # events of one text
_TOGETHER: Final = """
SELECT group_concat(position), group_concat(type_id), group_concat(data),
       max(length(data)), max(instr(metadata, ?))
FROM events WHERE stream_id = ? AND version BETWEEN ? AND ?
"""
_numbers: Final = msgspec.json.Decoder(list[int]).decode


class HomePayloads:
    """Of one stream, by versions. One thread, as the connection."""

    def __init__(
        self,
        asking: Asking,
        types_of: Callable[[set[int]], Mapping[int, str]],
        stream: str,
        stream_id: int,
    ) -> None:
        self._asking, self._types_of = asking, types_of
        self._stream, self._id = stream, stream_id

    def each(self, first: int, last: int, naming: str | None) -> Iterator[Payload]:
        """One by one; with `naming` those may be left out that have no field of this name."""
        sql, value = said_by(naming)
        for start in range(first, last + 1, PAGE):
            rows = self._asking.wide(sql, [self._id, start, min(start + PAGE - 1, last), *value])
            rows.sort()
            types = self._types_of(set(map(itemgetter(1), rows)))
            yield from [
                Payload(position, self._stream, types[type_id], data, metadata)
                for position, type_id, data, metadata in rows
            ]

    def together(self, first: int, last: int, telling: str) -> Iterator[StreamTexts]:
        """Run by run."""
        for start in range(first, last + 1, RUN):
            yield self._run(start, min(start + RUN - 1, last), telling)

    def _run(self, first: int, last: int, telling: str) -> StreamTexts:
        events = partial(self.each, first, last, None)
        try:
            (row,) = self._asking.rows(_TOGETHER, [telling, self._id, first, last])
        except (StoreDamaged, sqlite3.Error):
            return StreamTexts(events=events)  # one by one it is told which
        return _texts(row, events, self._types_of)


def _texts(
    row: tuple[Any, ...],
    events: Callable[[], Iterator[Payload]],
    types_of: Callable[[set[int]], Mapping[int, str]],
) -> StreamTexts:
    positions_text, types_text, data, longest, told = row
    if data is None:
        return StreamTexts(events=events, data_json="[]")
    positions, type_ids = _numbers(f"[{positions_text}]"), _numbers(f"[{types_text}]")
    if positions != sorted(positions):  # nobody promises in which order they are put together
        return StreamTexts(events=events)
    names = types_of(set(type_ids))
    return StreamTexts(
        events=events,
        data_json=f"[{data}]",
        positions=positions,
        types=[names[it] for it in type_ids],
        longest=longest,
        is_told=told > 0,
    )
