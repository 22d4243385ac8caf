"""What the events say that live in one stream: one by one, or a run of them as one text.

As one text they cost less than half: SQLite puts them together, and no row comes up to Python.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Final

import msgspec

from store.errors import StoreDamaged
from store.events import Payload
from store.sqlite.asking import Asking
from store.sqlite.home_events import said_by
from store.stream_texts import StreamTexts

PAGE: Final = 1_000  # events held at once
RUN: Final = 5_000  # events of one text, at most
RUN_SIZE: Final = 8_000_000  # characters of payloads and metadata of one text, about
_FIRST_RUN: Final = 50  # events, before it is known how long they are
_PAYLOADS: Final = """
SELECT group_concat(position), group_concat(data)
FROM events WHERE stream_id = ? AND version BETWEEN ? AND ?
"""
_WHOLE: Final = """
SELECT group_concat(position), group_concat(data), group_concat(type_id), group_concat(metadata)
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

    def together(self, first: int, last: int, payloads_only: bool) -> Iterator[StreamTexts]:
        """Run by run."""
        start, size = first, _FIRST_RUN
        while start <= last:
            end = min(start + size - 1, last)
            run = self._run(start, end, payloads_only)
            yield run
            size = _next_size(run, end - start + 1)
            start = end + 1

    def _run(self, first: int, last: int, payloads_only: bool) -> StreamTexts:
        events = partial(self.each, first, last, None)
        try:
            (row,) = self._asking.rows(
                _PAYLOADS if payloads_only else _WHOLE, [self._id, first, last]
            )
        except (StoreDamaged, sqlite3.Error):
            return StreamTexts(events=events)  # one by one it is told which
        return self._texts(events, *row)

    def _texts(
        self,
        events: Callable[[], Iterator[Payload]],
        positions_text: str | None,
        data: str | None,
        types_text: str = "",
        metadata: str = "",
    ) -> StreamTexts:
        if data is None:
            return StreamTexts(events=events, data_json="[]")
        positions = _numbers(f"[{positions_text}]")
        if positions != sorted(positions):  # nobody promises in which order they are put together
            return StreamTexts(events=events)
        return StreamTexts(
            events=events,
            data_json=f"[{data}]",
            positions=positions,
            types=self._names(types_text, len(positions)),
            metadata_json=f"[{metadata}]",
        )

    def _names(self, ids: str, count: int) -> list[str]:
        """Of types, from their ids with a comma between each."""
        first = ids.partition(",")[0]
        if first and ids == ",".join([first] * count):  # as it is of many streams
            return [self._types_of({int(first)})[int(first)]] * count
        type_ids = _numbers(f"[{ids}]")
        names = self._types_of(set(type_ids))
        return [names[it] for it in type_ids]


def _next_size(run: StreamTexts, events: int) -> int:
    """How many events to put together after a run of some: about as many characters each time."""
    if run.data_json is None:
        return events
    each = (len(run.data_json) + len(run.metadata_json)) / events
    return max(1, min(RUN, int(RUN_SIZE / each)))
