"""Runs of events as one text, as the edits of a branch have them.

Texts are read below, and only those into which an edit reaches are taken apart and put together.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

import msgspec
from msgspec import Raw, structs

from store.branches.edited_base import EditedBase
from store.branches.glued_texts import glued
from store.branches.layout import Placed
from store.events import Payload, RecordedEvent, payload_of
from store.log_texts import LogTexts
from store.stream_texts import StreamTexts

_parts: Final = msgspec.json.Decoder(list[Raw]).decode
_text: Final = msgspec.json.encode


class Splice:
    """What becomes of a run of events: `out` are the places in it of those that were taken out,
    `into` the places before which others are put, with these."""

    def __init__(self, positions: Sequence[int], out: list[int], into: list[tuple[int, Placed]]):
        self._count = len(positions)
        self._out, self._into = set(out), into

    def of(self, values: Sequence[Any], put: Callable[[Placed], Any]) -> list[Any]:
        """A column of the run, with what `put` says of each event that is put in."""
        found: list[Any] = []
        begin = 0
        for at, placed in self._into:
            found += [values[it] for it in range(begin, at) if it not in self._out]
            found.append(put(placed))
            begin = at
        found += [values[it] for it in range(begin, self._count) if it not in self._out]
        return found

    def text(self, text: str | bytes, put: Callable[[Placed], str]) -> str:
        """A JSON array in the same way."""
        return _text(self.of(_parts(text), lambda it: Raw(put(it).encode()))).decode()


class EditedTexts(EditedBase):
    """What an edited history says in runs."""

    def log_texts(self, first: int, last: int) -> LogTexts | None:
        first = max(first, 1)
        if last < first:
            return None
        there = self._places.there
        found = self._raw.log_texts(there(first - 1) + 1, there(last))
        if found is None or self._until_plain(last):
            return found
        splice = self._splice(found.positions, self._placed(first - 1, last))
        if splice is None:
            return structs.replace(found, positions=range(first, first + len(found.positions)))
        return _spliced(found, splice, first)

    def stream_texts(
        self, stream: str, *, after: int, until: int, payloads_only: bool = False
    ) -> Iterator[StreamTexts] | None:
        found = self._raw.stream_texts(
            stream,
            after=self._places.there(after),
            until=self._places.there(until),
            payloads_only=payloads_only,
        )
        placed = self._placed_in(stream, after, until)
        if found is None or any(it.event.stream != stream for it in placed):
            return None
        runs = self._runs(found, placed, payloads_only=payloads_only)
        return glued(runs) if placed else runs

    def _runs(
        self, found: Iterator[StreamTexts], placed: Sequence[Placed], *, payloads_only: bool
    ) -> Iterator[StreamTexts]:
        left = list(placed)
        for texts in found:
            if not texts.positions:  # only its events say where they are
                taken = list(texts.events())
                last = taken[-1].position if taken else 0
                ready, left = self._ready(left, last)
                yield StreamTexts(events=self._told(taken, ready))
                continue
            ready, left = self._ready(left, texts.positions[-1])
            yield self._run(texts, ready, payloads_only=payloads_only)
        if left:
            yield _of_placed(left, payloads_only=payloads_only)

    def _ready(self, placed: list[Placed], there: int) -> tuple[list[Placed], list[Placed]]:
        """Those that stand before the event there, and the others."""
        here = self._places.there
        at = bisect_left(placed, there, key=lambda it: here(it.event.position))
        return placed[:at], placed[at:]

    def _run(self, texts: StreamTexts, placed: list[Placed], *, payloads_only: bool) -> StreamTexts:
        told = self._told_by(texts.events, placed)
        splice = self._splice(texts.positions, placed)
        positions = self._here(texts.positions)
        if splice is None:
            return structs.replace(texts, positions=positions, events=told)
        if texts.data_json is None:
            return StreamTexts(events=told)
        here = sorted([*positions, *(it.event.position for it in placed)])
        data = splice.text(texts.data_json, lambda it: it.event.data_json)
        if payloads_only:
            return StreamTexts(events=told, data_json=data, positions=here)
        return StreamTexts(
            events=told,
            data_json=data,
            positions=here,
            types=splice.of(texts.types, lambda it: it.event.type),
            metadata_json=splice.text(texts.metadata_json, lambda it: it.event.metadata_json),
        )

    def _here(self, positions: Sequence[int]) -> Sequence[int]:
        """Where the kept ones of them are."""
        if not positions or positions[-1] < self._places.first_changed:
            return positions
        run = self._places.run_of(positions[0])
        if run.shift is not None and positions[-1] < run.end:
            return [it + run.shift for it in positions] if run.shift else positions
        return list(self._positions(positions))

    def _splice(self, positions: Sequence[int], placed: Iterable[Placed]) -> Splice | None:
        """None when nothing is taken out of the run, nor put in."""
        removed = self._places.removed
        out: list[int] = []
        if positions:
            first, last = bisect_left(removed, positions[0]), bisect_right(removed, positions[-1])
            for there in removed[first:last]:
                at = bisect_left(positions, there)
                if at < len(positions) and positions[at] == there:
                    out.append(at)
        into = [
            (bisect_right(positions, self._places.there(it.event.position)), it) for it in placed
        ]
        return Splice(positions, out, into) if out or into else None

    def _told(
        self, payloads: Iterable[Payload], placed: Sequence[Placed]
    ) -> Callable[[], Iterable[Payload]]:
        return self._told_by(lambda: payloads, placed)

    def _told_by(
        self, events: Callable[[], Iterable[Payload]], placed: Sequence[Placed]
    ) -> Callable[[], Iterable[Payload]]:
        """The same one by one."""

        def told() -> Iterable[Payload]:
            kept = self._said(events())
            if not placed:
                return kept
            put = (payload_of(it.event) for it in placed)
            return sorted(chain(kept, put), key=lambda it: it.position)

        return told


def _of_placed(placed: Sequence[Placed], *, payloads_only: bool) -> StreamTexts:
    events: list[RecordedEvent] = [it.event for it in placed]
    data = ",".join(it.data_json for it in events)
    metadata = "" if payloads_only else ",".join(it.metadata_json for it in events)
    return StreamTexts(
        events=lambda: map(payload_of, events),
        data_json=f"[{data}]",
        positions=[it.position for it in events],
        types=[] if payloads_only else [it.type for it in events],
        metadata_json=f"[{metadata}]",
    )


def _spliced(texts: LogTexts, splice: Splice, first: int) -> LogTexts | None:
    numbers = {name: number for number, name in texts.streams.items()}

    def number(placed: Placed) -> int:
        return numbers.setdefault(placed.event.stream, -len(numbers) - 1)

    homes = splice.of(texts.homes, number)
    if not homes:
        return None
    return LogTexts(
        positions=range(first, first + len(homes)),
        homes=homes,
        streams={number: name for name, number in numbers.items()},
        types=splice.of(texts.types, lambda it: it.event.type),
        recorded_at_us=splice.of(texts.recorded_at_us, lambda it: it.event.recorded_at_us),
        data_json=splice.text(texts.data_json, lambda it: it.event.data_json),
        metadata_json=splice.text(texts.metadata_json, lambda it: it.event.metadata_json),
    )
