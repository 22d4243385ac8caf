"""One decision written down: events, outcome, messages and answers in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from replay.commands import decision as decisions
from replay.commands.decision import Accepted
from replay.states.model_set import AnyModel
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Done
from store.errors import VersionConflict
from store.events import NewEvent
from store.interface import CommandStore, EventWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a command led to, ready to be written.

    `held_since`: the head before it was decided; no stream that was read may be newer. None
    where that does not matter.
    """

    command: IssuedCommand
    model: AnyModel
    decision: Accepted
    events: Sequence[NewEvent]
    attempt: int
    is_recorded: bool  # the command stands in the log already
    held_since: int | None

    def write(self, writer: EventWriter) -> Done:
        """Write it all, inside a transaction; the outcome as it is recorded.

        Raises VersionConflict, AlreadyIssued, IdTaken, DuplicateEventId.
        """
        self.refuse_if_changed(writer)
        if not self.is_recorded:
            writer.beside.commands.add_again(self.command)
        return self.settle(self._append(writer), writer)

    def settle(self, last: int, writer: EventWriter) -> Done:
        """Write the outcome and what follows from it, given the position of the last event."""
        decision, at_us = self.decision, self.decision.at_us
        first = last - len(self.events) + 1 if self.events else None
        outcome = Done(
            command_id=self.command.id,
            first_position=first,
            last_position=last or None,
            attempts=self.attempt,
            decided_at_us=at_us,
        )
        writer.beside.commands.settle(outcome)
        writer.beside.answers.keep(decisions.answers(decision, self.events, now_us=at_us))
        messages = decisions.messages(
            self.model, decision.events, self.command.id, last_position=last, now_us=at_us
        )
        writer.beside.outbox.add(messages)
        return outcome

    def _append(self, writer: EventWriter) -> int:
        if not self.events:
            return 0
        decision = self.decision
        return writer.append_inside(
            decision.stream, self.events, expected=decision.version
        ).position

    def refuse_if_changed(self, writer: EventWriter) -> None:
        """Raises VersionConflict when a stream that was read has got an event meanwhile."""
        if self.held_since is None:
            return
        for stream, version in (self.decision.read or {}).items():
            if writer.newest(stream) > self.held_since:
                raise VersionConflict(stream, expected=version, actual=version + 1)


class Recorder(Protocol):
    """Where decisions are written down."""

    def refresh(self) -> bool:
        """Bring the log up to what is to be decided on. True when something came."""

    def was_sent(self, command: IssuedCommand, /) -> bool:
        """Whether the command stands in the log, without an outcome, because it was sent before."""

    def record(self, recording: Recording) -> Done:
        """Write it all or nothing; durable on return. Raises as Recording.write does."""

    def close(self) -> None:
        """Free what it holds; not the log."""


class LocalRecorder:
    """In the log itself."""

    def __init__(self, store: CommandStore) -> None:
        self._store = store

    def refresh(self) -> bool:
        return False

    def was_sent(self, _command: IssuedCommand, /) -> bool:
        return False

    def record(self, recording: Recording) -> Done:
        return self._store.write(recording.write)

    def close(self) -> None:
        """Nothing is held."""
