"""Events on their way from where they are read to where their part is folded.

A run of the log is a window. Of each window every part gets one package of bytes: thousands of
events at once cost less than as many rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Final, TypeAlias
from zlib import crc32

from msgspec import Struct, msgpack, structs

from replay.projection import Projection
from replay.views.hearing import heard
from replay.views.partition import partition_of
from store.events import RecordedEvent

Links: TypeAlias = dict[int, tuple[str, ...]]


class ShippedEvent(RecordedEvent, frozen=True, gc=False, array_like=True):
    """An event that is packed without the names of its fields. A source that makes events may as
    well make these: any other one is copied when it is packed."""


class Package(Struct, frozen=True, array_like=True):
    """The events of one window that one part folds, by position, with their links."""

    events: list[ShippedEvent]
    links: Links


class Window(Struct, frozen=True):
    """Some events of the log, by position. Those of one number lie before those of the next."""

    number: int  # the position at which it begins
    events: Sequence[RecordedEvent]
    links: Links = {}


_PACKED: Final = msgpack.Encoder()
_UNPACKED: Final = msgpack.Decoder(Package)
_NO_KEY: Final = b"\0"  # of events without the field: a part of their own


def part_of(key: str | None, parts: int) -> int:
    """Which part a partition belongs to; on every machine the same."""
    text = _NO_KEY if key is None else key.encode("utf-8", "surrogatepass")
    return crc32(text) % parts


def packages(
    window: Window, projection: Projection[Any], *, by: str | None, parts: int
) -> dict[int, bytes]:
    """What each part gets of a window. Without `by` all of it is one part, the first."""
    events = heard(window.events, projection.listens, projection.payloads)
    found: list[list[RecordedEvent]] = [[] for _ in range(parts)]
    if by is None:
        found = [list(events)]
    elif by == "stream":
        for event in events:
            found[crc32(event.stream.encode()) % parts].append(event)
    else:
        for event in events:
            found[part_of(partition_of(by, event), parts)].append(event)
    return {part: packed(some, window.links) for part, some in enumerate(found) if some}


def packed(events: Sequence[RecordedEvent], links: Links) -> bytes:
    """One package."""
    shipped = [
        it if type(it) is ShippedEvent else ShippedEvent(*structs.astuple(it)) for it in events
    ]
    own = {at: links[at] for it in events if (at := it.position) in links} if links else {}
    return _PACKED.encode(Package(shipped, own))


def unpacked(texts: Iterable[bytes]) -> tuple[list[RecordedEvent], Mapping[int, tuple[str, ...]]]:
    """The events of the packages of one window, by position, and their links."""
    found = [_UNPACKED.decode(it) for it in texts]
    events: list[RecordedEvent] = list(chain.from_iterable(it.events for it in found))
    if len(found) > 1:
        events.sort(key=attrgetter("position"))
    links: Links = {}
    for it in found:
        links |= it.links
    return events, links


def by_window(rows: Iterable[tuple[int, bytes]]) -> Iterator[list[bytes]]:
    """The packages of each window; they come in the order of the windows."""
    last, found = -1, list[bytes]()
    for window, text in rows:
        if window != last and found:
            yield found
            found = []
        last = window
        found.append(text)
    if found:
        yield found
