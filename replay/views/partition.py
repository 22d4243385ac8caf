"""What a projection can be partitioned by, and whether that is true of it.

The events of one partition are folded without those of the others, so partitions may be folded
side by side, in other processes or on other machines, and their rows put together. It takes a
projection that never looks at a row which another partition writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from replay.errors import NotShippable
from replay.projection import DATA, Key, Projection
from replay.views.group_key import group_key
from replay.views.hearing import heard_by
from replay.views.lookup import LookupTable
from replay.words import said
from store.events import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """An event that read or wrote a row of another partition than its own, or a value of the
    lookup table."""

    event: RecordedEvent
    key: Key  # of the row or the value
    partition: str | None  # of the event
    owner: str | None  # the partition that had it first


def partition_of(by: str, event: RecordedEvent) -> str | None:
    """Which partition an event belongs to, as text; None for one without the field, and those
    are a partition too."""
    if by == "stream":
        return event.stream
    if by == "type":
        return event.type
    value: Any = event.data
    for part in by.removeprefix(DATA).split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None else group_key(value)


def require_shippable(projection: Projection[Any]) -> str:
    """What its events can be partitioned by. Raises NotShippable with why there is nothing."""
    if projection.reads_others:
        raise NotShippable(projection.name, said("it reads rows that other events write"))
    if projection.partition_by is None:
        raise NotShippable(projection.name, said("it declares no key to partition by"))
    return projection.partition_by


def first_crossing(
    projection: Projection[Any],
    events: Iterable[tuple[RecordedEvent, tuple[str, ...]]],
    *,
    by: str,
) -> Crossing | None:
    """The first of the events, each with its links, at which the projection touches a row, or a
    value of its lookup table, of another partition; None when it could be partitioned so. Raises
    what the projection raises."""
    rows = _OwnedRows(projection)
    for recorded, links in events:
        for event in heard_by(projection, [recorded]):
            rows.partition = partition = partition_of(by, event)
            projection.apply(rows, event, links)
            if rows.crossed is not None:
                key, owner = rows.crossed
                return Crossing(event=event, key=key, partition=partition, owner=owner)
    return None


class _OwnedRows:
    """Rows that remember which partition touched each key first."""

    def __init__(self, projection: Projection[Any]) -> None:
        self.partition: str | None = None
        self.crossed: tuple[Key, str | None] | None = None
        self.lookup = _OwnedLookup(projection, self)
        self._names = projection.key
        self._rows: dict[Key, Any] = {}
        self._owners: dict[tuple[str, Key], str | None] = {}

    def get(self, key: Key) -> Any:
        """The row, if there is one; looking at it is enough to own it."""
        self.touch("row", key)
        return self._rows.get(key)

    def put(self, row: Any) -> None:
        """Keep the row."""
        values = tuple(getattr(row, name) for name in self._names)
        key: Key = values if len(values) > 1 else values[0]
        self.touch("row", key)
        self._rows[key] = row

    def delete(self, key: Key) -> None:
        """Let the row go; its key stays owned."""
        self.touch("row", key)
        self._rows.pop(key, None)

    def touch(self, what: str, key: Key) -> None:
        """Own a key of the rows or of the lookup table, unless another partition does."""
        owner = self._owners.setdefault((what, key), self.partition)
        if owner != self.partition and self.crossed is None:
            self.crossed = (key, owner)


class _OwnedLookup:
    """The lookup table beside them: looking at a value is enough to own it."""

    def __init__(self, projection: Projection[Any], rows: _OwnedRows) -> None:
        self._table = LookupTable(projection)
        self._rows = rows

    def get(self, key: str) -> Any:
        """The value, if there is one."""
        self._rows.touch("lookup", key)
        return self._table.get(key)

    def put(self, key: str, value: Any) -> None:
        """Keep the value."""
        self._rows.touch("lookup", key)
        self._table.put(key, value)

    def delete(self, key: str) -> None:
        """Let the value go; its key stays owned."""
        self._rows.touch("lookup", key)
        self._table.delete(key)
