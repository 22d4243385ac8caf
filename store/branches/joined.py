"""A log up to where a branch left it, and the branch's own events after that, as one history."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from msgspec import structs

from store.branches.asked_query import asked_behind
from store.branches.glued_texts import glued
from store.branches.grown import Grown
from store.branches.joined_times import JoinedTimes
from store.events import Payload, RecordedEvent
from store.interface import EventReader
from store.log_texts import LogTexts
from store.query import EVERYTHING, EventQuery
from store.stream_texts import StreamTexts


class Joined(JoinedTimes):
    """The questions of an EventReader about events. One thread; closes nothing."""

    def __init__(self, log: EventReader, last: int, own: EventReader) -> None:
        """`last`: the last position of the log that counts. `own` counts from 1 by itself."""
        super().__init__(log, last, own)
        self._versions: dict[str, int] = {}
        self._grown = Grown(log, last)

    def head(self) -> int:
        return self._last + self._own.head()

    def event(self, position: int) -> RecordedEvent | None:
        return next(iter(self.page(position, position)), None)

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        found = self._log.event_by_id(event_id)
        if found is not None and found.position <= self._last:
            return found
        own = self._own.event_by_id(event_id)
        return None if own is None else self._moved(own)

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        found: list[RecordedEvent] = []
        if first <= self._last:
            found = self._log.page(first, min(last, self._last))
        if last > self._last:
            found += map(self._moved, self._own.page(first - self._last, last - self._last))
        return found

    def payloads(self, first: int, last: int) -> list[Payload]:
        found: list[Payload] = []
        if first <= self._last:
            found = self._log.payloads(first, min(last, self._last))
        if last > self._last:
            found += map(self._said, self._own.payloads(first - self._last, last - self._last))
        return found

    def log_texts(self, first: int, last: int) -> LogTexts | None:
        if last <= self._last:
            return self._log.log_texts(first, last)
        if first <= self._last:
            return None
        found = self._own.log_texts(first - self._last, last - self._last)
        if found is None:
            return None
        return structs.replace(found, positions=[it + self._last for it in found.positions])

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        wanted = sorted(set(positions))
        found = self._log.at_positions([it for it in wanted if it <= self._last])
        own = self._own.at_positions([it - self._last for it in wanted if it > self._last])
        return [*found, *map(self._moved, own)]

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        found: Iterator[int] = iter(())
        if after < self._last:
            found = self._log.positions(query, after=after, until=self._in_log(until))
        if not self._reaches_own(until):
            return found
        return chain(found, self._own_positions(query, after, until))

    def _own_positions(self, query: EventQuery, after: int, until: int | None) -> Iterator[int]:
        pushed, check = asked_behind(query, self._last)
        if check is not None:
            found = self.read(query, after=max(after, self._last), until=until)
            return (it.position for it in found)
        in_own = self._own.positions(
            pushed, after=max(after - self._last, 0), until=self._in_own(until)
        )
        return (it + self._last for it in in_own)

    def links(self, position: int) -> tuple[str, ...]:
        if position <= self._last:
            return self._log.links(position)
        return self._own.links(position - self._last)

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        if first <= self._last:
            found = self._log.links_between(first, min(last, self._last))
        if last > self._last:
            own = self._own.links_between(first - self._last, last - self._last)
            found |= {it + self._last: links for it, links in own.items()}
        return found

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        parts: list[Iterator[RecordedEvent]] = []
        if after < self._last:
            parts.append(
                self._log.read(
                    query, after=after, until=self._in_log(until), limit=limit, reverse=reverse
                )
            )
        if self._reaches_own(until):
            parts.append(self._own_read(query, after, until, limit, reverse=reverse))
        return _in_turn(parts, limit, reverse=reverse)

    def _own_read(
        self, query: EventQuery, after: int, until: int | None, limit: int | None, *, reverse: bool
    ) -> Iterator[RecordedEvent]:
        pushed, check = asked_behind(query, self._last)
        found = self._own.read(
            pushed,
            after=max(after - self._last, 0),
            until=self._in_own(until),
            limit=limit if check is None else None,
            reverse=reverse,
        )
        moved = map(self._moved, found)
        return moved if check is None else filter(check, moved)

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        parts: list[Iterator[RecordedEvent]] = []
        if after < self._last:
            parts.append(
                self._log.read_stream(
                    stream, after=after, until=self._in_log(until), limit=limit, reverse=reverse
                )
            )
        if self._reaches_own(until):
            own = self._own.read_stream(
                stream,
                after=max(after - self._last, 0),
                until=self._in_own(until),
                limit=limit,
                reverse=reverse,
            )
            parts.append(map(self._moved, own))
        return _in_turn(parts, limit, reverse=reverse)

    def stream_payloads(
        self, stream: str, *, after: int = 0, until: int | None = None, naming: str | None = None
    ) -> Iterator[Payload]:
        found: Iterator[Payload] = iter(())
        if after < self._last:
            found = self._log.stream_payloads(
                stream, after=after, until=self._in_log(until), naming=naming
            )
        if not self._reaches_own(until):
            return found
        own = self._own.stream_payloads(
            stream,
            after=max(after - self._last, 0),
            until=self._in_own(until),
            naming=naming,
        )
        return chain(found, map(self._said, own))

    def stream_texts(
        self, stream: str, *, after: int, until: int, payloads_only: bool = False
    ) -> Iterator[StreamTexts] | None:
        found = self._log.stream_texts(
            stream,
            after=min(after, self._last),
            until=min(until, self._last),
            payloads_only=payloads_only,
        )
        if not self._reaches_own(until) or not self._own.has_stream(stream):
            return found
        own = self._own.stream_texts(
            stream,
            after=max(after - self._last, 0),
            until=until - self._last,
            payloads_only=payloads_only,
        )
        if own is None:
            return None
        if found is None:
            return None if self._log.has_stream(stream) else map(self._moved_texts, own)
        return glued(chain(found, map(self._moved_texts, own)))

    def has_stream(self, stream: str) -> bool:
        if self._reaches_own(None) and self._own.has_stream(stream):
            return True
        if not self._log.has_stream(stream):
            return False
        return not self._grown.has_any() or stream not in self._grown.new_streams()

    def has_category(self, category: str) -> bool:
        if self._own.has_category(category):
            return True
        if not self._log.has_category(category):
            return False
        if not self._grown.has_any() or not self._grown.new_streams():
            return True
        return any(it.startswith(f"{category}-") for it in self.stream_names())

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        if until is not None and until <= self._last:
            return self._log.stream_version(stream, until=until)
        before = self._before(stream)
        if not self._reaches_own(until):
            return before
        return before + self._own.stream_version(stream, until=self._in_own(until))

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        wanted = list(positions)
        found = self._log.positions_before([it for it in wanted if it <= self._last])
        for event in self.at_positions([it for it in wanted if it > self._last]):
            before = self.position_of(event.stream, event.version - 1)
            if before is not None:
                found[event.position] = before
        return found

    def position_of(self, stream: str, version: int) -> int | None:
        before = self._before(stream)
        if version <= before:
            return self._log.position_of(stream, version)
        found = self._own.position_of(stream, version - before)
        return None if found is None else found + self._last

    def stream_names(self) -> set[str]:
        found = self._log.stream_names()
        if self._grown.has_any():
            found -= self._grown.new_streams()
        return found | self._own.stream_names()

    def stream_lengths(self) -> list[tuple[str, int]]:
        own = dict(self._own.stream_lengths())
        found = self._grown.lengths()
        if not own:
            return found
        known = {name for name, _ in found if name in own}
        joined = [(name, count + own.get(name, 0)) for name, count in found]
        new = [it for it in own.items() if it[0] not in known]
        return sorted([*joined, *new], key=lambda it: (-it[1], it[0]))

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        found = self._log.every_nth(versions, after=after, until=min(until, self._last))
        if until <= self._last:
            return found
        own = self._own_read(EVERYTHING, after, until, None, reverse=False)
        return [
            *found,
            *((it.position, it.stream, it.version) for it in own if it.version % versions == 0),
        ]

    def type_names(self) -> list[str]:
        found = self._log.type_names()
        if self._grown.has_any():
            found = [it for it in found if self._is_of_log(it)]
        return list(dict.fromkeys([*found, *self._own.type_names()]))

    def type_counts(self) -> dict[str, int]:
        found = self._grown.type_counts()
        for name, count in self._own.type_counts().items():
            found[name] = found.get(name, 0) + count
        return found

    def _is_of_log(self, type_: str) -> bool:
        """Whether the log has an event of a type up to where the branch left it."""
        found = self._log.read(EventQuery(types=(type_,)), until=self._last, limit=1)
        return next(found, None) is not None

    def _reaches_own(self, until: int | None) -> bool:
        """Whether there are events of the branch's own up to a position."""
        return (until is None or until > self._last) and self._own.head() > 0

    def _before(self, stream: str) -> int:
        """The version of a stream where the branch's own events begin."""
        if stream not in self._versions:
            self._versions[stream] = self._log.stream_version(stream, until=self._last)
        return self._versions[stream]

    def _moved(self, own: RecordedEvent) -> RecordedEvent:
        return structs.replace(
            own,
            position=own.position + self._last,
            version=own.version + self._before(own.stream),
        )

    def _said(self, own: Payload) -> Payload:
        return structs.replace(own, position=own.position + self._last)

    def _moved_texts(self, own: StreamTexts) -> StreamTexts:
        return structs.replace(
            own,
            positions=[it + self._last for it in own.positions],
            events=lambda: map(self._said, own.events()),
        )


def _in_turn(
    parts: list[Iterator[RecordedEvent]], limit: int | None, *, reverse: bool
) -> Iterator[RecordedEvent]:
    if len(parts) < 2:
        return parts[0] if parts else iter(())
    return islice(chain.from_iterable(reversed(parts) if reverse else parts), limit)
