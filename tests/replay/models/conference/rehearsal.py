"""A conference without a store: models and process managers step by step, by a clock of its own.

Events go through JSON as they would through a log, so what is heard is what a log would give.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any

from replay.commands.command_form import command_of, data_of
from replay.models.conference import (
    assignments,
    management,
    orders,
    payments,
    publishing,
    registration,
    seat_types,
    seating,
    seats,
    stock,
)
from replay.process import Heard, ProcessManager, Reaction
from replay.states.model_set import ModelSet
from replay.typed_model import Command, Event, Refused, TypedModel
from store import json_text
from store.events import RecordedEvent

MINUTE_US = 60_000_000
NOON_US = 1_772_625_600_000_000  # 2026-03-04T12:00:00Z

PROCESSES: tuple[ProcessManager[Any], ...] = (
    registration.PROCESS,
    seating.PROCESS,
    publishing.PROCESS,
    stock.PROCESS,
)
MODELS = ModelSet(
    [it.MODEL for it in (assignments, management, orders, payments, publishing, registration)]
    + [it.MODEL for it in (seat_types, seating, seats, stock)]
)


class Known:
    """A situation in which the states of other streams are what `state_of` gives."""

    def __init__(
        self, state_of: Callable[[str], Any] | None = None, *, now_us: int = NOON_US, ids: str = ""
    ) -> None:
        self.now_us = now_us
        self.actor = "ada"
        self._state_of = state_of
        self._ids, self._numbers = ids, count(1)

    def new_id(self) -> str:
        return f"{self._ids or 'id'}-{next(self._numbers):04}"

    def ask(self, gateway: str, request: Any) -> Any:
        raise LookupError(f"{gateway} is not there to be asked for {request}")

    def state_of(self, stream: str) -> Any:
        assert self._state_of is not None, f"nobody expected a look at {stream}"
        return self._state_of(stream)

    def row(self, view: str, key: str) -> Any:
        raise LookupError(f"there is no view {view} with a row {key}")


def decided(
    model: TypedModel[Any], *commands: Command, start: Any = None, knowing: Known | None = None
) -> tuple[Any, list[Event]]:
    """The state after some commands, and every event they led to."""
    state, events = model.initial() if start is None else start, list[Event]()
    for command in commands:
        for event in model.decide(state, command, knowing or Known()):
            events.append(event)
            state = model.evolve(state, event)
    return state, events


def names(events: Sequence[Event]) -> list[str]:
    """The types of some events."""
    return [type(event).__name__ for event in events]


class Rehearsal:
    """Issue commands, then `settle`; `wait` lets timers ring. Or step by step: `listen`, look at
    what is `waiting`, let time `pass_by`, and `handle` what is sent."""

    def __init__(self) -> None:
        self.now_us = NOON_US
        self.log: list[RecordedEvent] = []
        self.sent: list[Command] = []  # by process managers, in the order they were handled
        self._versions: defaultdict[str, int] = defaultdict(int)
        self._heard = 0
        self._due: list[tuple[int, int, str, Command]] = []
        self._expiry: dict[str, int] = {}
        self._cancelled: set[str] = set()
        self._senders: dict[str, tuple[ProcessManager[Any], str]] = {}
        self._numbers = count(1)

    def issue(self, command: Command, *, id_: str = "") -> None:
        """Decide on a command and record what it leads to. Raises Refused."""
        id_ = id_ or f"command-{next(self._numbers)}"
        model, type_ = MODELS.of_command(type(command).__name__)
        command = command_of(type_, data_of(command))  # as the command log would give it back
        stream = model.stream_of(command)
        situation = Known(self.state, now_us=self.now_us, ids=id_)
        events = model.decide(self.state(stream), command, situation)
        self._record(stream, events, {"command_id": id_})

    def state(self, stream: str, *, before: int | None = None) -> Any:
        """What a stream is now, or was before a position."""
        model = MODELS.of_stream(stream)
        assert model is not None, stream
        state = model.initial()
        for event in self.log[: None if before is None else before - 1]:
            if event.stream == stream and (typed := MODELS.reading(model).typed(event)):
                state = model.evolve(state, typed)
        return state

    def types(self, stream: str) -> list[str]:
        return [event.type for event in self.log if event.stream == stream]

    def settle(self) -> None:
        """Hear everything and handle what is due, until nothing is left to do now."""
        self.listen()
        while self._due and self._due[0][0] <= self.now_us:
            self.handle(*heapq.heappop(self._due)[2:])
            self.listen()

    def listen(self) -> None:
        """Let process managers hear what they have not heard; what they send waits."""
        while self._heard < len(self.log):
            self._heard += 1
            self.hear(self.log[self._heard - 1])

    def waiting(self) -> list[tuple[Command, float, float | None]]:
        """What was sent and not handled: due in so many minutes, then living so many more."""
        return [
            (
                command,
                (due_us - self.now_us) / MINUTE_US,
                (self._expiry[id_] - due_us) / MINUTE_US if id_ in self._expiry else None,
            )
            for due_us, _, id_, command in sorted(self._due, key=lambda it: it[:2])
            if id_ not in self._cancelled
        ]

    def pass_by(self, minutes: float) -> None:
        """Let time pass while nobody does anything."""
        self.now_us += round(minutes * MINUTE_US)

    def wait(self, minutes: float) -> None:
        self.pass_by(minutes)
        self.settle()

    def hear(self, event: RecordedEvent) -> None:
        """Let every process manager that listens react; again, when it has heard it before."""
        model = MODELS.of_stream(event.stream)
        typed = None if model is None else MODELS.reading(model).typed(event)
        heard = Heard(
            event=event,
            typed=typed,
            command_id=str(event.metadata.get("command_id", "")),
            before=partial(self.state, event.stream, before=event.position),
        )
        for process in PROCESSES:
            instance = process.instance_of(heard) if event.type in process.listens else ""
            if instance:
                stream = f"{process.model.category}-{instance}"
                situation = Known(
                    self.state, now_us=self.now_us, ids=f"{process.model.name}-{event.position}"
                )
                self._take(process, stream, process.react(self.state(stream), heard, situation))

    def handle(self, id_: str, command: Command) -> None:
        """Handle what a process manager sent, unless it was cancelled or its time is over."""
        if id_ in self._cancelled or self.now_us > self._expiry.get(id_, self.now_us):
            return
        self.sent.append(command)
        for process in PROCESSES:
            if type(command) in process.model.commands:
                stream = process.model.stream_of(command)
                situation = Known(self.state, now_us=self.now_us, ids=id_)
                reaction = process.handle(self.state(stream), command, situation)
                self._take(process, stream, reaction)
                return
        try:
            self.issue(command, id_=id_)
        except Refused as refusal:
            self._tell(command, id_, refusal.reason)

    def _tell(self, command: Command, id_: str, reason: str) -> None:
        """Let the instance that sent a command know that it was refused."""
        process, stream = self._senders[id_]
        told: Any = process.on_refusal
        if told is not None:
            instance = stream.removeprefix(f"{process.model.category}-")
            notice = told(instance=instance, command=type(command).__name__, reason=reason)
            situation = Known(self.state, now_us=self.now_us, ids=f"{id_} refused")
            self._take(process, stream, process.handle(self.state(stream), notice, situation))

    def _take(self, process: ProcessManager[Any], stream: str, reaction: Reaction) -> None:
        self._record(stream, reaction.events, {})
        for send in reaction.sends:
            number = next(self._numbers)
            id_, due_us = send.id or f"sent-{number}", self.now_us + send.after_us
            self._senders[id_] = process, stream
            if send.lives_us is not None:
                self._expiry[id_] = due_us + send.lives_us
            heapq.heappush(self._due, (due_us, number, id_, send.command))
        self._cancelled.update(reaction.cancels)

    def _record(self, stream: str, events: Sequence[Event], metadata: dict[str, str]) -> None:
        for event in events:
            position = len(self.log) + 1
            self._versions[stream] += 1
            self.log.append(
                RecordedEvent(
                    position,
                    stream,
                    self._versions[stream],
                    type(event).__name__,
                    f"e{position}",
                    self.now_us,
                    0,
                    self.now_us,
                    0,
                    json_text.encode(event),
                    json_text.encode(metadata),
                    None,
                )
            )
