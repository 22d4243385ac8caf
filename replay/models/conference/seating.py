"""Once an order is confirmed, each of its seats gets a position that somebody can be given."""

from collections.abc import Sequence
from typing import Any, Final

from replay.models.conference.assignments import CreateSeatAssignments
from replay.models.conference.lines import listed
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.typed_model import Event, Refused, Situation, State, TypedModel


class SeatingNoted(Event, frozen=True):
    """Positions were asked for."""

    order_id: str


class Seating(State, frozen=True):
    """Whether positions were asked for."""

    order_id: str = ""


def _seat(state: Seating, heard: Heard, situation: Situation) -> Reaction:
    """A confirmed order gets a position for each seat."""
    order_id = heard.event.stream.removeprefix("order-")
    if state.order_id:
        return Reaction()
    order = situation.state_of(heard.event.stream)
    create = CreateSeatAssignments(order_id=order_id, seats=listed(order.seats))
    return Reaction(events=[SeatingNoted(order_id=order_id)], sends=[Send(command=create)])


def _decide(_state: Seating, command: Any, _situation: Situation) -> Sequence[Event]:
    raise Refused("no commands", f"{type(command).__name__} is no command of it.")


PROCESS: Final = ProcessManager(
    model=TypedModel(
        name="seating",
        title="Seating",
        version=1,
        category="seating",
        state=Seating,
        events=(SeatingNoted,),
        commands=(),
        evolve=lambda _state, event: Seating(order_id=event.order_id),
        decide=_decide,
        stream_of=lambda _command: "",
    ),
    listens=frozenset({"OrderConfirmed"}),
    instance_of=lambda heard: heard.event.stream.removeprefix("order-"),
    react=_seat,
    handle=lambda _state, _command, _situation: Reaction(),
    reads=("order",),
    states=("Waiting", "Seated"),
    moves={("Waiting", "OrderConfirmed"): "Seated"},
    state_name=lambda it: "Seated" if it.order_id else "Waiting",
    is_over=lambda it: bool(it.order_id),
)
MODEL: Final = PROCESS.model
