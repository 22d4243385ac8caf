"""The conference's models as rules of the simulation: what they decide is what the sample holds."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from replay.models.conference import assignments, orders, payments, registration, seat_types, seats
from replay.models.conference.seat_types import SeatTypeState
from replay.process import Heard
from replay.states.model_set import AnyModel, ModelSet
from replay.typed_model import Command
from replay.typed_model import Event as TypedEvent
from resources.samples.log import Event
from resources.samples.rules import Fact, Rules
from store import json_text
from store.events import RecordedEvent

MODELS: Final = ModelSet(
    it.MODEL for it in (assignments, orders, payments, registration, seat_types, seats)
)
EVENTS: Final = {event.__name__: event for model in MODELS.models for event in model.events}


class Desk:
    """What a decision may know beside the state; replay.typed_model.Situation.

    `price_of(seat_type)` is what registration has been told that seats cost, `payment_of(stream)`
    how a payment stands.
    """

    actor = "conference"

    def __init__(
        self,
        now_us: Callable[[], int],
        price_of: Callable[[str], Decimal],
        payment_of: Callable[[str], Any],
    ) -> None:
        self.ids: list[str] = []  # given out one by one
        self._now_us = now_us
        self._price_of = price_of
        self._payment_of = payment_of

    @property
    def now_us(self) -> int:
        return self._now_us()

    def new_id(self) -> str:
        return self.ids.pop(0)

    def state_of(self, stream: str) -> Any:
        if stream.startswith("payment-"):
            return self._payment_of(stream)
        seat_type = stream.removeprefix("seattype-")
        return SeatTypeState(conference_id="known", price=self._price_of(seat_type))

    def ask(self, gateway: str, request: Any) -> Any:
        raise LookupError(f"{gateway} is not there to be asked for {request}")

    def row(self, view: str, key: str) -> Any:
        raise LookupError(f"there is no view {view} with a row {key}")


def model_of(command: Command) -> AnyModel:
    """The model that a command is for."""
    return MODELS.of_command(type(command).__name__)[0]


def rules_of(model: AnyModel, desk: Desk) -> Rules[Any]:
    """A model as rules that read and give plain payloads."""

    def decide(state: Any, command: Any) -> tuple[Fact, ...]:
        return facts(model.decide(state, command, desk))

    def evolve(state: Any, fact: Fact) -> Any:
        return model.evolve(state, typed(fact))

    return Rules(initial=model.initial, evolve=evolve, decide=decide)


def facts(events: Sequence[TypedEvent]) -> tuple[Fact, ...]:
    """Typed events as they are recorded."""
    return tuple(
        Fact(type=type(it).__name__, data=msgspec.to_builtins(it, builtin_types=(Decimal,)))
        for it in events
    )


def typed(recorded: Fact | Event) -> TypedEvent:
    """The event as its model reads it."""
    event: TypedEvent = msgspec.convert(recorded.data, EVENTS[recorded.type])
    return event


def heard(event: Event, *, before: Callable[[], Any] = lambda: None) -> Heard:
    """The event as a process manager hears it."""
    times = (event.recorded_at_us, 0, event.occurred_at_us, event.occurred_offset_min)
    texts = (json_text.encode(dict(event.data)), json_text.encode(dict(event.metadata)), None)
    return Heard(
        event=RecordedEvent(
            event.position, event.stream, event.version, event.type, event.id, *times, *texts
        ),
        typed=typed(event),
        command_id=str(event.metadata["command_id"]),
        before=before,
    )
