"""What a process manager's reaction is written down as: its events, their messages, commands to be
sent, timers and how far it has heard, in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from replay.commands import decision as decisions
from replay.commands.authority import PROCESS
from replay.commands.situations import derived_id
from replay.process import ProcessManager, Reaction, Send
from replay.processes.loops import RULE
from replay.states.model_set import ModelSet
from replay.states.rule_version import KEY, RuleVersion
from store import json_text
from store.beside.commands import IssuedCommand
from store.beside.interface import CommandWriter
from store.beside.outcomes import Cancelled, Done, Stopped
from store.beside.retry_journal import JournalEntry
from store.events import NewEvent, RecordedEvent
from store.interface import EventReader, EventWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What a process manager reacts to: an event, or a command to itself."""

    id: str
    correlation_id: str
    heard: RecordedEvent | None = None
    settles: IssuedCommand | None = None
    ends: JournalEntry | None = None  # it failed before, and this is written when it goes well

    def close(self, process: str, writer: EventWriter) -> None:
        """Note that an event was heard, inside a transaction."""
        if self.ends is not None:
            writer.beside.retries.note(self.ends)
        elif self.heard is not None:
            writer.beside.processes.hear(process, self.heard.position)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRecording:
    """A reaction, ready to be written. Every id in it follows from its cause."""

    process: ProcessManager[Any]
    reaction: Reaction
    stream: str  # of the instance
    version: int  # that it was decided on
    cause: Cause
    events: Sequence[NewEvent]
    sends: Sequence[IssuedCommand]
    loop: str  # why the commands may not be handled any more; empty when they may
    now_us: int

    def write(self, writer: EventWriter) -> None:
        """Write it all, inside a transaction.

        Raises VersionConflict, AlreadyIssued, DuplicateEventId.
        """
        last = self._append(writer)
        commands, cause = writer.beside.commands, self.cause
        commands.add(self.sends)
        for it in self.sends if self.loop else ():
            commands.settle(self._stopped(it))
        for command_id in self.reaction.cancels:
            _cancel(commands, command_id, self.now_us)
        cause.close(self.process.model.name, writer)
        if cause.settles is not None:
            commands.settle(self._done(cause.settles, last))

    def _stopped(self, command: IssuedCommand) -> Stopped:
        return Stopped(
            command_id=command.id,
            limit=RULE,
            reason=self.loop,
            attempts=1,
            decided_at_us=self.now_us,
        )

    def _done(self, command: IssuedCommand, last: int) -> Done:
        return Done(
            command_id=command.id,
            first_position=last - len(self.events) + 1 if self.events else None,
            last_position=last or None,
            attempts=1,
            decided_at_us=self.now_us,
        )

    def _append(self, writer: EventWriter) -> int:
        """The position of the last event; 0 without one."""
        if not self.events:
            return 0
        appended = writer.append_inside(self.stream, self.events, expected=self.version)
        messages = decisions.messages(
            self.process.model,
            self.reaction.events,
            derived_id(self.cause.id, self.process.model.name),
            last_position=appended.position,
            now_us=self.now_us,
        )
        writer.beside.outbox.add(messages)
        return appended.position

    def is_in(self, log: EventReader) -> bool:
        """Whether a part of it was recorded before, for the same cause: then all of it was, as
        it is one transaction."""
        if any(log.event_by_id(it.id) is not None for it in self.events):
            return True
        for it in self.sends:
            first, _ = log.beside.commands.find(it.id)
            if first is not None and (first.actor, first.causation_id) == (it.actor, self.cause.id):
                return True
        return False


def own_events(
    models: ModelSet,
    process: ProcessManager[Any],
    reaction: Reaction,
    cause: Cause,
    *,
    rules: RuleVersion,
    now_us: int,
) -> list[NewEvent]:
    """What a process manager records, in the shape that its model reads today."""
    model = process.model
    facts = {"correlation_id": cause.correlation_id, "causation_id": cause.id, "user": model.name}
    reading = models.reading(model)
    found = []
    for number, event in enumerate(reaction.events, 1):
        type_ = type(event).__name__
        shape = {"schema_version": reading.current_version(type_), KEY: structs.asdict(rules)}
        found.append(
            NewEvent(
                type=type_,
                data_json=json_text.encode(event),
                metadata_json=json_text.encode(facts | shape),
                id=own_event_id(model.name, cause.id, number),
                occurred_at_us=now_us,
                occurred_offset_min=0,
            )
        )
    return found


def own_event_id(process: str, cause_id: str, number: int) -> str:
    """Of an event that a process manager recorded because of something, counted from 1."""
    return derived_id(cause_id, f"{process} event {number}")


def command_to_send(
    process: ProcessManager[Any], send: Send, number: int, cause: Cause, *, stream: str, now_us: int
) -> IssuedCommand:
    """A command as it is recorded to be sent to `stream`; the first of a reaction has number 1."""
    due = now_us + send.after_us
    return IssuedCommand(
        id=send.id or derived_id(cause.id, f"{process.model.name} sends {number}"),
        type=type(send.command).__name__,
        stream=stream,
        data_json=json_text.encode(send.command),
        actor=process.model.name,
        roles=(PROCESS,),
        expected=None,
        issued_at_us=now_us,
        due_at_us=due,
        expires_at_us=None if send.lives_us is None else due + send.lives_us,
        causation_id=cause.id,
        correlation_id=cause.correlation_id,
    )


def _cancel(commands: CommandWriter, command_id: str, now_us: int) -> None:
    """A command that something came of already is left as it is."""
    command, outcome = commands.find(command_id)
    if command is not None and outcome is None:
        commands.settle(Cancelled(command_id=command.id, attempts=1, decided_at_us=now_us))
