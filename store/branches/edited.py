"""A history as the edits of a branch have it. Everything that they do not touch is asked of what
is below, so an answer costs what it costs there, and by the edit a search in a short list."""

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice

from store.branches.asked_query import asked, names_places
from store.branches.edited_base import in_order, said_in_order
from store.branches.edited_texts import EditedTexts
from store.branches.edited_times import EditedTimes
from store.branches.layout import Layout
from store.events import Payload, RecordedEvent, payload_of
from store.query import EVERYTHING, EventQuery


class Edited(EditedTexts, EditedTimes):
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
        placed, kept = list[RecordedEvent](), list[int]()
        for here in {it for it in positions if it > 0}:
            at = self._places.placed_at(here)
            if at is None:
                kept.append(self._places.there(here))
            else:
                placed.append(self._layout.placed[at].event)
        found = [*self._shown(self._raw.at_positions(kept)), *placed]
        return sorted(found, key=lambda it: it.position)

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        if query.where is not None and names_places(query.where) and not self._until_plain(until):
            return (it.position for it in self.read(query, after=after, until=until))
        there = self._places.there(after)
        found = self._raw.positions(query, after=there, until=self._places.until(until))
        kept = self._positions(found)
        placed = [it.position for it in self._met(query, after, until)]
        return merge(kept, placed) if placed else kept

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

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        if self._until_plain(until):
            yield from self._raw.read(query, after=after, until=until, limit=limit, reverse=reverse)
            return
        pushed, check = asked(query, self._spread)
        more = None if limit is None or check else limit + len(self._places.removed)
        found = self._raw.read(
            pushed,
            after=self._places.there(after),
            until=self._places.until(until),
            limit=more,
            reverse=reverse,
        )
        shown = self._shown(found)
        kept = shown if check is None else filter(check, shown)
        yield from islice(in_order(kept, self._met(query, after, until), reverse=reverse), limit)

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        there, end = self._places.there(after), self._places.until(until)
        is_short = limit is not None and stream in self._touched.removed
        ask = self._with_those_removed if is_short else self._raw.read_stream
        found = ask(stream, after=there, until=end, limit=limit, reverse=reverse)
        placed = [it.event for it in self._placed_in(stream, after, until)]
        shown = in_order(self._shown(found), placed, reverse=reverse)
        return shown if limit is None else islice(shown, limit)

    def _with_those_removed(
        self, stream: str, *, after: int, until: int | None, limit: int | None, reverse: bool
    ) -> Iterator[RecordedEvent]:
        """Of a stream there: as many kept ones, and those taken out among them."""
        while limit:
            seen = gone = at = 0
            for event in self._raw.read_stream(
                stream, after=after, until=until, limit=limit, reverse=reverse
            ):
                seen, at = seen + 1, event.position
                gone += self._places.is_removed(at)
                yield event
            if seen < limit:
                return
            after, until = (after, at - 1) if reverse else (at, until)
            limit = gone

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
        found: dict[int, int] = {}
        if any(it >= self._places.first_changed for it in wanted):
            for event in self.at_positions(wanted):
                before = self.position_of(event.stream, event.version - 1)
                if before is not None:
                    found[event.position] = before
            return found
        return self._raw.positions_before(wanted)

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

    def type_names(self) -> list[str]:
        head = self._raw.head()  # the edits stay as they are, and events come at the end alone
        if self._names[0] != head:
            self._names = (head, tuple(self.type_counts()))
        return list(self._names[1])

    def type_counts(self) -> dict[str, int]:
        counts = Counter(self._raw.type_counts())
        counts.subtract(it.type for it in self._layout.removed)
        counts.update(it.event.type for it in self._layout.placed)
        there = {name: count for name, count in counts.items() if count > 0}
        order = {name: self._first_of(name) for name in there}
        return dict(sorted(there.items(), key=lambda it: order[it[0]]))

    def _first_of(self, type_: str) -> int:
        """The position of the first event of a type that has any; looked for once."""
        if type_ not in self._first_places:
            self._first_places[type_] = next(
                self.read(EventQuery(types=(type_,)), limit=1)
            ).position
        return self._first_places[type_]

    def _lost(self) -> set[str]:
        """Streams of which nothing is left."""
        return {it for it in self._touched.removed if not self.has_stream(it)}


def _longest(length: tuple[str, int]) -> tuple[int, str]:
    return -length[1], length[0]
