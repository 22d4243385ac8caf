"""Process managers hear what was recorded. State, commands to be sent, timers and how far each has
heard are one transaction; ids that follow from what caused them make a repetition change nothing.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from replay.commands.authority import PROCESS
from replay.commands.command_form import command_of
from replay.commands.decide import CommandHandler
from replay.commands.situations import DecisionSituation, derived_id, refuse_to_ask
from replay.history.causality import correlation_of
from replay.process import Heard, ProcessManager, Reaction
from replay.processes.instances import Instances
from replay.processes.loops import too_deep
from replay.processes.reaction_recording import (
    Cause,
    ReactionRecording,
    command_to_send,
    own_events,
)
from replay.states.model import Model
from replay.states.rule_version import rules_of_process
from replay.states.state_at import StateReader
from replay.typed_model import Command
from store import json_text
from store.beside.commands import AlreadyIssued, IssuedCommand
from store.errors import DuplicateEventId, StoreBusy, VersionConflict
from store.events import RecordedEvent
from store.interface import CommandStore, EventReader, EventWriter
from store.query import EventQuery

BATCH: Final = 200
ATTEMPTS: Final = 20  # on one command to a process manager, when others get in between


class Reactions:
    """The process managers of one store. `is_busy_with(stream)` says whether a command of that
    stream is in hand: then its instance hears nothing until that has ended. `wake`, `owner_of`
    and `telling` may be called from any thread; the others from one.
    """

    def __init__(
        self,
        store: CommandStore,
        handler: CommandHandler,
        processes: Sequence[ProcessManager[Any]],
        *,
        clock_us: Callable[[], int],
        is_busy_with: Callable[[str], bool],
        pass_point: Callable[[str], None],
    ) -> None:
        self._store = store
        self._handler = handler
        self._processes = {it.model.name: it for it in processes}
        self._instances = Instances(store, handler.models, processes)
        self._of_command = {
            command.__name__: it for it in processes for command in it.model.commands
        }
        self._rules = {it.model.name: rules_of_process(it) for it in processes}
        self._types = {it.__name__: it for one in processes for it in one.model.commands}
        self._types |= {it.on_refusal.__name__: it.on_refusal for it in processes if it.on_refusal}
        self.stuck: dict[str, str] = {}  # process manager → at which event it stands, and why
        self._clock_us = clock_us
        self._is_busy_with = is_busy_with
        self._pass_point = pass_point

    def start_here(self) -> None:
        """Process managers that were never started hear what was recorded here, and nothing of
        what was imported: that has been dealt with where it comes from."""
        begin = self._store.beside.processes.beginning()
        for name in self._processes:
            if self._store.beside.processes.heard_until(name) is None:
                work = partial(_hear, name, begin)
                self._store.submit(work).result()

    def hear(self) -> int:
        """Let each of them hear a batch of events; returns how many were heard."""
        return sum(self._hear_batch(it) for it in self._processes.values())

    def owner_of(self, command: IssuedCommand) -> ProcessManager[Any] | None:
        """The process manager that a command is for."""
        teller = self._processes.get(command.actor)
        if teller and teller.on_refusal and teller.on_refusal.__name__ == command.type:
            return teller
        return self._of_command.get(command.type)

    def telling(self, command: IssuedCommand, reason: str) -> list[IssuedCommand]:
        """What tells the instance that sent a command of its refusal; recorded with it."""
        process = self._processes.get(command.actor)
        if process is None or process.on_refusal is None or command.causation_id is None:
            return []
        stream = self._instances.stream_of(command)
        if not stream:
            return []
        instance = stream.removeprefix(f"{process.model.category}-")
        told: Any = process.on_refusal
        now_us = self._clock_us()
        return [
            IssuedCommand(
                id=derived_id(command.id, "refusal"),
                type=told.__name__,
                stream=stream,
                data_json=json_text.encode(
                    told(instance=instance, command=command.type, reason=reason)
                ),
                actor=process.model.name,
                roles=(PROCESS,),
                expected=None,
                issued_at_us=now_us,
                due_at_us=now_us,
                expires_at_us=None,
                causation_id=command.id,
                correlation_id=command.correlation_id,
            )
        ]

    def wake(self, process: ProcessManager[Any], command: IssuedCommand) -> None:
        """Let it handle a command to itself, such as a timer; on a conflict, on the newer state."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._wake(process, command)
            except VersionConflict:
                self._handler.conflicts += 1
                if attempt == ATTEMPTS:
                    raise
            else:
                return

    def _wake(self, process: ProcessManager[Any], command: IssuedCommand) -> None:
        instance = command.stream.removeprefix(f"{process.model.category}-")
        state, version, stream = self._instance(process, instance)
        typed = command_of(self._types[command.type], command.data_json)
        reaction = process.handle(state, typed, self._situation(process, command.id))
        self._record(
            process,
            reaction,
            stream,
            version,
            Cause(id=command.id, correlation_id=command.correlation_id, settles=command),
        )

    def _hear_batch(self, process: ProcessManager[Any]) -> int:
        """A process manager that fails at an event stands still there; the others go on."""
        name = process.model.name
        if name in self.stuck:
            return 0
        after = self._store.beside.processes.heard_until(name) or 0
        head = self._store.head()
        if head == after:
            return 0
        query = EventQuery(types=tuple(sorted(process.listens)))
        events = list(self._store.read(query, after=after, until=head, limit=BATCH))
        for done, event in enumerate(events):
            self._pass_point("before reacting")
            try:
                is_done = self._react(process, event)
            except StoreBusy:
                raise
            except Exception as error:  # the edge: a model may raise anything
                why = f"{type(error).__name__}: {error}"
                self.stuck[name] = f"stands still at {event.type} at {event.position}: {why}"
                return done
            if not is_done:
                return done
            self._pass_point("after reacting")
        if len(events) < BATCH:
            self._store.submit(partial(_hear, name, head)).result()
        return len(events)

    def _react(self, process: ProcessManager[Any], event: RecordedEvent) -> bool:
        """False while a lane is busy with the instance: the event must wait."""
        heard = self._heard(event)
        instance = process.instance_of(heard)
        if not instance:
            self._store.submit(partial(_hear, process.model.name, event.position)).result()
            return True
        if self._is_busy_with(f"{process.model.category}-{instance}"):
            return False
        state, version, stream = self._instance(process, instance)
        reaction = process.react(state, heard, self._situation(process, event.id))
        cause = Cause(id=event.id, correlation_id=correlation_of(event), heard=event)
        self._record(process, reaction, stream, version, cause)
        return True

    def _heard(self, event: RecordedEvent) -> Heard:
        models = self._handler.models
        model = models.of_stream(event.stream)
        command_id = str(event.metadata.get("command_id", ""))
        if model is None:
            return Heard(event=event, typed=None, command_id=command_id)
        return Heard(
            event=event,
            typed=models.reading(model).typed(event),
            command_id=command_id,
            before=partial(_state_before, self._store, models.fold(model), event),
        )

    def _instance(self, process: ProcessManager[Any], instance: str) -> tuple[Any, int, str]:
        stream = f"{process.model.category}-{instance}"
        state, version = self._handler.state_of(stream)
        return state, version, stream

    def _situation(self, process: ProcessManager[Any], cause: str) -> DecisionSituation:
        return DecisionSituation(
            command=process.model.title,
            command_id=derived_id(cause, process.model.name),
            actor=process.model.name,
            now_us=self._clock_us(),
            reads=process.reads,
            ask=refuse_to_ask,
            state_of=self._handler.state_of,
            row=_no_row,
        )

    def _record(
        self,
        process: ProcessManager[Any],
        reaction: Reaction,
        stream: str,
        version: int,
        cause: Cause,
    ) -> None:
        """State, unsent commands, timers and how far it has heard: together or not at all."""
        now_us = self._clock_us()
        sends = [
            command_to_send(
                process, it, n, cause, stream=self._stream_of(it.command), now_us=now_us
            )
            for n, it in enumerate(reaction.sends, 1)
        ]
        heard = cause.heard
        recording = ReactionRecording(
            process=process,
            reaction=reaction,
            stream=stream,
            version=version,
            cause=cause,
            events=own_events(
                self._handler.models,
                process,
                reaction,
                cause,
                rules=self._rules[process.model.name],
                now_us=now_us,
            ),
            sends=sends,
            loop=too_deep(self._store, heard) if heard is not None and sends else "",
            now_us=now_us,
        )
        try:
            self._store.submit(recording.write).result()
        except (DuplicateEventId, AlreadyIssued):
            if heard is None or not recording.is_in(self._store):
                raise
            self._store.submit(partial(_hear, process.model.name, heard.position)).result()

    def _stream_of(self, command: Command) -> str:
        type_ = type(command).__name__
        owner = self._of_command.get(type_)
        model = owner.model if owner else self._handler.models.of_command(type_)[0]
        return model.stream_of(command)


def _state_before(log: EventReader, model: Model[Any], event: RecordedEvent) -> Any:
    return StateReader(model).at(log, event.stream, event.position - 1).state


def _hear(name: str, position: int, writer: EventWriter) -> None:
    writer.beside.processes.hear(name, position)


def _no_row(view: str, _key: str) -> Any:
    raise LookupError(f"a process manager reads no views: {view}")
