"""What is offered comes into stock: the difference to what was offered before, even one of 0.

The reference implementation does this in a read model's handler; an edit of the description
alone then removes 0 seats, an event that changes nothing. It is kept here as it is there.
"""

from collections.abc import Sequence
from typing import Any, Final

from replay.models.conference.seat_types import SeatCreated, SeatDrafted, SeatUpdated
from replay.models.conference.seats import AddSeats, RemoveSeats
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.typed_model import Refused, Situation, State, TypedModel


class Stock(State, frozen=True):
    """It remembers nothing: what was offered before stands in the seat type's own stream."""


def react(_state: Stock, heard: Heard, _situation: Situation) -> Reaction:
    """Add what is new, or take away what is offered no more."""
    match heard.typed:
        case SeatDrafted():
            return Reaction()
        case SeatUpdated() as offer:
            return _moved(heard, offer, by=offer.quantity - heard.before().quantity)
        case SeatCreated() as offer:
            return _moved(heard, offer, by=offer.quantity)
    return Reaction()


def _moved(heard: Heard, offer: SeatCreated, *, by: int) -> Reaction:
    kind = AddSeats if by > 0 else RemoveSeats
    move = kind(conference_id=offer.conference_id, seat_type=_seat_type(heard), quantity=abs(by))
    return Reaction(sends=[Send(command=move)])


def _seat_type(heard: Heard) -> str:
    return heard.event.stream.removeprefix("seattype-")


def _decide(_state: Stock, command: Any, _situation: Situation) -> Sequence[Any]:
    raise Refused("no commands", f"{type(command).__name__} is no command of it.")


MODEL: Final = TypedModel(
    name="stock",
    title="Stock",
    version=1,
    category="stock",
    state=Stock,
    events=(),
    commands=(),
    evolve=lambda state, _event: state,
    decide=_decide,
    stream_of=lambda _command: "",
)
PROCESS: Final = ProcessManager(
    model=MODEL,
    listens=frozenset({"SeatCreated", "SeatUpdated"}),
    instance_of=_seat_type,
    react=react,
    handle=lambda _state, _command, _situation: Reaction(),
    states=("Listening",),
    state_name=lambda _state: "Listening",
)
