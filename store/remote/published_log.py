"""A local log as a source that is published from: less than it can do, and the same as a server's.

The log itself is the outbox: an event that is committed will be published, and one that is not
committed never is. A table that says the same again would be one more copy.
"""

from collections.abc import Sequence
from typing import Protocol

from store.events import NewEvent, RecordedEvent
from store.remote.errors import RemoteReplaced
from store.remote.interface import PAGE, RemoteEvent
from store.same_log import SameLog
from store.words import said


class Source(Protocol):
    """What is published; every RemoteReader is one."""

    def identity(self) -> str:
        """What tells this store from every other one."""

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        """The next events behind a cursor, in an order that keeps each stream's."""

    def distance(self, after: str | None) -> int | None:
        """How many events lie behind a cursor; None where that cannot be told."""

    def wait(self, timeout_s: float) -> bool:
        """Until something may have come. False when `timeout_s` passed without a sign of it."""


class OpenSource(Source, Protocol):
    """A source that is closed by whoever opened it."""

    def close(self) -> None:
        """Free what it holds."""


class PublishedLog:
    """An OpenSource of the log at a path. One thread."""

    def __init__(self, log: SameLog) -> None:
        """Opens a reader. Raises what `SameLog.open` raises."""
        self._same = log
        self._log = log.open()
        self._commits = self._log.commits()

    def identity(self) -> str:
        return self._log.store_id()

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        """Raises RemoteReplaced, and LogReplaced when another file is there by now."""
        self._same.require()
        position = self._position_of(after)
        found = self._log.page(position + 1, position + limit)
        if not found:
            return []
        links = self._log.links_between(position + 1, found[-1].position)
        return [remote_event(it, links.get(it.position, ())) for it in found]

    def distance(self, after: str | None) -> int | None:
        return self._log.head() - self._position_of(after)

    def wait(self, timeout_s: float) -> bool:
        return self._commits.wait(timeout_s)

    def close(self) -> None:
        self._commits.close()
        self._log.close()

    def _position_of(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        number, _, event_id = cursor.partition(":")
        position = int(number)
        event = self._log.event(position)
        if event is None or event.id != event_id:
            reason = said(
                "the event at position {position:,} is not the one that was published: the store "
                "was restored, or shortened",
                position=position,
            )
            raise RemoteReplaced(reason, self._log.place.name)
        return position


def remote_event(it: RecordedEvent, links: tuple[str, ...]) -> RemoteEvent:
    """An event of a log as one of a server."""
    event = NewEvent(
        type=it.type,
        id=it.id,
        data_json=it.data_json,
        metadata_json=it.metadata_json,
        source_json=it.source_json,
        links=links,
        occurred_at_us=it.occurred_at_us,
        occurred_offset_min=it.occurred_offset_min,
        recorded_at_us=it.recorded_at_us,
        recorded_offset_min=it.recorded_offset_min,
    )
    place = str(it.position)
    return RemoteEvent(
        stream=it.stream, version=it.version, cursor=f"{place}:{it.id}", place=place, event=event
    )
