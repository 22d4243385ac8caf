"""Events in whose JSON a key stands twice: readers disagree about them, so they are told.

An import marks such an event, and SQL then takes the last one, as states do. One that was imported
before there was a mark, or appended by a program, has none: SQL takes the first one there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from replay.words import said
from store.events import Payload, RecordedEvent
from store.interface import EventReader
from store.provenance import REPEATED_KEYS
from store.reading.repeated_keys import has_repeats, repeated_names

FIRST: Final = 10  # positions that are told
NAMED: Final = 10  # keys, in words
PAGE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedKeys:
    """All events of one type in which keys stand twice, in the payload or the metadata."""

    type: str
    count: int
    of: int  # events of that type
    names: tuple[str, ...]  # the keys
    positions: tuple[int, ...]  # of the first ten

    @property
    def words(self) -> str:
        """What stands twice, and who takes what for it."""
        names = ", ".join(map(repr, self.names[:NAMED]))
        more = len(self.names) - NAMED
        names += said(" and {more:,} more", more=more) if more > 0 else ""
        return said(
            "{count:,} of {value:,} {type}: {names} repeated within one object. "
            "States use the last one. SQL does too, except for events that no "
            "import has marked, where it uses the first",
            count=self.count,
            value=self.of,
            type=self.type,
            names=names,
        )


def keys_twice(event: Payload | RecordedEvent) -> tuple[str, ...]:
    """The keys that stand twice in an object of the event, each once."""
    texts = [it for it in (event.data_json, event.metadata_json) if has_repeats(it)]
    return tuple(dict.fromkeys(name for it in texts for name in repeated_names(it)))


def unmarked_keys_twice(event: RecordedEvent) -> tuple[str, ...]:
    """The same of an event whose source does not say so."""
    return () if REPEATED_KEYS in (event.source or {}) else keys_twice(event)


def find_repeated_keys(
    log: EventReader, *, on_progress: Callable[[int, int], None] = lambda _done, _total: None
) -> list[RepeatedKeys]:
    """By type, by name. Reads the whole log once."""
    head, counts, found = log.head(), dict[str, int](), dict[str, _Tally]()
    for first in range(1, head + 1, PAGE):
        last = min(first + PAGE - 1, head)
        for it in log.payloads(first, last):
            counts[it.type] = counts.get(it.type, 0) + 1
            if names := keys_twice(it):
                found.setdefault(it.type, _Tally()).add(it.position, names)
        on_progress(last, head)
    return [it.of(type_, counts[type_]) for type_, it in sorted(found.items())]


class _Tally:
    """What was found of one type."""

    def __init__(self) -> None:
        self._count = 0
        self._names: dict[str, None] = {}
        self._positions: list[int] = []

    def add(self, position: int, names: tuple[str, ...]) -> None:
        """One more event, by position."""
        self._count += 1
        self._names |= dict.fromkeys(names)
        if len(self._positions) < FIRST:
            self._positions.append(position)

    def of(self, type_: str, total: int) -> RepeatedKeys:
        """The finding."""
        return RepeatedKeys(
            type=type_,
            count=self._count,
            of=total,
            names=tuple(self._names),
            positions=tuple(self._positions),
        )
