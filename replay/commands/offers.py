"""Which commands a stream takes, and what one would lead to: nothing is written here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from replay.commands.authority import unauthorised, why_not_allowed
from replay.commands.command_form import command_of, help_of, schema_of
from replay.commands.decide import ReadRow
from replay.commands.decision import Accepted, Decision, Refusal, decided
from replay.commands.given_fields import given_by, stream_named
from replay.commands.intents import intents_of
from replay.commands.saved_states import Saved, none_saved
from replay.commands.situations import DecisionSituation, refuse_to_ask
from replay.states.diff import Change, diff
from replay.states.model_set import AnyModel, ModelSet
from replay.states.owners import Owners
from replay.states.state_at import StateReader
from replay.typed_model import Command
from store.beside.commands import IssuedCommand
from store.interface import EventReader
from store.times import now_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A command that can be issued. `reason` says why not now; empty when it can."""

    command: str
    model: str
    help: str
    schema: dict[str, Any]
    reason: str
    given: dict[str, Any]  # fields that the chosen stream settles
    stream: str = ""  # the one that these name, which `reason` is about; empty: none yet
    reads: tuple[str, ...] = ()  # outside its stream: categories of streams, and views
    elsewhere: str = ""  # what it does about facts outside its stream; empty: it needs none


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A form as it is filled in so far, judged by the stream that it names."""

    stream: str  # empty: the fields do not name one yet
    version: int  # of that stream, as of the position; 0 when it is new
    reason: str  # why the command cannot be issued; empty when it can be tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody who would issue commands, and the roles they have."""

    actor: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a command would lead to at a position."""

    stream: str
    version: int
    events: tuple[tuple[str, Any], ...]  # type and payload
    before: Any  # the state, as JSON
    after: Any
    changes: tuple[Change, ...]
    refusal: Refusal | None  # by which rule it would be refused; None when it would be accepted
    read: tuple[str, ...] = ()  # further streams that it was decided on
    refused: tuple[tuple[str, str, str], ...] = ()  # of a form: intent, rule, reason


class Offers:
    """Keeps states in memory between questions. One thread."""

    def __init__(
        self,
        log: EventReader,
        models: ModelSet,
        *,
        clock_us: Callable[[], int] = now_us,
        ask: Callable[[str, Any], Any] = refuse_to_ask,
        row: ReadRow | None = None,
        saved: Saved = none_saved,
    ) -> None:
        self.models = models
        self._owners = Owners(models)
        self._log = log
        self._clock_us = clock_us
        self._ask = ask
        self._row = row or no_row
        self._readers: dict[str, StateReader[Any]] = {
            it.name: StateReader(fold, snapshot_before=partial(saved, fold))
            for it in models.models
            for fold in [models.fold(it)]
        }

    def of_stream(self, stream: str, position: int, *, by: Acting | None = None) -> list[Offer]:
        """The commands of the stream's model, as of a position; none without a model. With `by`
        those that are for other roles say so."""
        model = self.model_of(stream, position)
        if model is None:
            return []
        return [
            self._offer(model, it, given_by(stream, model, it), position, by)
            for it in model.commands
        ]

    def offer(
        self, command: str, given: dict[str, Any], position: int, *, by: Acting | None = None
    ) -> Offer:
        """A command with a form that is filled in. Raises UnknownCommand."""
        return self._offer(*self.models.of_command(command), given, position, by)

    def judge(
        self, command: str, data: Mapping[str, Any], position: int, *, by: Acting | None = None
    ) -> Judged:
        """What rules a command out, as its form is filled in: by the stream that the form names,
        as of a position. Raises UnknownCommand."""
        return self._judge(*self.models.of_command(command), data, position, by)

    def _judge(
        self,
        model: AnyModel,
        command: type[Command],
        data: Mapping[str, Any],
        position: int,
        by: Acting | None,
    ) -> Judged:
        stream = stream_named(model, command, data)
        if not stream:
            return Judged(stream="", version=0, reason=_not_for(model, command, by))
        found = self._readers[model.name].at(self._log, stream, position)
        reason = model.why_not(command, found.state) or _not_for(model, command, by)
        return Judged(stream=stream, version=found.version, reason=reason)

    def _offer(
        self,
        model: AnyModel,
        command: type[Command],
        given: dict[str, Any],
        position: int,
        by: Acting | None,
    ) -> Offer:
        judged = self._judge(model, command, given, position, by)
        return _offer(model, command, reason=judged.reason, given=given, stream=judged.stream)

    def model_of(self, stream: str, position: int) -> AnyModel | None:
        """The model that owns the stream as of a position."""
        return self._owners.of(self._log, stream, position)

    def all(self, *, by: Acting | None = None) -> list[Offer]:
        """The commands of every model."""
        return [
            _offer(model, it, reason=_not_for(model, it, by), given={})
            for model in self.models.models
            for it in model.commands
        ]

    def preview(self, command: IssuedCommand, position: int) -> Preview:
        """What the command would lead to as of a position; of a form, what its intents would,
        one on top of the other. Raises UnknownCommand, InvalidCommand, UndeclaredRead."""
        model, _ = self.models.of_command(command.type)
        intents = intents_of(self.models, command)
        decisions: list[tuple[str, Decision]] = []
        for intent in intents:
            accepted = (it for _, it in reversed(decisions) if isinstance(it, Accepted))
            before = next(accepted, None)
            decisions.append((intent.type, self._judged(model, intent, position, before)))
        if len(decisions) == 1:
            return self._told(model, decisions[0][1])
        return self._told_together(model, command, position, decisions)

    def _judged(
        self, model: AnyModel, command: IssuedCommand, position: int, before: Accepted | None
    ) -> Decision:
        """One intent, on the stream as of a position and on what `before` adds to it."""
        _, type_ = self.models.of_command(command.type)
        typed = command_of(type_, command.data_json)
        stream = model.stream_of(typed)
        if before is None:
            found = self._readers[model.name].at(self._log, stream, position)
            state, version = found.state, found.version
        else:
            state, version = before.after, before.version + len(before.events)
        if refusal := unauthorised(model, type_, command):
            return Refusal(
                stream=stream, version=version, state=state, rule=refusal[0], reason=refusal[1]
            )
        return self._decided(model, command, typed, stream, state, version, position)

    def _told_together(
        self,
        model: AnyModel,
        form: IssuedCommand,
        position: int,
        decisions: Sequence[tuple[str, Decision]],
    ) -> Preview:
        typed = command_of(self.models.of_command(form.type)[1], form.data_json)
        stream = model.stream_of(typed)
        found = self._readers[model.name].at(self._log, stream, position)
        good = [it for _, it in decisions if isinstance(it, Accepted)]
        bad = [(name, it) for name, it in decisions if isinstance(it, Refusal)]
        whole: Decision
        if bad and not good:
            whole = replace(bad[0][1], stream=stream, version=found.version, state=found.state)
        else:
            whole = Accepted(
                stream=stream,
                version=found.version,
                state=found.state,
                events=tuple(event for it in good for event in it.events),
                after=good[-1].after if good else found.state,
                at_us=self._clock_us(),
            )
        refused = tuple((name, it.rule, it.reason) for name, it in bad)
        return replace(self._told(model, whole), refused=refused)

    def _decided(
        self,
        model: AnyModel,
        command: IssuedCommand,
        typed: Command,
        stream: str,
        state: Any,
        version: int,
        position: int,
    ) -> Decision:
        def state_of(other: str) -> tuple[Any, int]:
            owner = self.models.of_stream(other)
            if owner is None:
                raise LookupError(f"no model gives this stream a meaning: {other}")
            there = self._readers[owner.name].at(self._log, other, position)
            return there.state, there.version

        situation = DecisionSituation(
            command=command.type,
            command_id=command.id,
            actor=command.actor,
            now_us=self._clock_us(),
            reads=model.reads.get(type(typed), ()),
            ask=self._ask,
            state_of=state_of,
            row=self._row,
        )
        return decided(
            model, typed, stream=stream, state=state, version=version, situation=situation
        )

    def _told(self, model: AnyModel, decision: Decision) -> Preview:
        to_json = self.models.fold(model).to_json
        before = to_json(decision.state)
        if isinstance(decision, Refusal):
            return Preview(
                stream=decision.stream,
                version=decision.version,
                events=(),
                before=before,
                after=before,
                changes=(),
                refusal=decision,
            )
        after = to_json(decision.after)
        return Preview(
            stream=decision.stream,
            version=decision.version,
            events=tuple((type(it).__name__, to_json(it)) for it in decision.events),
            before=before,
            after=after,
            changes=tuple(diff(before, after)),
            refusal=None,
            read=tuple(decision.read or ()),
        )


def _not_for(model: AnyModel, command: type[Command], by: Acting | None) -> str:
    if by is None:
        return ""
    return why_not_allowed(model, command, actor=by.actor, roles=by.roles)


def _offer(
    model: AnyModel,
    command: type[Command],
    *,
    reason: str,
    given: dict[str, Any],
    stream: str = "",
) -> Offer:
    return Offer(
        command=command.__name__,
        model=model.title,
        help=help_of(command),
        schema=schema_of(command),
        reason=reason,
        given=given,
        stream=stream,
        reads=tuple(model.reads.get(command, ())),
        elsewhere=model.elsewhere_of(command) or "",
    )


def no_row(view: str, _key: str) -> tuple[Mapping[str, Any] | None, int]:
    """For a preview that has no views at hand."""
    raise LookupError(f"a preview reads no views: {view}")
