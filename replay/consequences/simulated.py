"""One instance of a process manager on one line, as far as its reactions tell: nothing is recorded,
nothing is sent. What it hears comes in the order of the line, timers when they are due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from replay.commands.command_form import command_of
from replay.commands.situations import DecisionSituation, derived_id, refuse_to_ask
from replay.history.without_answer import error_text
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.typed_model import Event
from store import json_text
from store.beside.commands import IssuedCommand
from store.errors import Cancelled
from store.events import RecordedEvent
from store.interface import EventReader


@dataclass(frozen=True, slots=True)
class Timer:
    """A command of the instance to itself; times in microseconds since 1970 UTC."""

    id: str
    command: Any  # typed
    due_us: int
    position: int | None  # of the event that it was set for


@dataclass(slots=True, kw_only=True)
class Run:
    """What the instance comes to."""

    state: Any
    events: list[Event] = field(default_factory=list)
    sends: list[tuple[str, Any]] = field(default_factory=list)  # type and data
    fired: dict[str, Timer] = field(default_factory=dict)
    pending: dict[str, Timer] = field(default_factory=dict)
    error: str = ""  # why it goes no further


class Simulated:
    """Of one line. One thread. `ends_us`: what is due until then fires, and what `has_fired`."""

    def __init__(
        self,
        line: EventReader,
        states: StreamStates,
        process: ProcessManager[Any],
        *,
        ends_us: int,
        has_fired: Callable[[str], bool],
    ) -> None:
        self._line, self._states, self._process = line, states, process
        self._models: ModelSet = states.models
        self._ends_us, self._has_fired = ends_us, has_fired

    def run(self, state: Any, pending: Mapping[str, Timer], heard: Sequence[RecordedEvent]) -> Run:
        """From a state on, with the timers that are set. A reaction that fails ends it."""
        run = Run(state=state, pending=dict(pending))
        try:
            for event in heard:
                at_us = self._time_of(event)
                self._fire(run, at_us, event.position)
                self._react(run, event, at_us)
            self._fire(run, self._ends_us, self._line.head(), is_end=True)
        except (Cancelled, KeyboardInterrupt):
            raise
        except Exception as error:
            run.error = error_text(error)
        return run

    def heard(self, event: RecordedEvent) -> Heard:
        """An event as its process manager hears it."""
        model = self._models.of_stream(event.stream)
        typed = None if model is None else self._models.reading(model).typed(event)
        return Heard(
            event=event,
            typed=typed,
            command_id=str(event.metadata.get("command_id", "")),
            before=partial(self._state_before, event),
        )

    def _state_before(self, event: RecordedEvent) -> Any:
        return self._state_of(event.stream, position=event.position - 1)[0]

    def _state_of(self, stream: str, *, position: int) -> tuple[Any, int]:
        _, found = self._states.held_at(self._line, stream, position)
        return found.state, found.version

    def _time_of(self, event: RecordedEvent) -> int:
        """When it was reacted to, by the clock of then, where the reaction recorded something."""
        own = self._line.event_by_id(derived_id(event.id, f"{self._process.model.name} event 1"))
        return event.recorded_at_us if own is None else own.occurred_at_us

    def _react(self, run: Run, event: RecordedEvent, at_us: int) -> None:
        situation = self._situation(event.id, at_us, event.position)
        reaction = self._process.react(run.state, self.heard(event), situation)
        self._take(run, reaction, event.id, at_us, event.position)

    def _fire(self, run: Run, until_us: int, position: int, *, is_end: bool = False) -> None:
        """Those that are due, the first ones first; one may set another."""
        while due := sorted(
            (it for it in run.pending.values() if self._is_due(it, until_us, is_end=is_end)),
            key=lambda it: it.due_us,
        ):
            timer = due[0]
            del run.pending[timer.id]
            run.fired[timer.id] = timer
            situation = self._situation(timer.id, timer.due_us, position)
            reaction = self._process.handle(run.state, timer.command, situation)
            self._take(run, reaction, timer.id, timer.due_us, timer.position)

    def _is_due(self, timer: Timer, until_us: int, *, is_end: bool) -> bool:
        return timer.due_us <= until_us or (is_end and self._has_fired(timer.id))

    def _take(
        self, run: Run, reaction: Reaction, cause: str, at_us: int, position: int | None
    ) -> None:
        model = self._process.model
        for event in reaction.events:
            run.state = model.evolve(run.state, event)
            run.events.append(event)
        for number, send in enumerate(reaction.sends, 1):
            self._send(run, send, cause, number, at_us, position)
        for id_ in reaction.cancels:
            run.pending.pop(id_, None)

    def _send(
        self, run: Run, send: Send, cause: str, number: int, at_us: int, position: int | None
    ) -> None:
        type_ = type(send.command).__name__
        if self._process.model.command(type_) is None:
            run.sends.append((type_, plain(send.command)))
            return
        id_ = send.id or derived_id(cause, f"{self._process.model.name} sends {number}")
        run.pending[id_] = Timer(id_, send.command, at_us + send.after_us, position)

    def _situation(self, cause: str, now_us: int, position: int) -> DecisionSituation:
        name = self._process.model.name
        return DecisionSituation(
            command=self._process.model.title,
            command_id=derived_id(cause, name),
            actor=name,
            now_us=now_us,
            reads=self._process.reads,
            ask=refuse_to_ask,
            state_of=partial(self._state_of, position=position - 1),
            row=_no_row,
        )


def timer_of(process: ProcessManager[Any], command: IssuedCommand) -> Timer | None:
    """A recorded command of a process manager to itself; None for any other."""
    type_ = process.model.command(command.type)
    if type_ is None or command.actor != process.model.name:
        return None
    return Timer(command.id, command_of(type_, command.data_json), command.due_at_us, None)


def plain(value: Any) -> Any:
    """As it would be recorded."""
    return json_text.decode(json_text.encode(value))


def _no_row(view: str, _key: str) -> Any:
    raise LookupError(f"a process manager reads no views: {view}")
