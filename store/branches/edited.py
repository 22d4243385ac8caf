"""A history as the edits of a branch have it. Everything that they do not touch is asked of what
is below, so an answer costs what it costs there, and by the edit a search in a short list."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice

from store.branches.edited_base import BY_POSITION, PAGE, in_order, said_in_order
from store.branches.edited_queries import EditedQueries
from store.branches.edited_texts import EditedTexts
from store.branches.edited_times import EditedTimes
from store.branches.edited_types import EditedTypes
from store.branches.layout import Layout
from store.events import Payload, RecordedEvent, payload_of


class Edited(EditedQueries, EditedTexts, EditedTimes, EditedTypes):
    """The questions of an EventReader about events. One thread; closes nothing."""

    @property
    def layout(self) -> Layout:
        """What the edits come to, those that no longer fit among it."""
        return self._layout

    def kept(self, below: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
        """Events of what is below as they stand here; those that were taken out are left out."""
        return self._shown(below)

    def head(self) -> int:
        return self._raw.head() + self._places.growth

    def event(self, position: int) -> RecordedEvent | None:
        return next(iter(self.page(position, position)), None)

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        for it in self._layout.placed:
            if it.event.id == event_id:
                return it.event
        found = self._raw.event_by_id(event_id)
        return None if found is None else next(self._shown([found]), None)

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        first = max(first, 1)
        if last < first:
            return []
        kept = self._raw.page(self._places.there(first - 1) + 1, self._places.there(last))
        if self._until_plain(last):
            return kept
        placed = self._placed(first - 1, last)
        shown = self._shown_together(kept)
        if placed:
            shown += [it.event for it in placed]
            shown.sort(key=lambda it: it.position)
        return shown

    def payloads(self, first: int, last: int) -> list[Payload]:
        first = max(first, 1)
        if last < first:
            return []
        kept = self._raw.payloads(self._places.there(first - 1) + 1, self._places.there(last))
        shown = list(self._said(kept))
        if placed := self._placed(first - 1, last):
            shown += [payload_of(it.event) for it in placed]
            shown.sort(key=lambda it: it.position)
        return shown

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        wanted = sorted({it for it in positions if it > 0})
        if not wanted:
            return []
        there = self._places.there
        if self._places.is_plain(wanted[0], wanted[-1]):
            shift = wanted[0] - there(wanted[0])
            kept = [it - shift for it in wanted] if shift else wanted
            return self._shown_together(self._raw.at_positions(kept))
        at = {it: self._places.placed_at(it) for it in wanted}
        below = self._raw.at_positions([there(it) for it, n in at.items() if n is None])
        placed = [self._layout.placed[n].event for n in at.values() if n is not None]
        return sorted([*self._shown_together(below), *placed], key=BY_POSITION)

    def links(self, position: int) -> tuple[str, ...]:
        at = self._places.placed_at(position)
        if at is not None:
            return self._layout.placed[at].links
        return self._raw.links(self._places.there(position)) if position > 0 else ()

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        first = max(first, 1)
        there = self._places.there
        found = self._raw.links_between(there(first - 1) + 1, there(last))
        here = {
            self._places.here(it): links
            for it, links in found.items()
            if not self._places.is_removed(it)
        }
        placed = {it.event.position: it.links for it in self._placed(first - 1, last) if it.links}
        return dict(sorted((here | placed).items())) if placed else here

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        if limit is not None and limit <= PAGE:
            return iter(self._few(stream, after, until, limit, reverse=reverse))
        found = self._raw.read_stream(
            stream,
            after=self._places.there(after),
            until=self._places.until(until),
            reverse=reverse,
        )
        placed = [it.event for it in self._placed_in(stream, after, until)]
        shown = in_order(self._shown_by_pages(found), placed, reverse=reverse)
        return shown if limit is None else islice(shown, limit)

    def _few(
        self, stream: str, after: int, until: int | None, limit: int, *, reverse: bool
    ) -> list[RecordedEvent]:
        """The first events of a stream within bounds, or the last ones."""
        low, high = self._places.there(after), self._places.until(until)
        left, found = limit, list[RecordedEvent]()
        while left > 0:
            below = list(
                self._raw.read_stream(stream, after=low, until=high, limit=left, reverse=reverse)
            )
            found += self._shown_together(below)
            if len(below) < left or len(found) == limit:
                break
            left, last = limit - len(found), below[-1].position
            low, high = (low, last - 1) if reverse else (last, high)
        placed = self._placed_in(stream, after, until)
        if placed:
            found += [it.event for it in (placed[-limit:] if reverse else placed[:limit])]
            found.sort(key=BY_POSITION, reverse=reverse)
        return found[:limit]

    def stream_payloads(
        self, stream: str, *, after: int = 0, until: int | None = None, naming: str | None = None
    ) -> Iterator[Payload]:
        found = self._raw.stream_payloads(
            stream,
            after=self._places.there(after),
            until=self._places.until(until),
            naming=naming,
        )
        placed = [it.event for it in self._placed_in(stream, after, until)]
        return said_in_order(self._said(found), placed)

    def has_stream(self, stream: str) -> bool:
        if stream not in self._touched.removed:
            return stream in self._touched.placed or self._raw.has_stream(stream)
        return next(self.read_stream(stream, limit=1), None) is not None

    def has_category(self, category: str) -> bool:
        start = f"{category}-"
        if any(it.startswith(start) for it in self._touched.placed):
            return True
        if not self._raw.has_category(category):
            return False
        if not any(it.startswith(start) for it in self._lost()):
            return True
        return any(it.startswith(start) for it in self.stream_names())

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        there = self._places.until(until)
        version = self._raw.stream_version(stream, until=there)
        home = self._touched.homes.get(stream)
        if home is None:
            return version
        return version - home.removed_until(there) + home.placed_until(until)

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        wanted = {it for it in positions if it > 0}
        if not any(it >= self._places.first_changed for it in wanted):
            return self._raw.positions_before(wanted)
        there = {self._places.there(it): it for it in wanted if self._places.placed_at(it) is None}
        found: dict[int, int] = {}
        for at, known in self._raw.positions_before(there).items():
            run = self._places.run_of(at)
            if run.shift is not None and run.first <= known:  # nothing has changed in between
                found[there[at]] = known + run.shift
        for event in self.at_positions(wanted - found.keys()):
            before = self.position_of(event.stream, event.version - 1)
            if before is not None:
                found[event.position] = before
        return found

    def position_of(self, stream: str, version: int) -> int | None:
        if version < 1:
            return None
        home = self._touched.homes.get(stream)
        if home is not None:
            if (placed := home.placed_with(version)) is not None:
                return placed
            version = home.kept_version(version)
        there = self._raw.position_of(stream, version)
        return None if there is None else self._places.here(there)

    def stream_names(self) -> set[str]:
        return (self._raw.stream_names() - self._lost()) | set(self._touched.placed)

    def stream_lengths(self) -> list[tuple[str, int]]:
        found = self._raw.stream_lengths()
        homes = self._touched.homes
        left = [it for it in found if it[0] not in homes]
        touched = [(name, self.stream_version(name)) for name in homes]
        there = sorted((it for it in touched if it[1]), key=_longest)
        return list(merge(left, there, key=_longest))

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        there = self._places.there
        homes = self._touched.homes
        found = [
            (self._places.here(position), stream, version)
            for position, stream, version in self._raw.every_nth(
                versions, after=there(after), until=there(until)
            )
            if stream not in homes
        ]
        for name in homes:
            found += self._nth_of(name, versions, after, until)
        return sorted(found)

    def _nth_of(
        self, stream: str, versions: int, after: int, until: int
    ) -> Iterator[tuple[int, str, int]]:
        begun, ended = (self.stream_version(stream, until=it) for it in (after, until))
        for version in range(begun - begun % versions + versions, ended + 1, versions):
            position = self.position_of(stream, version)
            if position is not None:
                yield position, stream, version

    def _lost(self) -> set[str]:
        """Streams of which nothing is left."""
        return {it for it in self._touched.removed if not self.has_stream(it)}


def _longest(length: tuple[str, int]) -> tuple[int, str]:
    return -length[1], length[0]
