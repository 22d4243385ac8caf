"""What process managers send in a pass, against what they sent then: commands that are sent no
more or say something else, new ones, timers, and those that are cancelled."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from replay.commands.decision import event_id
from replay.deciding.course import Course
from replay.deciding.errors import NEW_COMMANDS, TooManyCommands
from replay.process import ProcessManager, Reaction
from replay.processes.instances import Instances
from replay.processes.reaction_recording import Cause, command_to_send, own_event_id
from replay.processes.refusal_notices import RefusalNotices
from replay.states.model_set import ModelSet
from replay.typed_model import Command
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Cancelled, Outcome
from store.events import RecordedEvent


class Sends:
    """For one pass. `sent` is what commands say now, by id; `handle` decides one that is new."""

    def __init__(
        self,
        course: Course,
        sent: dict[str, IssuedCommand | None],
        handle: Callable[[IssuedCommand, int, int], None],
    ) -> None:
        self._course, self._sent, self._handle = course, sent, handle
        self._waiting: dict[str, IssuedCommand] = {}  # timers whose time does not come here
        self._cancelled: set[str] = set()
        self._instances: dict[str, str] = {}  # by the id of a command, the stream of its sender
        self._left = NEW_COMMANDS

    def now(
        self,
        process: ProcessManager[Any],
        reaction: Reaction,
        cause: Cause,
        stream: str,
        place: int,
        at_us: int,
    ) -> None:
        """A reaction sends this now; what is new goes before the event at `place`."""
        then = {it.id: (it, outcome) for it, outcome in self._sent_then(process, cause.id)}
        for number, send in enumerate(reaction.sends, 1):
            to = _stream_of(self._course.models, send.command)
            new = command_to_send(process, send, number, cause, stream=to, now_us=at_us)
            self._instances[new.id] = stream
            recorded, _ = then.pop(new.id, (None, None))
            if recorded is None or _says(recorded) != _says(new):
                self._send(new, place, at_us)
        for it, _ in then.values():
            self._drop(it, place)
        self._cancel(reaction, place)
        self.cancels(process, reaction.cancels, stream, place, at_us)

    def none(self, process: ProcessManager[Any], cause_id: str, place: int) -> None:
        """What was sent because of something is sent no more."""
        for it, _ in self._sent_then(process, cause_id):
            self._drop(it, place)

    def refused(self, command: IssuedCommand, reason: str, place: int, at_us: int) -> None:
        """Tell the instance that sent a command that it is refused now."""
        process = next(
            (it for it in self._course.models.processes if it.model.name == command.actor), None
        )
        notices = RefusalNotices(_Senders(self._course, self._instances), clock_us=lambda: at_us)
        for it in notices.of(command, reason) if process else ():
            self._instances[it.id] = it.stream
            self._send(it, place, at_us)

    def finish(self) -> None:
        """Tell the timers that have not fired by the end."""
        for it in self._waiting.values():
            self._course.outcome.tell(it, "waits")

    def _send(self, command: IssuedCommand, place: int, at_us: int) -> None:
        self._sent[command.id] = command
        event = self._first_event(command)
        if event is not None and event.position >= place:
            self._course.touch(event.stream, event.position)
            return
        self._left -= 1
        if self._left < 0:
            raise TooManyCommands
        due = place
        if command.due_at_us > at_us:
            due = max(place, self._position_at(command.due_at_us))
            if due > self._course.line.head():
                self._waiting[command.id] = command
                return
        due_us = max(command.due_at_us, at_us)
        self._course.schedule(due, partial(self._handle_due, command, due, due_us))

    def _position_at(self, due_us: int) -> int:
        """Where it is that late by the clock of the log, which may be ahead of the real one."""
        ahead_us = self._course.line.beside_of_log.clock.ahead_us()
        return self._course.line.position_as_of(due_us - ahead_us) + 1

    def _handle_due(self, command: IssuedCommand, place: int, at_us: int) -> None:
        if command.id not in self._cancelled:
            self._handle(command, place, at_us)

    def _drop(self, command: IssuedCommand, place: int) -> None:
        self._sent[command.id] = None
        event = self._first_event(command)
        if event is not None and event.position >= place:
            self._course.touch(event.stream, event.position)

    def _cancel(self, reaction: Reaction, place: int) -> None:
        for id_ in reaction.cancels:
            self._cancelled.add(id_)
            self._waiting.pop(id_, None)
            command, outcome = self._course.line.beside_of_log.commands.find(id_)
            if command is not None and not isinstance(outcome, Cancelled):
                self._drop(command, place)

    def cancels(
        self,
        process: ProcessManager[Any],
        now: Sequence[str],
        stream: str,
        place: int,
        at_us: int,
    ) -> None:
        """Of what an instance took back at a time then, only `now` is taken back; the rest is
        sent after all."""
        line = self._course.line
        own = line.read_stream(stream, until=place - 1) if stream else iter(())
        causes = dict.fromkeys(str(it.metadata.get("causation_id", "")) for it in own)
        commands = line.beside_of_log.commands
        for it, outcome in commands.caused_by(process.model.name, tuple(causes)):
            was_taken_back = isinstance(outcome, Cancelled) and outcome.decided_at_us == at_us
            if was_taken_back and it.id not in now and self._sent.get(it.id, it) is not None:
                self._send(it, place, at_us)

    def _sent_then(
        self, process: ProcessManager[Any], cause_id: str
    ) -> Sequence[tuple[IssuedCommand, Outcome | None]]:
        line, name = self._course.line, process.model.name
        own = line.own_log.beside.commands.caused_by(name, [cause_id])
        return own or line.beside_of_log.commands.caused_by(name, [cause_id])

    def _first_event(self, command: IssuedCommand) -> RecordedEvent | None:
        """Of what a command led to, be that decided by a model or by a process manager."""
        ids = [event_id(command.id, 1)]
        names = [it.model.name for it in self._course.models.processes]
        ids += [own_event_id(it, command.id, 1) for it in names]
        found = (self._course.line.event_by_id(it) for it in ids)
        return next((it for it in found if it is not None), None)


class _Senders(Instances):
    """Which instance sent a command: in a pass that is known of new ones."""

    def __init__(self, course: Course, known: dict[str, str]) -> None:
        super().__init__(course.line, course.models, course.models.processes)
        self._known = known

    def stream_of(self, command: IssuedCommand) -> str:
        if command.id in self._known:
            return self._known[command.id]
        return super().stream_of(command)


def command_type(process: ProcessManager[Any], command: IssuedCommand) -> type[Command]:
    """The type of a command to a process manager itself."""
    told = process.on_refusal
    if told is not None and told.__name__ == command.type:
        return told
    return process.model.command(command.type) or Command


def owner_of(models: ModelSet, command: IssuedCommand) -> ProcessManager[Any] | None:
    """The process manager that a command is for; None where a model decides on it."""
    for it in models.processes:
        told = it.on_refusal
        is_told = told is not None and (it.model.name, told.__name__) == (
            command.actor,
            command.type,
        )
        if is_told or it.model.command(command.type) is not None:
            return it
    return None


def _stream_of(models: ModelSet, command: Command) -> str:
    name = type(command).__name__
    for it in models.processes:
        if it.model.command(name) is not None:
            return it.model.stream_of(command)
    return models.of_command(name)[0].stream_of(command)


def _says(command: IssuedCommand) -> tuple[str, Any, int]:
    return command.type, command.data, command.due_at_us - command.issued_at_us
