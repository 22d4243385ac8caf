"""A log in a file, by ranges of positions. Workers must reach the file by the same path."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from replay.parts.origin import EVENTS_A_WINDOW, Origin, by_size, ranges
from replay.parts.shipped import Window
from replay.parts.source import Wanted
from replay.views.sink import Mark
from store.interface import EventReader
from store.opening import open_reader

FIRST_PAGE: Final = 500  # events, whose size tells how many are read at once


@dataclass(frozen=True, slots=True)
class LogShard:
    """The events from one position to another, both included."""

    path: str
    first: int
    last: int

    @property
    def events(self) -> int:
        return self.last - self.first + 1

    def windows(self) -> Iterator[Window]:
        with closing(open_reader(Path(self.path))) as log:
            yield from _windows(log, self.first, self.last)


def _windows(log: EventReader, first: int, last: int) -> Iterator[Window]:
    most = FIRST_PAGE
    while first <= last:
        end = min(first + most - 1, last)
        events, links = log.page(first, end), log.links_between(first, end)
        for some in by_size(events):
            yield Window(some[0].position, some, links)
        size = sum(len(it.data_json) for it in events)
        most = max(1, min(EVENTS_A_WINDOW, len(events) * 8_000_000 // max(1, size)))
        first = end + 1


def log_origin(log: EventReader, *, until: int, least: int) -> Origin:
    """The events of a log up to a position, in at least so many shards."""
    path = str(log.place.path)
    last = log.event(until)
    return Origin(
        identity=log.store_id(),
        head=Mark(position=until, event_id=last.id if last else ""),
        shards=[LogShard(path, *it) for it in ranges(until, least=least)],
    )


class LogSource:
    """replay.parts.source.Source of a log that somebody else has opened."""

    def __init__(self, log: EventReader) -> None:
        self._log = log
        self.place = log.place
        self.identity = log.store_id()

    def head(self) -> Mark:
        return self._mark(self._log.head())

    def holds(self, mark: Mark, _folder: Path, /) -> bool:
        return mark.position == 0 or self._mark(mark.position) == mark

    def origin(self, wanted: Wanted) -> Origin:
        return log_origin(self._log, until=wanted.until.position, least=wanted.least)

    def close(self) -> None:
        """The log is its opener's."""

    def _mark(self, position: int) -> Mark:
        event = self._log.event(position) if position else None
        return Mark(position=position, event_id=event.id if event else "")
