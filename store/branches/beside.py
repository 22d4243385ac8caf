"""What stands beside the events of a branch: its own, and where the branch has none, the log's.

What waits to be done in a branch is its own alone: no command or message of the log waits here.
Answers of outsiders, and commands by their ids, are found in the log as well. Process managers go
on from where they were in the log.
"""

from collections.abc import Callable
from typing import Any

from store.beside.answers import Answer
from store.beside.interface import (
    AnswerReader,
    AnswerWriter,
    Beside,
    BesideWriter,
    ProcessReader,
    ProcessWriter,
)
from store.branches.commands import BranchCommands, BranchCommandWriter
from store.branches.kept_positions import KeptPositions
from store.branches.layout import Layout
from store.branches.outbox import BranchOutbox, BranchOutboxWriter
from store.branches.places import Places
from store.branches.retries import BranchRetryJournal, BranchRetryJournalWriter, Events
from store.query import EVERYTHING, EventQuery


class BranchProcesses:
    """A ProcessReader. A position is kept as that before the edits, so that no edit lets a process
    manager hear an event twice, or miss one."""

    def __init__(self, own: ProcessReader, places: Places) -> None:
        self._own = own
        self._places = places

    def heard_until(self, process: str) -> int | None:
        there = self._own.heard_until(process)
        return None if there is None else self._here(there)

    def beginning(self) -> int:
        return self._here(self._own.beginning())

    def _here(self, there: int) -> int:
        """The last position here of what is not behind it."""
        return self._places.here(there + 1) - 1


class BranchProcessWriter(BranchProcesses):
    """A ProcessWriter in the same way."""

    def __init__(self, own: ProcessWriter, places: Places) -> None:
        super().__init__(own, places)
        self._writer = own

    def hear(self, process: str, position: int) -> None:
        self._writer.hear(process, self._places.there(position))


class BranchAnswers:
    """An AnswerReader."""

    def __init__(
        self,
        own: AnswerReader,
        log: AnswerReader,
        *,
        is_there: Callable[[str], bool],
        here: Callable[[int], int],
    ) -> None:
        """`is_there`: whether the branch holds the event with an id; `here`: the position of its
        own event with a number."""
        self._own, self._log = own, log
        self._is_there, self._here = is_there, here

    def has(self, event_id: str, gateway: str, request_json: str) -> bool:
        asked = (event_id, gateway, request_json)
        return self._own.has(*asked) or self._log.has(*asked)

    def to(self, event_id: str, gateway: str, request_json: str) -> Any:
        it = self._own if self._own.has(event_id, gateway, request_json) else self._log
        return it.to(event_id, gateway, request_json)

    def of_events(self, query: EventQuery = EVERYTHING) -> list[Answer]:
        logs = [it for it in self._log.of_events(query) if self._is_there(it.event_id)]
        return [*logs, *self._own.of_events(query)]

    def latest(self, *, limit: int) -> list[tuple[int, str, Answer]]:
        return [(self._here(at), type_, it) for at, type_, it in self._own.latest(limit=limit)]

    def count(self) -> int:
        return self._own.count()


class BranchBeside:
    """A Beside. Where it is not said otherwise, what is asked for is the branch's own."""

    def __init__(
        self,
        own: Beside,
        log: Beside,
        layout: Layout,
        *,
        base_head: int,
        events: Events,
        here: Callable[[int], int],
    ) -> None:
        places, positions = layout.places, KeptPositions(layout, base_head)
        self.commands = BranchCommands(own.commands, log.commands, positions, base_head=base_head)
        self.attempts = own.attempts
        self.outbox = BranchOutbox(own.outbox, positions)
        self.answers = BranchAnswers(own.answers, log.answers, is_there=events.has, here=here)
        self.processes = BranchProcesses(own.processes, places)
        self.clock = own.clock
        self.retries = BranchRetryJournal(own.retries, self.outbox, events)


class BranchBesideWriter:
    """A BesideWriter: what it writes is the branch's own."""

    def __init__(
        self, own: BesideWriter, log: Beside, layout: Layout, *, base_head: int, events: Events
    ) -> None:
        places, positions = layout.places, KeptPositions(layout, base_head)
        self.commands = BranchCommandWriter(
            own.commands, log.commands, positions, base_head=base_head
        )
        self.attempts = own.attempts
        self.outbox = BranchOutboxWriter(own.outbox, positions)
        self.answers: AnswerWriter = own.answers
        self.processes = BranchProcessWriter(own.processes, places)
        self.clock = own.clock
        self.retries = BranchRetryJournalWriter(own.retries, self.outbox, events)
