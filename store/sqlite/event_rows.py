"""Rows of the table `events`: positions are counted, the recorded axis is kept monotone, and each
row is chained to the one before it."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any, TypeAlias
from zlib import crc32

from store.events import NewEvent
from store.sqlite.chain import BEGINNING, pack, sorted_links

Row: TypeAlias = list[Any]  # in the order of INSERT: position, …, checksum, chain
# Of the newest event: position, running maximum of recorded-at, chain. (0, None, None) of none.
Head: TypeAlias = tuple[int, int | None, bytes | None]


def lone_row(
    event: NewEvent,
    head: Head,
    *,
    stream: tuple[str, int],
    version: int,
    type_id: int,
    now_us: int,
) -> Row:
    """The row of one event that is linked into no stream, as EventRows makes it. `stream`: its
    name and number; the clock is not before the running maximum of the head."""
    position, latest, before = head
    recorded, offset = event.recorded_at_us, event.recorded_offset_min
    if recorded is None:
        recorded, offset = now_us, 0
    occurred, occurred_offset = event.occurred_at_us, event.occurred_offset_min
    if occurred is None:
        occurred, occurred_offset = recorded, offset
    known = recorded if recorded < now_us else now_us
    latest = known if latest is None or known > latest else latest
    row: Row = [position + 1, stream[0], version, event.type, event.id, recorded, offset, latest]
    row += (occurred, occurred_offset, event.data_json, event.metadata_json, event.source_json, ())
    content = pack(row)
    row[1], row[3], row[13] = stream[1], type_id, crc32(content)
    row.append(sha256((before or BEGINNING) + content).digest())
    return row


class EventRows:
    """Turns events into rows that follow the head."""

    def __init__(
        self, head: int, latest_us: int | None, chain: bytes, now_us: int, *, held_us: int
    ) -> None:
        self.position = head
        self.last: NewEvent | None = None
        self.latest_us = latest_us
        self.chain = chain
        self.links: list[tuple[int, tuple[str, ...]]] = []
        self._now_us = now_us
        self._held_us = held_us  # what an event without a recorded-at gets

    def rows(
        self,
        placed: Iterable[tuple[str, int, NewEvent]],
        stream_id: Callable[[str], int],
        type_id: Callable[[str], int],
    ) -> Iterator[Row]:
        position, latest, chain = self.position, self.latest_us, self.chain
        streams, types = Numbers(stream_id), Numbers(type_id)
        now = max(self._now_us, self._held_us)
        for stream, version, event in placed:
            self.last = event
            position += 1
            recorded, offset = event.recorded_at_us, event.recorded_offset_min
            if recorded is None:
                recorded, offset = self._held_us, 0
            occurred, occurred_offset = event.occurred_at_us, event.occurred_offset_min
            if occurred is None:
                occurred, occurred_offset = recorded, offset
            known = recorded if recorded < now else now  # not later than it came
            latest = known if latest is None or known > latest else latest
            type_, id_, links = event.type, event.id, event.links
            if links and (links := _linked(links, stream)):
                self.links.append((position, links))
            row: Row = [position, stream, version, type_, id_, recorded, offset, latest, occurred]
            row += (occurred_offset, event.data_json, event.metadata_json, event.source_json, links)
            content = pack(row)
            chain = sha256(chain + content).digest()  # chained, without a call for each event
            row[1], row[3], row[13] = streams[stream], types[type_], crc32(content)
            row.append(chain)
            yield row
        self.position, self.latest_us, self.chain = position, latest, chain


def _linked(links: tuple[str, ...], stream: str) -> tuple[str, ...]:
    """The streams that an event of this stream is linked into, as they are hashed."""
    if len(links) == 1:
        return () if links[0] == stream else links
    return sorted_links(it for it in links if it != stream)


class Numbers(dict[str, int]):
    """Numbers of names that one batch has met: the second look-up is C's."""

    def __init__(self, number_of: Callable[[str], int]) -> None:
        super().__init__()
        self._number_of = number_of

    def __missing__(self, name: str) -> int:
        number = self[name] = self._number_of(name)
        return number
