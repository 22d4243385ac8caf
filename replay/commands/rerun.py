"""Recorded commands decided on again, as an experiment: nothing is written, nothing is sent.

Replaying events never comes here. This runs the rules themselves once more, each command on the
state of its time, with the answers that outside systems gave then, and tells where today's
rules decide otherwise, and what the events would make gateways send.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from replay.commands.declared_rows import DeclaredRows
from replay.commands.offers import Offers
from replay.commands.outcome_words import because
from replay.commands.reaction_rerun import ReactionRerun, events_of, sends_of
from replay.commands.situations import MissingAnswer, OtherAnswer, derived_id
from replay.commands.would_send import (
    Difference,
    WouldSend,
    message_of,
    messages_differ,
    would_send,
)
from replay.process import ProcessManager
from replay.states.difference_words import differences
from replay.states.model_set import AnyModel, ModelSet
from replay.typed_model import Asked, Event, Refused
from replay.words import said
from store import json_text
from store.beside.commands import IssuedCommand
from store.beside.outbox import Message
from store.beside.outcomes import Done
from store.events import RecordedEvent
from store.interface import CommandStore, EventWriter
from store.place import Place
from store.query import EventQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One command, decided on again. `differences` is empty when it came out as it did then."""

    id: str
    command: str
    stream: str
    position: int  # of its first event
    differences: tuple[str, ...]
    messages: tuple[Difference, ...] = ()  # to be cancelled, or to be added


class Rerun:
    """For one store. One thread."""

    def __init__(self, store: CommandStore, models: ModelSet, place: Place) -> None:
        self._store = store
        self._models = models
        self._place = place
        self._reactions = ReactionRerun(store, models)

    def commands(self, *, after: int = 0, until: int | None = None) -> Iterator[Decided]:
        """Every done command whose events lie there, oldest first. Raises MissingAnswer."""
        for command, outcome in self._store.beside.commands.done(after=after, until=until):
            if outcome.first_position is not None:
                yield self._again(command, outcome, outcome.first_position)

    def passed_over(self) -> int:
        """How many settled commands are not decided on again: they recorded no event, so nothing
        tells in which state of the log they were decided on."""
        return self._store.beside.commands.count_without_events()

    def would_send(self, *, after: int = 0, until: int | None = None) -> Iterator[WouldSend]:
        """What the events there make gateways send, in order; none of it is sent."""
        telling = {type_.__name__ for model in self._models.models for type_ in model.effects}
        if not telling:
            return
        query = EventQuery(types=tuple(sorted(telling)))
        for event in self._store.read(query, after=after, until=until):
            if found := would_send(self._models, event):
                yield found

    def held(self, *, limit: int) -> list[WouldSend]:
        """The first of those that no gateway was told of: their events came from elsewhere."""
        told = self._store.beside.outbox.told()
        found = (it for it in self.would_send() if (it.position, it.gateway) not in told)
        return list(islice(found, limit))

    def answers(self, *, after: int = 0, until: int | None = None) -> int:
        """Look whether the answers that events were recorded with are kept, whether or not their
        commands are. Returns how many. Raises MissingAnswer, OtherAnswer."""
        asking = {type_.__name__ for model in self._models.models for type_ in model.asked}
        if not asking:
            return 0
        query = EventQuery(types=tuple(sorted(asking)))
        events = self._store.read(query, after=after, until=until)
        return sum(self._look_up(it, asked) for it in events for asked in self._asked(it))

    def _asked(self, event: RecordedEvent) -> Sequence[Asked]:
        model = self._models.of_stream(event.stream)
        typed = None if model is None else self._models.reading(model).typed(event)
        asked = model.asked.get(type(typed)) if model and typed is not None else None
        return asked(typed) if asked else ()

    def _look_up(self, event: RecordedEvent, asked: Asked) -> int:
        request = json_text.encode(asked.request)
        try:
            kept = self._store.beside.answers.to(event.id, asked.gateway, request)
        except LookupError:
            where = said("{type} at {position}", type=event.type, position=event.position)
            raise MissingAnswer(asked.gateway, asked.request, where) from None
        if Decimal(str(kept)) != asked.answer if _is_number(kept) else kept != asked.answer:
            raise OtherAnswer(asked, kept, event)
        return 1

    def send(self, gateway: str, *, after: int, until: int | None, now_us: int) -> int:
        """Put what the events make one gateway send into the outbox, but for what it was told
        already. Returns how many messages are new."""
        told = self._store.beside.outbox.told()
        found = [
            Message(
                id=derived_id(it.event_id, f"reprocess {it.gateway}"),
                position=it.position,
                gateway=gateway,
                payload_json=it.payload_json,
                release_at_us=now_us,
            )
            for it in self.would_send(after=after, until=until)
            if it.gateway == gateway and (it.position, gateway) not in told
        ]

        def work(writer: EventWriter) -> None:
            writer.beside.outbox.add(found)

        self._store.write(work)
        return len(found)

    def _again(self, command: IssuedCommand, outcome: Done, first: int) -> Decided:
        events = list(self._store.read(after=first - 1, until=outcome.last_position))
        if process := self._reactions.owner_of(command):
            return self._handled_again(process, command, outcome, events)
        return self._decided_again(command, outcome, events)

    def _decided_again(
        self, command: IssuedCommand, outcome: Done, events: Sequence[RecordedEvent]
    ) -> Decided:
        first = events[0].position
        offers = Offers(
            self._store,
            self._models,
            clock_us=lambda: outcome.decided_at_us,
            ask=partial(self._recorded, command),
            row=DeclaredRows(self._place, at=first - 1),
        )
        preview = offers.preview(command, first - 1)
        model, _ = self._models.of_command(command.type)
        types = {it.__name__: it for it in model.events}
        now = [{"type": type_, "data": data} for type_, data in preview.events]
        if (refusal := preview.refusal) is not None:
            told = [_refused(refusal.rule, refusal.reason)]
        else:
            told = _differences(_then(events), now)
        meant = [msgspec.convert(data, types[type_]) for type_, data in preview.events]
        return Decided(
            id=command.id,
            command=command.type,
            stream=preview.stream,
            position=first,
            differences=tuple(told),
            messages=tuple(self._messages(model, events, meant)),
        )

    def _handled_again(
        self,
        process: ProcessManager[Any],
        command: IssuedCommand,
        outcome: Done,
        events: Sequence[RecordedEvent],
    ) -> Decided:
        """A timer, or another command of a process manager to itself."""
        first = events[0].position
        meant: Sequence[Event] = ()
        try:
            reaction = self._reactions.reaction(process, command, outcome, first - 1)
        except Refused as error:
            told = [_refused(error.rule, error.reason)]
        else:
            meant = reaction.events
            sent = self._reactions.sent(process, command)
            told = _differences(_then(events), events_of(reaction))
            told += [said("sends {name}", name=it) for it in _differences(sent, sends_of(reaction))]
        return Decided(
            id=command.id,
            command=command.type,
            stream=command.stream,
            position=first,
            differences=tuple(told),
            messages=tuple(self._messages(process.model, events, meant)),
        )

    def _messages(
        self, model: AnyModel, events: Sequence[RecordedEvent], meant: Sequence[Event]
    ) -> list[Difference]:
        """What its events made gateways send, against what they would today."""
        then = [would_send(self._models, it) for it in events]
        now = [message_of(model, it) for it in meant]
        return messages_differ(
            [(it.gateway, it.payload) for it in then if it], [it for it in now if it]
        )

    def _recorded(self, command: IssuedCommand, gateway: str, request: Any) -> Any:
        event_id = derived_id(command.id, "event 1")
        try:
            return self._store.beside.answers.to(event_id, gateway, json_text.encode(request))
        except LookupError:
            raise MissingAnswer(gateway, request, said("the command {id}", id=command.id)) from None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _then(events: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    return [{"type": it.type, "data": it.data} for it in events]


def _refused(rule: str, reason: str) -> str:
    return said("refused now: {rule}", rule=because(rule, reason))


def _differences(then: Any, now: Any) -> list[str]:
    return differences(then, json_text.decode(json_text.encode(now)))
