"""Process managers react to events and to commands to themselves. State, commands to be sent,
timers and how far each has heard are one transaction; ids that follow from what caused them make
a repetition change nothing.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from replay.commands.command_form import command_of
from replay.commands.decide import CommandHandler
from replay.commands.situations import DecisionSituation, derived_id, refuse_to_ask
from replay.history.causality import correlation_of
from replay.process import Heard, ProcessManager, Reaction
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
from store.beside.commands import AlreadyIssued, IssuedCommand
from store.beside.retry_journal import JournalEntry
from store.errors import DuplicateEventId, VersionConflict
from store.events import RecordedEvent
from store.interface import CommandStore, EventReader

ATTEMPTS: Final = 20  # decisions of one process manager, when others get in between


class Reactions:
    """The process managers of one store. `wake` and `owner_of` may be called from any thread; the
    others from one.
    """

    def __init__(
        self,
        store: CommandStore,
        handler: CommandHandler,
        processes: Sequence[ProcessManager[Any]],
        *,
        clock_us: Callable[[], int],
    ) -> None:
        self._store = store
        self._handler = handler
        self._processes = {it.model.name: it for it in processes}
        self._of_command = {
            command.__name__: it for it in processes for command in it.model.commands
        }
        self._rules = {it.model.name: rules_of_process(it) for it in processes}
        self._types = {it.__name__: it for one in processes for it in one.model.commands}
        self._types |= {it.on_refusal.__name__: it.on_refusal for it in processes if it.on_refusal}
        self._clock_us = clock_us

    def owner_of(self, command: IssuedCommand) -> ProcessManager[Any] | None:
        """The process manager that a command is for."""
        teller = self._processes.get(command.actor)
        if teller and teller.on_refusal and teller.on_refusal.__name__ == command.type:
            return teller
        return self._of_command.get(command.type)

    def wake(
        self,
        process: ProcessManager[Any],
        command: IssuedCommand,
        *,
        ends: JournalEntry | None = None,
    ) -> None:
        """Let it handle a command to itself, such as a timer; on a conflict, on the newer state.
        `ends` is written with what it leads to. Raises what the process manager raises."""
        self._on_the_newest(partial(self._wake, process, command, ends))

    def react(
        self,
        process: ProcessManager[Any],
        heard: Heard,
        stream: str,
        *,
        ends: JournalEntry | None = None,
    ) -> None:
        """Let the instance of this stream react to an event; on a conflict, in its newer state.

        With `ends`, the event was heard in vain before: how far the process manager has heard
        stays as it is. Raises what the process manager raises.
        """
        self._on_the_newest(partial(self._react, process, heard, stream, ends))

    def heard(self, event: RecordedEvent) -> Heard:
        """An event as a process manager hears it. Raises what its model raises at reading it."""
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

    def _on_the_newest(self, work: Callable[[], None]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                work()
            except VersionConflict:
                self._handler.conflicts += 1
                if attempt == ATTEMPTS:
                    raise
            else:
                return

    def _wake(
        self, process: ProcessManager[Any], command: IssuedCommand, ends: JournalEntry | None
    ) -> None:
        stream = command.stream
        state, version = self._handler.state_of(stream)
        typed = command_of(self._types[command.type], command.data_json)
        reaction = process.handle(state, typed, self._situation(process, command.id))
        cause = Cause(
            id=command.id, correlation_id=command.correlation_id, settles=command, ends=ends
        )
        self._record(process, reaction, stream, version, cause)

    def _react(
        self, process: ProcessManager[Any], heard: Heard, stream: str, ends: JournalEntry | None
    ) -> None:
        event = heard.event
        state, version = self._handler.state_of(stream)
        reaction = process.react(state, heard, self._situation(process, event.id))
        cause = Cause(id=event.id, correlation_id=correlation_of(event), heard=event, ends=ends)
        self._record(process, reaction, stream, version, cause)

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
            self._store.write(recording.write)
        except (DuplicateEventId, AlreadyIssued):
            if heard is None or not recording.is_in(self._store):
                raise
            self._store.write(partial(cause.close, process.model.name))

    def _stream_of(self, command: Command) -> str:
        type_ = type(command).__name__
        owner = self._of_command.get(type_)
        model = owner.model if owner else self._handler.models.of_command(type_)[0]
        return model.stream_of(command)


def _state_before(log: EventReader, model: Model[Any], event: RecordedEvent) -> Any:
    return StateReader(model).at(log, event.stream, event.position - 1).state


def _no_row(view: str, _key: str) -> Any:
    raise LookupError(f"a process manager reads no views: {view}")
