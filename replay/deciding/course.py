"""The course of a pass: events of touched streams in the order of the log, and what is to be done
between them. A stream that is touched is followed from there on."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any, Protocol, TypeAlias

from replay.deciding.outcome import Outcome, ids_of
from replay.deciding.touched import TouchedStates
from replay.states.model_set import ModelSet
from store import json_text
from store.branches.reader import BranchReader
from store.events import NewEvent, RecordedEvent
from store.query import EventQuery

Work: TypeAlias = Callable[[], None]
_Due: TypeAlias = tuple[int, int, int, Work]
When: TypeAlias = Callable[[RecordedEvent], bool]


def _always(_event: RecordedEvent) -> bool:
    return True


BETWEEN, EVENT = 0, 1  # what is due at a position comes before the event there


class Listener(Protocol):
    """What decides, as events are passed."""

    def consider(self, event: RecordedEvent) -> None:
        """A recorded event of a touched stream is next; whether it stays is settled now."""

    def came(self, event: RecordedEvent, before: Any, place: int, *, is_other: bool) -> None:
        """An event comes. `before`: the state of its stream before it; what it leads to goes
        before the event at `place`; `is_other`: it is not as it was recorded."""

    def gone(self, event: RecordedEvent, place: int) -> None:
        """A recorded event comes no more."""


class Course:
    """One pass. One thread. `told(position)` is called as it goes on, and may raise Cancelled."""

    def __init__(self, line: BranchReader, models: ModelSet, told: Callable[[int], None]) -> None:
        self.line, self.models = line, models
        self.states = TouchedStates(line, models)
        self.outcome = Outcome(line)
        layout = line.layout
        placed = ids_of([it.event for it in layout.placed])
        self.edited = placed | ids_of(layout.removed)  # what a person says stays as they say
        self._queue: list[_Due] = []
        self._numbers = count()
        self._considered = 0  # the position of the last event that was
        self._replaced: set[int] = set()
        self.is_whole = line.facts.later == "rerun"  # whatever was recorded is decided again
        self._scanned: set[str] = set()
        self._told = told

    def run(self, listener: Listener) -> None:
        """Go from the first edit, or from where commands are run again, to the end."""
        self._listener = listener
        self._begin()
        while self._queue:
            position, _, _, work = heapq.heappop(self._queue)
            self._told(position)
            work()

    def schedule(self, position: int, work: Work) -> None:
        """Do something before the event at a position, after what is scheduled there."""
        heapq.heappush(self._queue, (position, BETWEEN, next(self._numbers), work))

    def touch(self, stream: str, position: int) -> None:
        """From a position on the stream is another one."""
        if stream in self.states:
            return
        self.states.touch(stream, position)
        if self.models.of_stream(stream) is not None:
            self._follow(self.line.read_stream(stream, after=position - 1), stream)
        self._follow_readers(stream.partition("-")[0], position)

    def put(
        self,
        recorded: Sequence[RecordedEvent],
        new: Sequence[NewEvent],
        stream: str,
        place: int,
    ) -> None:
        """Let new events of a stream come in the place of recorded ones, if any; what there are
        more goes before the event at `place`."""
        for it in recorded:
            self._replaced.add(it.position)
            for name in (it.stream, *self.line.links(it.position)):
                self.touch(name, it.position)
        is_home = not recorded or recorded[0].stream == stream
        pairs = min(len(recorded), len(new)) if is_home else 0
        for it in recorded[pairs:]:
            self.outcome.leave_out(it)
            self._listener.gone(it, place)
        for number, fresh in enumerate(new):
            before = self.states.before(stream, place)
            old = recorded[number] if number < pairs else None
            is_same = old is not None and self._is_same(old, fresh)
            event = self._instead(old, fresh, stream, place) if old is None or not is_same else old
            self._evolve_all(event, (stream, *fresh.links), place)
            self._listener.came(event, before, place, is_other=not is_same)

    def _instead(
        self, old: RecordedEvent | None, new: NewEvent, stream: str, place: int
    ) -> RecordedEvent:
        if old is None:
            return self.outcome.insert(stream, new, place)
        return self.outcome.replace(old, new)

    def _is_same(self, old: RecordedEvent, new: NewEvent) -> bool:
        links = {*self.line.links(old.position)}
        says = old.type == new.type and old.data == json_text.decode(new.data_json)
        return says and links == {*new.links} - {old.stream}

    def _evolve_all(self, event: RecordedEvent, streams: Sequence[str], place: int) -> None:
        for name in dict.fromkeys(streams):
            self.touch(name, place)
            self.states.evolve(name, event)

    def _begin(self) -> None:
        layout = self.line.layout
        placed = ids_of([it.event for it in layout.placed])
        for event in layout.removed:
            at = layout.places.here(event.position)
            names = (event.stream, *layout.removed_links.get(event.position, ()))
            self.schedule(at, partial(self._take_out, event, names, at, event.id not in placed))
        for it in layout.placed:
            at = it.event.position
            self.schedule(at, partial(self._touch_all, (it.event.stream, *it.links), at))
            self._push(it.event, "", iter(()), _always)
        if self.is_whole:
            self._follow(self.line.read(after=self.line.facts.rerun_after), "", _always)

    def _take_out(
        self, event: RecordedEvent, streams: Sequence[str], at: int, is_gone: bool
    ) -> None:
        self._touch_all(streams, at)
        if is_gone:
            self._listener.gone(event, at)

    def _touch_all(self, streams: Sequence[str], at: int) -> None:
        for name in streams:
            self.touch(name, at)

    def _follow(self, events: Iterator[RecordedEvent], stream: str, when: When = _always) -> None:
        event = next(events, None)
        if event is not None:
            self._push(event, stream, events, when)

    def _push(
        self, event: RecordedEvent, stream: str, rest: Iterator[RecordedEvent], when: When
    ) -> None:
        work: Work = partial(self._meet, event, stream, rest, when)
        heapq.heappush(self._queue, (event.position, EVENT, next(self._numbers), work))

    def _meet(
        self, event: RecordedEvent, stream: str, rest: Iterator[RecordedEvent], when: When
    ) -> None:
        if event.position > self._considered and when(event):
            self._considered = event.position
            self._listener.consider(event)
            if event.position not in self._replaced:
                self._let_come(event)
        if stream and event.position not in self._replaced:
            self.states.evolve(stream, event)
        self._follow(rest, stream, when)

    def _let_come(self, event: RecordedEvent) -> None:
        before = self.states.before(event.stream, event.position)
        is_other = event.id in self.edited
        self._listener.came(event, before, event.position + 1, is_other=is_other)

    def _follow_readers(self, category: str, position: int) -> None:
        """Events of commands and process managers that look at streams of a category are met,
        too."""
        types = {
            it.__name__
            for model in self.models.models
            if any(category in reads for reads in model.reads.values())
            for it in model.events
        }
        for process in self.models.processes:
            if category in process.reads:
                types |= {it.__name__ for it in process.model.events}
        if new := types - self._scanned:
            self._scanned |= new
            query = EventQuery(types=tuple(sorted(new)))
            self._follow(self.line.read(query, after=position - 1), "", self._reads)

    def _reads(self, event: RecordedEvent) -> bool:
        """Whether the decision that led to an event looked at a stream that is touched."""
        read = event.metadata.get("read")
        if isinstance(read, dict):
            return any(it in self.states for it in read)
        return any(it.model.owns(event.stream) and it.reads for it in self.models.processes)
