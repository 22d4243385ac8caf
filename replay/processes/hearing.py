"""Process managers hear what was recorded, each for itself and in log order.

An event that one fails at is tried again later; until it is handled or given up, later events of
the same instance wait behind it. Other instances, and other process managers, go on.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from replay.process import ProcessManager
from replay.processes.in_hand import InHand, is_suspected
from replay.processes.reactions import Reactions
from replay.processes.retry_policy import HANDLERS
from replay.processes.retry_queue import RetryQueue, subject_of
from store.beside.retry_journal import JournalEntry, event_subject
from store.errors import StoreBusy
from store.events import RecordedEvent
from store.interface import CommandStore, EventWriter
from store.query import EventQuery

BATCH: Final = 200


class Hearing:
    """One thread. `is_busy_with(stream)` says whether a command of that stream is in hand: then
    its instance hears nothing until that has ended."""

    def __init__(
        self,
        store: CommandStore,
        reactions: Reactions,
        processes: Sequence[ProcessManager[Any]],
        queue: RetryQueue,
        *,
        in_hand: InHand,
        clock_us: Callable[[], int],
        is_busy_with: Callable[[str], bool],
        pass_point: Callable[[str], None],
    ) -> None:
        self._store = store
        self._reactions = reactions
        self._processes = processes
        self._queue = queue
        self._in_hand = in_hand
        self._clock_us = clock_us
        self._is_busy_with = is_busy_with
        self._pass_point = pass_point

    def start_here(self) -> None:
        """Process managers that were never started hear what was recorded here, and nothing of
        what was imported: that has been dealt with where it comes from."""
        begin = self._store.beside.processes.beginning()
        for process in self._processes:
            name = process.model.name
            if self._store.beside.processes.heard_until(name) is None:
                self._store.write(partial(_hear, name, begin))

    def hear(self) -> int:
        """Let each of them hear what failed and is due, then a batch of events; returns how many
        were heard."""
        return sum(self._hear_again(it) + self._hear_batch(it) for it in self._processes)

    def _hear_again(self, process: ProcessManager[Any]) -> int:
        """The first open event of each instance, where it is due."""
        seen: set[str] = set()
        heard = 0
        for entry in self._queue.heard_by(process.model.name):
            is_first = not entry.stream or entry.stream not in seen
            seen.add(entry.stream)
            if not is_first or not self._queue.is_due(entry):
                continue
            event = self._store.event(entry.position or 0)
            if event is not None and self._hear_one(process, event, entry) == "heard":
                heard += 1
        return heard

    def _hear_batch(self, process: ProcessManager[Any]) -> int:
        name = process.model.name
        after = self._store.beside.processes.heard_until(name) or 0
        head = self._store.head()
        if head == after:
            return 0
        query = EventQuery(types=tuple(sorted(process.listens)))
        events = list(self._store.read(query, after=after, until=head, limit=BATCH))
        for done, event in enumerate(events):
            self._pass_point("before reacting")
            if self._hear_one(process, event, None) == "busy":
                return done
            self._pass_point("after reacting")
        if len(events) < BATCH:
            self._store.write(partial(_hear, name, head))
        return len(events)

    def _hear_one(
        self, process: ProcessManager[Any], event: RecordedEvent, before: JournalEntry | None
    ) -> str:
        """`heard`, `parked`, or `busy` while a lane is busy with the instance: it must wait."""
        stream = before.stream if before else ""
        attempt = 1 + (before.attempt if before is not None else 0)
        tried = replace(_subject(process, event, stream), attempt=attempt)
        with self._in_hand.holding(tried, alone=is_suspected(before)) as tell:
            return self._tried(process, event, before, lambda it: tell(replace(tried, stream=it)))

    def _tried(
        self,
        process: ProcessManager[Any],
        event: RecordedEvent,
        before: JournalEntry | None,
        tell_stream: Callable[[str], None],
    ) -> str:
        name, stream = process.model.name, before.stream if before else ""
        try:
            heard = self._reactions.heard(event)
            instance = process.instance_of(heard)
            stream = f"{process.model.category}-{instance}" if instance else ""
            if stream and self._is_busy_with(stream):
                return "busy"
            if before is None and stream and self._queue.holds(name, stream):
                return self._hold(process, event, stream)
            if before is None and stream:
                tell_stream(stream)  # should this process end, later events of it wait
            ends = self._queue.handled("event", event_subject(name, event.position))
            if stream:
                self._reactions.react(process, heard, stream, ends=ends)
            elif ends is not None:
                self._note(ends)
            else:
                self._store.write(partial(_hear, name, event.position))
        except StoreBusy:
            raise
        except Exception as error:  # the edge: a process manager may raise anything
            return self._park(process, event, stream, error, is_new=before is None)
        if before is not None:
            self._queue.look()
        return "heard"

    def _park(
        self,
        process: ProcessManager[Any],
        event: RecordedEvent,
        stream: str,
        error: Exception,
        *,
        is_new: bool,
    ) -> str:
        reason = f"{type(error).__name__}: {error}"
        subject = _subject(process, event, stream)
        entry = self._queue.failure(subject, reason, HANDLERS)
        self._note(entry, heard=event.position if is_new else None)
        return "parked"

    def _hold(self, process: ProcessManager[Any], event: RecordedEvent, stream: str) -> str:
        subject = _subject(process, event, stream)
        reason = "an earlier event of its instance is not handled"
        held = replace(subject, status="held", reason=reason, at_us=self._clock_us())
        self._note(held, heard=event.position)
        return "parked"

    def _note(self, entry: JournalEntry, *, heard: int | None = None) -> None:
        def work(writer: EventWriter) -> None:
            writer.beside.retries.note(entry)
            if heard is not None:
                writer.beside.processes.hear(entry.handler, heard)

        self._store.write(work)
        self._queue.look()


def _subject(process: ProcessManager[Any], event: RecordedEvent, stream: str) -> JournalEntry:
    name = process.model.name
    return subject_of(
        "event",
        event_subject(name, event.position),
        handler=name,
        stream=stream,
        position=event.position,
    )


def _hear(name: str, position: int, writer: EventWriter) -> None:
    writer.beside.processes.hear(name, position)
