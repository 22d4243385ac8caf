"""What of a view some events can touch, and which events have to be folded to tell."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from msgspec.structs import replace

from replay.history.stored_rows import StoredRows, stored_before
from replay.history.without_answer import ViewDiffers
from replay.history.without_keyed import KeyedSides
from replay.history.without_rows import Pair, Sides, told_failure, told_rows
from replay.projection import Key, Projection, RowByRow
from replay.views.hearing import ear_of, heard_by, shapes
from replay.views.partition import partition_of
from replay.views.view import View
from store.events import RecordedEvent
from store.interface import EventReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """An event that one side alone has; `at`: the position on the left from which on it tells."""

    event: RecordedEvent
    links: tuple[str, ...]
    at: int


class BothSides(Protocol):
    """Rows that are folded with some events and with others."""

    failed: tuple[int, str] | None  # the event that fails on the right, and why

    @property
    def is_settled(self) -> bool:
        """Whether no later event can change the answer."""

    def take(self, heard: Sequence[Pair]) -> None:
        """The next events that are heard, as each side has them. None behind one that fails."""

    def differing(self) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
        """The rows that differ, left and right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of one projection that the events may touch, and no others. Positions on the left."""

    projection: Projection[Any]
    sides: BothSides
    first: int  # position of the first event to be folded
    last: int  # where the last event tells that one side alone has
    stream: str | None  # whose events are to be read; None: those of the log
    types: frozenset[str] | None  # as stored, of the events to be read; None: all
    is_wanted: Callable[[RecordedEvent], bool]  # of an event that is heard

    def is_settled(self, reached: int) -> bool:
        """Whether nothing behind a position can change the answer."""
        if self.sides.failed is not None:
            return True
        return reached >= self.last and self.sides.is_settled

    def take(self, pairs: Sequence[Pair]) -> None:
        """The next events, in whatever shape they are recorded."""
        hear = ear_of(self.projection.listens, self.projection.payloads)
        is_wanted, first, heard = self.is_wanted, self.first, list[Pair]()
        for one, other, links in pairs:
            left = None if one is None else hear(one)
            right = left if other is one else _on_the_right(one, left, other, hear)
            event = left or right
            if event is None or (one is not None and one.position < first) or not is_wanted(event):
                continue
            heard.append((left, right, links))
        self.sides.take(heard)


def _on_the_right(
    one: RecordedEvent | None,
    left: RecordedEvent | None,
    other: RecordedEvent | None,
    hear: Callable[[RecordedEvent], RecordedEvent | None],
) -> RecordedEvent | None:
    """As it is heard there. What both sides say is brought to its shape once."""
    if other is None or one is None:
        return None if other is None else hear(other)
    if left is None or left is one:
        return None if left is None else other
    return replace(left, position=other.position, version=other.version)


def parts_of(
    log: EventReader, db: sqlite3.Connection | None, view: View, partings: Sequence[Parting]
) -> list[Part]:
    """Of one view, the partings in their order; none where none of them is heard."""
    projection = view.projection
    if projection is None:
        return []
    form = projection.apply
    by_key: dict[str | None, list[Parting]] = {}
    for it in partings:
        for event in heard_by(projection, [it.event]):
            found = Parting(event=event, links=it.links, at=it.at)
            for key in _keys(projection, found):
                by_key.setdefault(key, []).append(found)
    parts = []
    for key, of_key in by_key.items():
        first = of_key[0].at
        stored = stored_before(db, log, view, first)
        where = (1 if stored is None else first), of_key[-1].at
        if isinstance(form, RowByRow):
            parts.append(_keyed(projection, form, str(key), where, stored))
        else:
            parts.append(_partition(projection, of_key[0].event, where, Sides(projection, stored)))
    return parts


def _keys(projection: Projection[Any], it: Parting) -> Iterable[str | None]:
    """Of the rows, or the partition, that an event may touch."""
    if isinstance(projection.apply, RowByRow):
        return dict.fromkeys(projection.apply.keys(it.event, it.links))
    by = projection.partition_by
    return [None if by is None else partition_of(by, it.event)]


def _keyed(
    projection: Projection[Any],
    form: RowByRow[Any],
    key: str,
    where: tuple[int, int],
    stored: StoredRows | None,
) -> Part:
    """The events that write one row."""
    return Part(
        projection=projection,
        sides=KeyedSides(projection, form, key, stored),
        first=where[0],
        last=where[1],
        stream=key if form.key == "stream" else None,
        types=_types(projection, None if form.key == "stream" else key),
        is_wanted=_writes(form, key),
    )


def together(name: str, parts: Sequence[Part]) -> ViewDiffers | None:
    """What came of the parts of one view; None where all is the same."""
    with_it: dict[Key, Any] = {}
    without: dict[Key, Any] = {}
    for it in parts:
        if it.sides.failed is not None:
            return told_failure(name, it.sides.failed)
        one, other = it.sides.differing()
        with_it.update(one)
        without.update(other)
    return told_rows(name, with_it, without) if with_it else None


def _partition(
    projection: Projection[Any], event: RecordedEvent, where: tuple[int, int], sides: Sides
) -> Part:
    """The events of the same partition, or all."""
    by = projection.partition_by
    return Part(
        projection=projection,
        sides=sides,
        first=where[0],
        last=where[1],
        stream=event.stream if by == "stream" else None,
        types=_types(projection, event.type if by == "type" else None),
        is_wanted=_is_of_partition(by, event),
    )


def _is_of_partition(by: str | None, event: RecordedEvent) -> Callable[[RecordedEvent], bool]:
    if by is None:
        return lambda _event: True
    own = partition_of(by, event)
    return lambda it: partition_of(by, it) == own


def _writes(form: RowByRow[Any], key: str) -> Callable[[RecordedEvent], bool]:
    """Whether an event of a stream, or of the log, writes the row of a key."""
    if form.key == "type":
        return lambda it: it.type == key
    if form.follows_links:
        return lambda _event: True  # all that are read with the stream
    return lambda it: it.stream == key


def _types(projection: Projection[Any], only: str | None) -> frozenset[str] | None:
    """Those that may be heard, or be heard as one type."""
    types = projection.listens if only is None else frozenset({only})
    if types is None or projection.payloads == "stored":
        return types
    return types | shapes().older
