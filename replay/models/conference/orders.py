"""An order: seats wanted, seats held, what they cost, who comes; confirmed or expired.

It is confirmed with the seats that are held for it, and with nothing else: a change of what is
wanted unsettles the reservation until the seats have answered that change, and whoever confirms
names the completed payment of exactly its total, unless it is free. The reference implementation
checks neither.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Struct, field
from msgspec.structs import asdict, replace

from replay.models.conference.lines import (
    ConferenceId,
    Email,
    OrderId,
    SeatLine,
    Wanted,
    counted,
    in_words,
    listed,
    wanted,
    without_zeros,
)
from replay.models.conference.order_corrected import OrderCorrected
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel, Upcast
from store.times import format_moment

MINUTE_US: Final = 60_000_000
RESERVATION_WINDOW_US: Final = 15 * MINUTE_US
CODE_LENGTH: Final = 5
_CENT: Final = Decimal("0.01")


class OrderLine(Struct, frozen=True, kw_only=True, rename="camel"):
    """What some seats cost."""

    seat_type: str
    unit_price: Decimal
    quantity: int
    line_total: Decimal


class Registrant(Struct, frozen=True, kw_only=True, rename="camel"):
    """Who registers."""

    first: str
    last: str
    email: str


class OrderPlaced(Event, frozen=True):
    """Somebody wants seats; they are held until `reservation_auto_expiration`."""

    conference_id: str
    seats: tuple[SeatLine, ...]
    reservation_auto_expiration: str
    access_code: str


class OrderUpdated(Event, frozen=True):
    """Other seats are wanted."""

    seats: tuple[SeatLine, ...]


class OrderTotalsCalculated(Event, frozen=True):
    """What the order costs."""

    total: Decimal
    lines: tuple[OrderLine, ...]
    is_free_of_charge: bool


class OrderPartiallyReserved(Event, frozen=True):
    """Not all wanted seats are held."""

    reservation_expiration: str
    seats: tuple[SeatLine, ...]


class OrderReservationCompleted(Event, frozen=True):
    """All wanted seats are held."""

    reservation_expiration: str
    seats: tuple[SeatLine, ...]


class OrderRegistrantAssigned(Event, frozen=True):
    """Who registers is known."""

    registrant: Registrant


class OrderConfirmed(Event, frozen=True):
    """Paid for, or free."""

    is_confirmed: bool


class OrderExpired(Event, frozen=True):
    """Not paid for in time."""

    is_expired: bool


class Order(State, frozen=True):
    """`seats` are the wanted ones, and once the answer is in, the ones held."""

    conference_id: str = ""
    seats: dict[str, int] = field(default_factory=dict)
    reservation: str = ""  # "", "partial" or "complete"
    total: Decimal = Decimal(0)
    is_free: bool = False
    email: str = ""
    is_confirmed: bool = False
    is_expired: bool = False
    changes: int = 0  # of what is wanted, the first wish among them


class RegisterToConference(Command, frozen=True):
    """Order seats. Sent again for the same order it changes the seats."""

    order_id: OrderId
    conference_id: ConferenceId
    seats: Wanted


class MarkSeatsAsReserved(Command, frozen=True):
    """Note which seats are held, and until when."""

    order_id: OrderId
    seats: Annotated[tuple[SeatLine, ...], Meta(title="Seats held")]
    expiration: Annotated[str, Meta(title="Held until", extra_json_schema={"format": "date-time"})]
    change: Annotated[
        int, Meta(title="Change", ge=0, description="that they answer, from 1; 0 for the newest")
    ] = 0


class AssignRegistrantDetails(Command, frozen=True):
    """Say who registers."""

    order_id: OrderId
    first: Annotated[str, Meta(title="First name", min_length=1)]
    last: Annotated[str, Meta(title="Last name", min_length=1)]
    email: Email


class ConfirmOrder(Command, frozen=True):
    """Confirm an order that is free, or that a payment of exactly its total was completed for."""

    order_id: OrderId
    payment_id: Annotated[
        str,
        Meta(
            title="Payment",
            description="empty for a free order",
            extra_json_schema={"x-choices": "payment"},
        ),
    ] = ""


class RejectOrder(Command, frozen=True):
    """Let an order expire."""

    order_id: OrderId


def evolve(state: Order, event: Event) -> Order:
    """The order after an event."""
    match event:
        case OrderPlaced():
            seats = counted(event.seats)
            return replace(state, conference_id=event.conference_id, seats=seats, changes=1)
        case OrderUpdated():
            seats, changes = counted(event.seats), state.changes + 1
            return replace(state, seats=seats, reservation="", changes=changes)
        case OrderTotalsCalculated():
            return replace(state, total=event.total, is_free=event.is_free_of_charge)
        case OrderPartiallyReserved():
            return replace(state, seats=counted(event.seats), reservation="partial")
        case OrderReservationCompleted():
            return replace(state, seats=counted(event.seats), reservation="complete")
        case OrderRegistrantAssigned():
            return replace(state, email=event.registrant.email)
        case OrderConfirmed():
            return replace(state, is_confirmed=True)
        case OrderExpired():
            return replace(state, is_expired=True)
        case OrderCorrected():
            return Order(**asdict(event) | {"seats": counted(event.seats)})
    return state


def decide(state: Order, command: Command, situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, RegisterToConference):
        return _registered(state, command, situation)
    if not state.conference_id:
        raise Refused("order exists", "There is no such order.")
    if isinstance(command, RejectOrder):
        _refuse_if_confirmed(state)
        return [] if state.is_expired else [OrderExpired(is_expired=True)]
    _refuse_if_expired(state)
    match command:
        case MarkSeatsAsReserved():
            return _reserved(state, command, situation)
        case AssignRegistrantDetails():
            registrant = Registrant(first=command.first, last=command.last, email=command.email)
            return [OrderRegistrantAssigned(registrant=registrant)]
        case ConfirmOrder():
            return [] if state.is_confirmed else [_confirmed(state, command, situation)]
    raise TypeError(f"no order command: {type(command).__name__}")


def totals(seats: dict[str, int], prices: dict[str, Decimal]) -> OrderTotalsCalculated:
    """What the seats cost, line by line, rounded to cents."""
    lines = tuple(
        OrderLine(
            seat_type=seat,
            unit_price=prices[seat],
            quantity=quantity,
            line_total=(prices[seat] * quantity).quantize(_CENT, ROUND_HALF_EVEN),
        )
        for seat, quantity in seats.items()
    )
    total = sum((line.line_total for line in lines), Decimal("0.00"))
    return OrderTotalsCalculated(total=total, lines=lines, is_free_of_charge=total == 0)


def _prices(seats: dict[str, int], situation: Situation) -> dict[str, Decimal]:
    found = {seat: situation.state_of(f"seattype-{seat}") for seat in seats}
    if unknown := sorted(seat for seat, it in found.items() if not it.conference_id):
        raise Refused("seat type exists", f"There is no seat type {', '.join(unknown)}.")
    return {seat: it.price for seat, it in found.items()}


def _registered(
    state: Order, command: RegisterToConference, situation: Situation
) -> Sequence[Event]:
    wanted = without_zeros(counted(command.seats))
    if not wanted:
        raise Refused("at least one seat", "An order needs at least one seat.")
    _refuse_if_confirmed(state)
    _refuse_if_expired(state)
    change = (
        OrderUpdated(seats=listed(wanted))
        if state.conference_id
        else OrderPlaced(
            conference_id=command.conference_id,
            seats=listed(wanted),
            reservation_auto_expiration=format_moment(situation.now_us + RESERVATION_WINDOW_US),
            access_code=situation.new_id()[:CODE_LENGTH].upper(),
        )
    )
    return [change, totals(wanted, _prices(wanted, situation))]


def _reserved(state: Order, command: MarkSeatsAsReserved, situation: Situation) -> Sequence[Event]:
    _refuse_if_confirmed(state)
    if command.change not in (0, state.changes):
        raise Refused("answers the newest change", "Other seats are wanted by now.")
    held = counted(command.seats)
    until, seats = command.expiration, command.seats
    if all(held.get(seat, 0) == quantity for seat, quantity in state.seats.items()):
        return [OrderReservationCompleted(reservation_expiration=until, seats=seats)]
    partial = OrderPartiallyReserved(reservation_expiration=until, seats=seats)
    return [partial, totals(held, _prices(held, situation))]


def _confirmed(state: Order, command: ConfirmOrder, situation: Situation) -> OrderConfirmed:
    if not state.reservation or not any(state.seats.values()):
        raise Refused("seats are held", "No seats are held for the order as it is now.")
    if command.payment_id or not state.is_free:
        _refuse_if_unpaid(state, command, situation)
    return OrderConfirmed(is_confirmed=True)


def _refuse_if_unpaid(state: Order, command: ConfirmOrder, situation: Situation) -> None:
    if not command.payment_id:
        raise Refused("paid in full", "The order is not paid for.")
    payment = situation.state_of(f"payment-{command.payment_id}")
    if payment.source_id != command.order_id or payment.status != "Completed":
        raise Refused("paid in full", f"{command.payment_id} is no completed payment for it.")
    if payment.amount != state.total:
        raise Refused("paid in full", f"It costs {state.total}, and {payment.amount} was paid.")


def _corrected(_now: Order, should_be: Order) -> Sequence[Event]:
    return [OrderCorrected(**asdict(should_be) | {"seats": listed(should_be.seats)})]


def _refuse_if_confirmed(state: Order) -> None:
    if state.is_confirmed:
        raise Refused("not confirmed yet", "The order is confirmed already.")


def _refuse_if_expired(state: Order) -> None:
    if state.is_expired:
        raise Refused("order is open", "The order has expired.")


def _ruled_out(state: Order) -> str:
    return "The order is confirmed already." if state.is_confirmed else ""


def _registrant_in_words(registrant: Registrant) -> str:
    return f"{registrant.first} {registrant.last}, {registrant.email}"


def _stream_of(command: Any) -> str:
    return f"order-{command.order_id}"


MODEL: Final = TypedModel(
    name="conference order",
    title="Order",
    version=1,
    category="order",
    state=Order,
    events=(
        OrderPlaced,
        OrderUpdated,
        OrderTotalsCalculated,
        OrderPartiallyReserved,
        OrderReservationCompleted,
        OrderRegistrantAssigned,
        OrderConfirmed,
        OrderExpired,
        OrderCorrected,
    ),
    commands=(
        RegisterToConference,
        MarkSeatsAsReserved,
        AssignRegistrantDetails,
        ConfirmOrder,
        RejectOrder,
    ),
    evolve=evolve,
    decide=decide,
    stream_of=_stream_of,
    invariants={"never both": lambda it: not (it.is_confirmed and it.is_expired)},
    meaning={
        OrderPlaced: ("conferenceId", "seats"),
        OrderUpdated: ("seats",),
        OrderTotalsCalculated: ("total",),
    },
    upcasts=(
        Upcast(
            type="OrderPaymentConfirmed",
            version=1,
            change=lambda _data: {"isConfirmed": True},
            becomes="OrderConfirmed",
        ),
    ),
    reads={
        RegisterToConference: ("seattype",),
        MarkSeatsAsReserved: ("seattype",),
        ConfirmOrder: ("payment",),
    },
    redecided=frozenset({MarkSeatsAsReserved, RejectOrder, ConfirmOrder}),
    ruled_out=dict.fromkeys(
        (RegisterToConference, MarkSeatsAsReserved, ConfirmOrder, RejectOrder), _ruled_out
    ),
    undo={
        OrderPlaced: lambda _before, _: RejectOrder(order_id=""),
        OrderUpdated: lambda before, _: RegisterToConference(
            order_id="", conference_id=before.conference_id, seats=wanted(before.seats)
        ),
    },
    final={
        OrderTotalsCalculated: "The total follows from the seats; undo the change of the seats.",
        OrderPartiallyReserved: "The seats have answered; undo the change of the order instead.",
        OrderReservationCompleted: "The seats have answered; undo the change of the order instead.",
        OrderRegistrantAssigned: "An order keeps a registrant; name the right one.",
        OrderConfirmed: "A confirmed order stays confirmed.",
        OrderExpired: "An expired order stays expired; place another one.",
        OrderCorrected: "Correct the event that was wrong again.",
    },
    sentences={
        OrderPlaced: lambda event: in_words(event.seats),
        OrderUpdated: lambda event: in_words(event.seats),
        OrderTotalsCalculated: lambda event: f"total {event.total:,.2f}",
        OrderPartiallyReserved: lambda event: f"only {in_words(event.seats)}",
        OrderReservationCompleted: lambda event: in_words(event.seats),
        OrderRegistrantAssigned: lambda event: _registrant_in_words(event.registrant),
        OrderCorrected: lambda event: f"{in_words(event.seats)}, total {event.total:,.2f}",
    },
    correct=_corrected,
    closed=lambda it: "The order has expired." if it.is_expired else "",
)
