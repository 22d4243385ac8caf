"""What of a view one event can touch, and which events have to be folded to tell."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from replay.history.stored_rows import stored_before
from replay.history.without_answer import ViewDiffers
from replay.history.without_keyed import KeyedSides
from replay.history.without_rows import Sides, told_failure, told_rows
from replay.projection import Key, Projection, RowByRow
from replay.views.hearing import heard, heard_by, shapes
from replay.views.partition import partition_of
from replay.views.view import View
from store.events import RecordedEvent
from store.interface import EventReader


class BothSides(Protocol):
    """Rows that are folded with the event and without it."""

    failed: tuple[int, str] | None  # the event that fails without it, and why

    @property
    def is_settled(self) -> bool:
        """Whether no later event can change the answer."""

    def take(self, event: RecordedEvent, links: tuple[str, ...]) -> None:
        """The next event that is heard."""

    def differing(self) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
        """The rows that differ, with the event and without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of one projection that the event may touch, and no others."""

    projection: Projection[Any]
    sides: BothSides
    first: int  # position of the first event to be folded
    stream: str | None  # whose events are to be read; None: those of the log
    types: frozenset[str] | None  # as stored, of the events to be read; None: all
    is_wanted: Callable[[RecordedEvent], bool]  # of an event that is heard

    def take(self, events: Sequence[RecordedEvent], links: Mapping[int, tuple[str, ...]]) -> None:
        """The next events; those behind the one that settles it are not folded."""
        listens, payloads = self.projection.listens, self.projection.payloads
        sides, is_wanted = self.sides, self.is_wanted
        for event in heard(events, listens, payloads):
            if event.position >= self.first and is_wanted(event):
                sides.take(event, links.get(event.position, ()))
                if sides.failed is not None:
                    return


def parts_of(
    log: EventReader,
    db: sqlite3.Connection | None,
    view: View,
    event: RecordedEvent,
    links: tuple[str, ...],
) -> list[Part]:
    """Of one view; none where the event is not heard."""
    projection = view.projection
    found = heard_by(projection, [event]) if projection is not None else []
    if projection is None or not found:
        return []
    stored = stored_before(db, log, view, event.position)
    first = 1 if stored is None else event.position
    form = projection.apply
    if not isinstance(form, RowByRow):
        part = _partition(projection, found[0], first, Sides(projection, event, stored))
        return [part]
    return [
        Part(
            projection=projection,
            sides=KeyedSides(projection, form, key, event, stored),
            first=first,
            stream=key if form.key == "stream" else None,
            types=_types(projection, None if form.key == "stream" else key),
            is_wanted=_writes(form, key),
        )
        for key in dict.fromkeys(form.keys(found[0], links))
    ]


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


def _partition(projection: Projection[Any], event: RecordedEvent, first: int, sides: Sides) -> Part:
    """The events of the same partition, or all."""
    by = projection.partition_by
    return Part(
        projection=projection,
        sides=sides,
        first=first,
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
