"""Decisions in the mirror of a store on a server: their events are appended there and come back.

The command stands in the local log before its events are sent, as pending; when they have come
back it is settled. Their ids follow from the command's. So whatever ends this in between, the
events are at the server once or not at all, and the next look finds out which, and settles it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Final

from replay.commands import decision as decisions
from replay.commands.recording import Recording
from replay.states.model_set import ModelSet, UnknownCommand
from replay.words import said
from store.beside.commands import AlreadyIssued, IssuedCommand, require_same
from store.beside.outcomes import Done
from store.errors import StoreError, VersionConflict
from store.events import RecordedEvent
from store.interface import CommandStore, EventWriter
from store.remote.address import Address
from store.remote.errors import Refused, Unreachable
from store.remote.interface import RemoteStore
from store.remote.kind import kind_of
from store.remote.mirroring import mirror_remote

LOOKED_AT: Final = 500  # commands issued last; an older one is settled when it is sent again


class NotBackYet(StoreError):
    """The command stays pending; the next look at the server settles it."""

    hint = said("Mirror the store again: the command is settled as soon as they have come.")

    def __init__(self, address: Address) -> None:
        super().__init__(
            said("the events were recorded there and have not come back: {url}", url=address.shown)
        )


class RemoteRecorder:
    """replay.commands.recording.Recorder. One thread at a time; others wait."""

    def __init__(
        self,
        store: CommandStore,
        models: ModelSet,
        address: Address,
        *,
        clock_us: Callable[[], int],
    ) -> None:
        self._store, self._models, self._address = store, models, address
        self._clock_us = clock_us
        self._remote: RemoteStore | None = None
        self._guard = threading.RLock()

    def refresh(self) -> bool:
        """Raises OnlyRead, Unreachable, Refused, RemoteReplaced, NotAMirror."""
        with self._guard:
            before = self._store.head()
            self._mirror()
            has_settled = self._settle_returned()
            return has_settled or self._store.head() > before

    def was_sent(self, command: IssuedCommand, /) -> bool:
        """Raises IdTaken; AlreadyIssued when its events have come back meanwhile."""
        first, outcome = self._store.beside.commands.find(command.id)
        if first is None or outcome is not None:
            return False
        require_same(first, command)
        if self._settle_one(first):
            raise AlreadyIssued(command.id)
        return not self._store.beside.attempts.is_stopped(command.id)

    def record(self, recording: Recording) -> Done:
        """Raises also OutcomeUnknown, NotBackYet; then the command is pending."""
        with self._guard:
            self._store.write(partial(_announce, recording))
            last = self._append(recording) if recording.events else 0
            return self._store.write(partial(recording.settle, last))

    def close(self) -> None:
        """Free the connection."""
        with self._guard:
            if self._remote is not None:
                self._remote.close()
                self._remote = None

    def _opened(self) -> RemoteStore:
        if self._remote is None:
            self._remote = kind_of(self._address).open_store(self._address)
        return self._remote

    def _mirror(self) -> None:
        """Over the connection that appends, as far as it holds."""
        path = self._store.place.path
        try:
            mirror_remote(self._address, into=path, is_endless=False, reader=self._opened())
        except (Unreachable, Refused):
            self.close()
            raise

    def _append(self, recording: Recording) -> int:
        """The position here of the last event. Raises VersionConflict; then nothing was recorded
        there, and here that it was tried."""
        stream, version = recording.decision.stream, recording.decision.version
        try:
            self._opened().append(stream, recording.events, expected=version)
        except VersionConflict as conflict:
            note = partial(_note_conflict, recording.command, str(conflict), self._clock_us())
            self._store.write(note)
            raise
        except Unreachable:
            self.close()
            raise
        self._mirror()
        last = self._store.event_by_id(recording.events[-1].id)
        if last is None:
            raise NotBackYet(self._address)
        return last.position

    def _settle_returned(self) -> bool:
        """Settle the commands whose events were sent and have come back. True when there was
        one."""
        latest = self._store.beside.commands.latest(limit=LOOKED_AT)
        sent = [command for command, outcome in latest if outcome is None]
        return sum(self._settle_one(it) for it in sent) > 0

    def _settle_one(self, command: IssuedCommand) -> bool:
        events = list(self._events_of(command))
        if not events:
            return False
        self._store.write(partial(self._settle_events, command, events))
        return True

    def _events_of(self, command: IssuedCommand) -> Iterator[RecordedEvent]:
        for number in count(1):
            event = self._store.event_by_id(decisions.event_id(command.id, number))
            if event is None:
                return
            yield event

    def _settle_events(
        self, command: IssuedCommand, events: list[RecordedEvent], writer: EventWriter
    ) -> None:
        last, at_us = events[-1].position, self._clock_us()
        outcome = Done(
            command_id=command.id,
            first_position=events[0].position,
            last_position=last,
            attempts=1,
            decided_at_us=at_us,
        )
        writer.beside.commands.settle(outcome)
        with suppress(UnknownCommand):  # of another model than those that are here now
            model, _ = self._models.of_command(command.type)
            typed = [self._models.reading(model).typed(it) for it in events]
            known = [it for it in typed if it is not None]
            if len(known) == len(events):
                writer.beside.outbox.add(
                    decisions.messages(model, known, command.id, last_position=last, now_us=at_us)
                )


def _announce(recording: Recording, writer: EventWriter) -> None:
    """That the command is being sent. Raises AlreadyIssued, IdTaken, VersionConflict."""
    recording.refuse_if_changed(writer)
    if not recording.is_recorded:
        writer.beside.commands.add_again(recording.command)


def _note_conflict(command: IssuedCommand, reason: str, at_us: int, writer: EventWriter) -> None:
    writer.beside.attempts.note(command.id, "conflict", reason, at_us=at_us)
