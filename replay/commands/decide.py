"""Load, decide, append with the version seen; on a conflict decide again, or ask.

Events, the command with its outcome, messages for the outside world and recorded answers are
one transaction. A refusal is recorded too, without events. The same command id gives the first
outcome, however often and from wherever it is sent.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from typing import Any, Final, TypeAlias

from msgspec import structs

from replay.commands import decision as decisions
from replay.commands.answered import Answered, Conflict, Settled, failure_of
from replay.commands.authority import unauthorised
from replay.commands.command_form import command_of
from replay.commands.decision import Accepted, Decision, Refusal, decided
from replay.commands.gateways import GatewayFailed, Gateways
from replay.commands.latest import Current, LatestStates
from replay.commands.recording import LocalRecorder, Recorder, Recording
from replay.commands.saved_states import Saved, none_saved
from replay.commands.situations import DecisionSituation, derived_id
from replay.states.model_set import AnyModel, ModelSet
from replay.typed_model import Command, Elsewhere
from store import json_text
from store.beside import commands
from store.beside.attempts import Trouble
from store.beside.commands import AlreadyIssued, IdTaken, IssuedCommand
from store.beside.outcomes import Done, Outcome, Refused
from store.errors import StoreBusy, StoreError, VersionConflict
from store.events import RecordedEvent
from store.interface import CommandStore, EventWriter
from store.times import now_us

ATTEMPTS: Final = 200  # decisions on one command, when others keep getting in between
BUSY_ATTEMPTS: Final = 3  # each waits ten seconds for the lock
BETWEEN: Final = 100  # events of a conflict that are told, at most

Follow: TypeAlias = Callable[[str], Sequence[IssuedCommand]]
ReadRow: TypeAlias = Callable[[str, str], tuple[Mapping[str, Any] | None, int]]


def _nothing(_reason: str) -> Sequence[IssuedCommand]:
    return ()


class CommandHandler:
    """Handles commands on one store. Every method may be called from any thread.

    With `has_lanes` commands on one stream are decided one after another, so that they never
    conflict within this process; without, the losers of a race decide again. A stream that is
    decided on for the first time is folded on from what `saved` knows of it.
    """

    def __init__(
        self,
        store: CommandStore,
        models: ModelSet,
        *,
        gateways: Gateways | None = None,
        clock_us: Callable[[], int] = now_us,
        has_lanes: bool = True,
        read_row: ReadRow | None = None,
        saved: Saved = none_saved,
        recorder: Recorder | None = None,
    ) -> None:
        """`recorder`: where decisions are written down; None: in the store itself."""
        self.models = models
        self.conflicts = 0  # met so far
        self._store = store
        self._gateways = gateways or Gateways()
        self._clock_us = clock_us
        self._states = LatestStates(saved)
        self._recorder = recorder or LocalRecorder(store)
        self._read_row = read_row or _no_views
        self._lanes: dict[str, threading.Lock] | None = (
            defaultdict(threading.Lock) if has_lanes else None
        )

    def issue(
        self,
        command: IssuedCommand,
        *,
        is_recorded: bool = False,
        is_exact: bool = False,
        after_refusal: Follow = _nothing,
    ) -> Answered:
        """Decide on a command and record what comes of it; durable on return.

        `is_recorded`: the command stands in the log already and waits for its outcome.
        `is_exact`: another version than the expected one is a conflict, even where the model
        would decide again. `after_refusal(reason)` gives commands to be recorded with a refusal.

        Raises UnknownCommand, InvalidCommand, IdTaken; then nothing was recorded. Raises
        GatewayFailed, StoreError and whatever the model raises; then a command that was not
        recorded before is kept as failed, and may be sent again under its id.
        """
        model, type_ = self.models.of_command(command.type)
        typed = command_of(type_, command.data_json)
        stream = model.stream_of(typed)
        command = structs.replace(command, stream=stream)
        if refusal := unauthorised(model, type_, command):
            return self._refuse(
                command, *refusal, version=0, is_recorded=is_recorded, then=after_refusal
            )
        with self._lane(stream):
            may_redecide = not is_exact and type(typed) in model.redecided
            try:
                return self._decide(
                    command,
                    model,
                    typed,
                    is_recorded=is_recorded,
                    then=after_refusal,
                    may_redecide=may_redecide or command.expected is None,
                )
            except AlreadyIssued:
                return self._first_outcome(command)
            except (StoreBusy, IdTaken):
                raise
            except Exception as error:  # the edge: a model may raise anything
                if not is_recorded:
                    self.give_up(command, failure_of(error))
                raise

    def give_up(self, command: IssuedCommand, reason: str) -> None:
        """Keep a command that could not be decided on; it may be sent again under its id."""
        with suppress(StoreError):  # what went wrong may be the store itself
            self._store.write(self._note(command, "failed", reason))

    def _note(
        self, command: IssuedCommand, status: Trouble, reason: str
    ) -> Callable[[EventWriter], None]:
        at_us = self._clock_us()

        def work(writer: EventWriter) -> None:
            with suppress(AlreadyIssued):
                writer.beside.commands.add_again(command)
            writer.beside.attempts.note(command.id, status, reason, at_us=at_us)

        return work

    def _decide(
        self,
        command: IssuedCommand,
        model: AnyModel,
        typed: Command,
        *,
        is_recorded: bool,
        then: Follow,
        may_redecide: bool,
    ) -> Answered:
        """Try on the state that is known already; read the log before saying no, and after a
        conflict."""
        ask = self._asking(command)
        is_held = model.elsewhere_of(type(typed)) is Elsewhere.LOCK
        for attempt in range(1, ATTEMPTS + 1):
            has_news = self._recorder.refresh()
            if has_news and (earlier := self._earlier(command)):
                return earlier
            is_recorded = is_recorded or self._recorder.was_sent(command)
            seen = self._store.head() if is_held else None
            is_first = attempt == 1 and not has_news
            current, is_fresh = self._current(model, command.stream, is_known_enough=is_first)
            decision = self._decided(model, command, typed, current, ask)
            is_seen = may_redecide or command.expected == current.version
            if (isinstance(decision, Refusal) or not is_seen) and not is_fresh:
                current, is_fresh = self._current(model, command.stream, is_known_enough=False)
                decision = self._decided(model, command, typed, current, ask)
                is_seen = may_redecide or command.expected == current.version
            if not is_seen:
                return self._conflict(command, current.version)
            if isinstance(decision, Refusal):
                why, version = (decision.rule, decision.reason), current.version
                return self._refuse(
                    command,
                    *why,
                    version=version,
                    is_recorded=is_recorded,
                    attempts=attempt,
                    then=then,
                )
            try:
                parts = command, model, decision, current, attempt
                return self._record(*parts, is_recorded=is_recorded, held_since=seen)
            except VersionConflict:
                self.conflicts += 1
            except StoreBusy:
                if attempt >= BUSY_ATTEMPTS:
                    raise
        raise VersionConflict(command.stream, expected=decision.version, actual=current.version)

    def _current(
        self, model: AnyModel, stream: str, *, is_known_enough: bool
    ) -> tuple[Current, bool]:
        """The stream's state, and whether it was looked up now."""
        fold = self.models.fold(model)
        known = self._states.known(fold, stream)
        if is_known_enough and known is not None and not model.is_linked_into:
            return known, False
        return self._states.of(self._store, fold, stream), True

    def _decided(
        self,
        model: AnyModel,
        command: IssuedCommand,
        typed: Command,
        current: Current,
        ask: Callable[[str, Any], Any],
    ) -> Decision:
        situation = DecisionSituation(
            command=command.type,
            command_id=command.id,
            actor=command.actor,
            now_us=self._clock_us(),
            reads=model.reads.get(type(typed), ()),
            ask=ask,
            state_of=self.state_of,
            row=self._read_row,
        )
        return decided(
            model,
            typed,
            stream=command.stream,
            state=current.folded.state,
            version=current.version,
            situation=situation,
        )

    def _asking(self, command: IssuedCommand) -> Callable[[str, Any], Any]:
        """Nobody is asked twice for one command: not by a resend, and not when it has to be
        decided again because somebody was quicker. Nor for another one with a taken id."""
        said: dict[tuple[str, str], Any] = {}

        def ask(gateway: str, request: Any) -> Any:
            key = gateway, json_text.encode(request)
            if key not in said:
                first, outcome = self._store.beside.commands.find(command.id)
                if first is not None:
                    commands.require_same(first, command)
                if outcome is not None:
                    raise AlreadyIssued(command.id)
                once = derived_id(command.id, f"asks {gateway} {key[1]}")
                said[key] = self._gateways.ask(gateway, request, once=once)
            return said[key]

        return ask

    def state_of(self, stream: str) -> tuple[Any, int]:
        """The newest state of any stream that a model owns, and its version."""
        model = self.models.of_stream(stream)
        if model is None:
            raise LookupError(f"no model gives this stream a meaning: {stream}")
        current = self._states.of(self._store, self.models.fold(model), stream)
        return current.folded.state, current.version

    def _record(
        self,
        command: IssuedCommand,
        model: AnyModel,
        decision: Accepted,
        current: Current,
        attempt: int,
        *,
        is_recorded: bool,
        held_since: int | None,
    ) -> Answered:
        """`held_since`: the head before it was decided; the streams read must not be newer."""
        at_us = decision.at_us
        events = decisions.new_events(self.models, model, decision, command, now_us=at_us)

        recording = Recording(
            command=command,
            model=model,
            decision=decision,
            events=events,
            attempt=attempt,
            is_recorded=is_recorded,
            held_since=held_since,
        )
        outcome = self._recorder.record(recording)
        if events:
            self._states.advance(
                self.models.fold(model),
                decision.stream,
                current,
                decision.after,
                events=len(events),
                last=outcome.last_position or 0,
            )
        version = decision.version + len(events)
        return Settled(command=command, outcome=outcome, version=version)

    def _refuse(
        self,
        command: IssuedCommand,
        rule: str,
        reason: str,
        *,
        version: int,
        is_recorded: bool,
        attempts: int = 1,
        then: Follow,
    ) -> Answered:
        outcome = Refused(
            command_id=command.id,
            rule=rule,
            reason=reason,
            attempts=attempts,
            decided_at_us=self._clock_us(),
        )
        try:
            self._store.write(partial(_settle, command, outcome, is_recorded, then(reason)))
        except AlreadyIssued:
            return self._first_outcome(command)
        return Settled(command=command, outcome=outcome, version=version)

    def _conflict(self, command: IssuedCommand, version: int) -> Answered:
        if earlier := self._earlier(command):
            return earlier
        self.conflicts += 1
        stream = command.stream
        seen = self._store.position_of(stream, command.expected or 0) or 0
        came = iter(self._store.read_stream(stream, after=seen))
        between = tuple(islice(came, BETWEEN))
        count = len(between) + sum(1 for _ in came)
        reason = f"{stream} was at version {command.expected} and is at {version} now."
        self._store.write(self._note(command, "conflict", reason))
        if count > len(between):
            reason += f" The first {len(between):,} of the {count:,} events in between are told."
        return Conflict(
            command=command, reason=reason, between=between, came=count, version=version
        )

    def _earlier(self, command: IssuedCommand) -> Answered | None:
        """The first outcome of this command id, when there is one. Raises IdTaken when the id is
        that of another command."""
        first, outcome = self._store.beside.commands.find(command.id)
        if first is not None:
            commands.require_same(first, command)
        if outcome is None:
            return None
        return Settled(command=command, outcome=outcome, version=None)

    def _first_outcome(self, command: IssuedCommand) -> Answered:
        earlier = self._earlier(command)
        if earlier is None:
            raise AlreadyIssued(command.id)
        return earlier

    def events_of(self, answered: Answered) -> tuple[RecordedEvent, ...]:
        """What a command led to, as recorded."""
        match answered:
            case Settled(outcome=Done(first_position=int(first), last_position=last)):
                return tuple(self._store.read(after=first - 1, until=last))
        return ()

    @contextmanager
    def _lane(self, stream: str) -> Iterator[None]:
        if self._lanes is None:
            yield
            return
        with self._lanes[stream]:
            yield


def _settle(
    command: IssuedCommand,
    outcome: Outcome,
    is_recorded: bool,
    then: Sequence[IssuedCommand],
    writer: EventWriter,
) -> None:
    if not is_recorded:
        writer.beside.commands.add_again(command)
    writer.beside.commands.settle(outcome)
    writer.beside.commands.add(then)


def _no_views(view: str, _key: str) -> tuple[Mapping[str, Any] | None, int]:
    raise GatewayFailed(view, "no views can be read here")
