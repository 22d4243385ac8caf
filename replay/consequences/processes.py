"""Instances of process managers that an edit reaches: what they would do on both lines, and what of
that is different: how they end, timers that fire, messages of their own events.

Both lines go through the same rules of today, so what these do otherwise on both is no consequence.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from replay.consequences.found import MessageDiffers, ProcessDiffers, TimerDiffers
from replay.consequences.lines import Lines
from replay.consequences.messages import Messages
from replay.consequences.simulated import Run, Simulated, Timer, plain, timer_of
from replay.history.without_progress import Progress
from replay.process import ProcessManager
from replay.states.stream_states import StreamStates
from replay.typed_model import Event
from replay.words import said
from store.beside.outcomes import Done
from store.events import RecordedEvent
from store.query import EventQuery

Sent: TypeAlias = tuple[str, Any]  # the type of a command, and what it says
REACTS: Final = said("its process manager does something else in the branch")


class Processes:
    """For two lines. One thread."""

    def __init__(
        self, lines: Lines, left: StreamStates, right: StreamStates, messages: Messages
    ) -> None:
        self._lines, self._left, self._right = lines, left, right
        self._messages = messages

    def differing(
        self, progress: Progress
    ) -> Iterator[ProcessDiffers | TimerDiffers | MessageDiffers]:
        """Of every process manager that has heard the log. Raises what `progress` raises."""
        lines = self._lines
        if lines.first > lines.head and not lines.new:
            return
        for process in self._left.models.processes:
            heard_until = lines.left.beside.processes.heard_until(process.model.name)
            if heard_until is not None and heard_until >= lines.first - 1:
                yield from _OfOne(self, process, heard_until).differing(progress)


class _OfOne:
    """One process manager on both lines."""

    def __init__(self, of: Processes, process: ProcessManager[Any], heard_until: int) -> None:
        self._lines, self._messages = of._lines, of._messages
        self._left_states = of._left
        self._process = process
        self._until = min(heard_until, self._lines.head)
        facts: dict[str, Any] = {"ends_us": self._ends_us(), "has_fired": self._has_fired}
        self._left = Simulated(self._lines.left, of._left, process, **facts)
        self._right = Simulated(self._lines.right, of._right, process, **facts)

    def differing(
        self, progress: Progress
    ) -> Iterator[ProcessDiffers | TimerDiffers | MessageDiffers]:
        streams = self._reached()
        if not streams:
            return
        progress.expect(1)
        lefts, rights = self._heard(streams, progress)
        progress.ended()
        for stream in sorted(streams):
            yield from self._instance(stream, lefts.get(stream, []), rights.get(stream, []))

    def _ends_us(self) -> int:
        """What is due until then has fired."""
        last = self._lines.left.event(self._lines.head)
        return 0 if last is None else max(last.recorded_at_us, last.occurred_at_us)

    def _has_fired(self, timer_id: str) -> bool:
        return isinstance(self._lines.left.beside.commands.outcome_of(timer_id), Done)

    def _reached(self) -> set[str]:
        """The streams of instances that heard an event which one line alone has, or an event of a
        stream whose state may be another one, or whose own events were edited."""
        found: set[str] = set()
        listens = self._process.listens
        for stream, only in self._lines.by_stream.items():
            if self._process.model.owns(stream):
                found.add(stream)
                continue
            for it in only:
                side = self._right if it.is_new else self._left
                found |= self._instance_of(side, it.event)
            after = only[0].at - 1
            for event in self._lines.left.read_stream(stream, after=after, until=self._until):
                if event.type in listens:
                    found |= self._instance_of(self._left, event)
        return found

    def _instance_of(self, side: Simulated, event: RecordedEvent) -> set[str]:
        if event.type not in self._process.listens:
            return set()
        id_ = self._process.instance_of(side.heard(event))
        return {f"{self._process.model.category}-{id_}"} if id_ else set()

    def _heard(
        self, streams: set[str], progress: Progress
    ) -> tuple[dict[str, list[RecordedEvent]], dict[str, list[RecordedEvent]]]:
        """What these instances hear from the first difference on, on either line."""
        lines, first = self._lines, self._lines.first
        query = EventQuery(types=tuple(sorted(self._process.listens)))
        lefts: dict[str, list[RecordedEvent]] = {}
        rights: dict[str, list[RecordedEvent]] = {}
        events = list(lines.left.read(query, after=first - 1, until=self._until))
        for left, right, _ in lines.pairs(None, events, {}, 0, self._until + 1):
            progress.reached(min((left or right or events[0]).position, lines.head))
            for event, side, found in ((left, self._left, lefts), (right, self._right, rights)):
                if event is not None and event.type in self._process.listens:
                    for stream in self._instance_of(side, event) & streams:
                        found.setdefault(stream, []).append(event)
        return lefts, rights

    def _instance(
        self, stream: str, lefts: Sequence[RecordedEvent], rights: Sequence[RecordedEvent]
    ) -> Iterator[ProcessDiffers | TimerDiffers | MessageDiffers]:
        state = self._state_before(stream)
        pending = self._pending(stream)
        left, right = self._left.run(state, pending, lefts), self._right.run(state, pending, rights)
        texts = _differences(left, right)
        name = self._process.state_name
        if texts:
            position, there = _first(lefts, rights)
            yield ProcessDiffers(
                process=self._process.model.title,
                stream=stream,
                position=position,
                branch_position=there,
                before=name(left.state) if left.events or lefts else "",
                after=name(right.state) if right.events or rights else "",
                text="; ".join(texts),
            )
        yield from self._timers(stream, left, right, fires=False)
        yield from self._timers(stream, right, left, fires=True)
        yield from self._told(stream, left.events, right.events)

    def _state_before(self, stream: str) -> Any:
        first = self._lines.first
        if first <= 1:
            return self._process.model.initial()
        return self._left_states.held_at(self._lines.left, stream, first - 1)[1].state

    def _pending(self, stream: str) -> dict[str, Timer]:
        """Timers that were set before the first difference and had not fired by then."""
        left, first = self._lines.left, self._lines.first
        own = list(left.read_stream(stream, until=first - 1))
        causes = [str(it.metadata.get("causation_id", "")) for it in own]
        found: dict[str, Timer] = {}
        for command, outcome in left.beside.commands.caused_by(self._process.model.name, causes):
            timer = timer_of(self._process, command) if command.stream == stream else None
            came = outcome.first_position if isinstance(outcome, Done) else None
            is_over = came is not None and came < first
            if timer is not None and not is_over:
                found[timer.id] = timer
        return found

    def _timers(self, stream: str, here: Run, there: Run, *, fires: bool) -> Iterator[TimerDiffers]:
        for id_, timer in here.fired.items():
            if id_ not in there.fired:
                yield TimerDiffers(
                    id=id_,
                    process=self._process.model.title,
                    stream=stream,
                    command=type(timer.command).__name__,
                    due_at_us=timer.due_us,
                    fires=fires,
                    position=None if fires else timer.position,
                )

    def _told(
        self, stream: str, left: Sequence[Event], right: Sequence[Event]
    ) -> Iterator[MessageDiffers]:
        """Messages of its own events that would not be recorded, and of those that would."""
        gone, new = _unmatched(left, right), _unmatched(right, left)
        tell = partial(self._messages.of_decision, self._process.model)
        for event in gone:
            then = [it for it in self._recorded(stream) if _said(event) == (it.type, it.data)]
            yield from tell(then[:1], (), REACTS)
        for event in new:
            yield from tell((), [event], REACTS)

    def _recorded(self, stream: str) -> Iterator[RecordedEvent]:
        lines = self._lines
        return lines.left.read_stream(stream, after=lines.first - 1, until=lines.head)


def _first(
    lefts: Sequence[RecordedEvent], rights: Sequence[RecordedEvent]
) -> tuple[int | None, int | None]:
    """The first event that is heard otherwise, on each line."""
    one, other = ([(it.id, it.data_json) for it in side] for side in (lefts, rights))
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    at = min(len(one), len(other)) if at is None else at
    left = lefts[at].position if at < len(lefts) else None
    return left, rights[at].position if at < len(rights) else None


def _differences(left: Run, right: Run) -> list[str]:
    gone, new = _unmatched(left.events, right.events), _unmatched(right.events, left.events)
    told = [said("would not record {name}", name=_named(it)) for it in gone]
    told += [said("would record {name}", name=_named(it)) for it in new]
    told += [said("would not send {name}", name=it[0]) for it in _rest(left.sends, right.sends)]
    told += [said("would send {name}", name=it[0]) for it in _rest(right.sends, left.sends)]
    if right.error != left.error and right.error:
        told.append(said("cannot go on: {error}", error=right.error))
    return told


def _named(event: Event) -> str:
    return type(event).__name__


def _said(event: Event) -> tuple[str, Any]:
    return type(event).__name__, plain(event)


def _unmatched(these: Sequence[Event], those: Sequence[Event]) -> list[Event]:
    left = [_said(it) for it in those]
    found = []
    for event in these:
        if (it := _said(event)) in left:
            left.remove(it)
        else:
            found.append(event)
    return found


def _rest(these: Sequence[Sent], those: Sequence[Sent]) -> list[Sent]:
    left, found = list(those), []
    for it in these:
        if it in left:
            left.remove(it)
        else:
            found.append(it)
    return found
