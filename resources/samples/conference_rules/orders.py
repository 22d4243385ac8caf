"""An order: seats wanted, seats held, what they cost, who comes, confirmed or expired."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, TypeAlias

from resources.samples.conference_rules.seat_lines import Seats, as_lines, as_seats, without_zeros
from resources.samples.rules import Fact, Refused, Rules
from resources.samples.simulation import MINUTE
from store.times import format_moment

RESERVATION_WINDOW_US: Final = 15 * MINUTE
EMAIL: Final = re.compile(r"[\w-]+(\.?[\w-])*@[\w-]+(\.[\w-]+)+")
_CENT: Final = Decimal("0.01")

Prices: TypeAlias = Mapping[str, Decimal]  # seat type → unit price


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`seats` are the wanted ones, and once the answer is in, the ones held."""

    conference_id: str = ""
    seats: Seats = field(default_factory=dict)
    reservation: str = ""  # "", "partial" or "complete"
    total: Decimal = Decimal(0)
    email: str = ""
    is_confirmed: bool = False
    is_expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterToConference:
    """Sent a second time, it changes the order. `prices`, `now_us` and the code are looked up."""

    order_id: str
    conference_id: str
    seats: Seats
    prices: Prices
    now_us: int
    access_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSeatsAsReserved:
    order_id: str
    seats: Seats
    expiration_us: int
    prices: Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRegistrantDetails:
    order_id: str
    first: str
    last: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOrder:
    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectOrder:
    order_id: str


OrderCommand: TypeAlias = (
    RegisterToConference
    | MarkSeatsAsReserved
    | AssignRegistrantDetails
    | ConfirmOrder
    | RejectOrder
)


def decide(state: Order, command: OrderCommand) -> tuple[Fact, ...]:
    match command:
        case RegisterToConference():
            return _registered(state, command)
        case MarkSeatsAsReserved():
            return _reserved(state, command)
        case AssignRegistrantDetails():
            return (_registrant(command),)
        case ConfirmOrder():
            return (Fact(type="OrderConfirmed", data={"isConfirmed": True}),)
        case RejectOrder():
            _refuse_if_confirmed(state)
            return (Fact(type="OrderExpired", data={"isExpired": True}),)


def evolve(state: Order, fact: Fact) -> Order:
    data = fact.data
    match fact.type:
        case "OrderPlaced":
            seats = as_seats(data["seats"])
            return replace(state, conference_id=data["conferenceId"], seats=seats)
        case "OrderUpdated":
            return replace(state, seats=as_seats(data["seats"]), reservation="")
        case "OrderTotalsCalculated":
            return replace(state, total=data["total"])
        case "OrderPartiallyReserved":
            return replace(state, seats=as_seats(data["seats"]), reservation="partial")
        case "OrderReservationCompleted":
            return replace(state, seats=as_seats(data["seats"]), reservation="complete")
        case "OrderRegistrantAssigned":
            return replace(state, email=data["registrant"]["email"])
        case "OrderConfirmed":
            return replace(state, is_confirmed=True)
        case "OrderExpired":
            return replace(state, is_expired=True)
    return state


def totals(seats: Seats, prices: Prices) -> Fact:
    """What the seats cost, line by line, rounded to cents."""
    lines = [_priced(seat, quantity, prices[seat]) for seat, quantity in seats.items()]
    total = sum((line["lineTotal"] for line in lines), Decimal("0.00"))
    data = {"total": total, "lines": lines, "isFreeOfCharge": total == 0}
    return Fact(type="OrderTotalsCalculated", data=data)


def _priced(seat: str, quantity: int, unit_price: Decimal) -> dict[str, Any]:
    return {
        "seatType": seat,
        "unitPrice": unit_price,
        "quantity": quantity,
        "lineTotal": (unit_price * quantity).quantize(_CENT, ROUND_HALF_EVEN),
    }


def _registered(state: Order, command: RegisterToConference) -> tuple[Fact, ...]:
    if any(quantity < 0 for quantity in command.seats.values()):
        raise Refused("a quantity is negative")
    wanted = without_zeros(command.seats)
    if not wanted:
        raise Refused("an order needs at least one seat")
    change = _updated(wanted) if state.conference_id else _placed(command, wanted)
    return change, totals(wanted, command.prices)


def _updated(wanted: Seats) -> Fact:
    return Fact(type="OrderUpdated", data={"seats": as_lines(wanted)})


def _placed(command: RegisterToConference, wanted: Seats) -> Fact:
    return Fact(
        type="OrderPlaced",
        data={
            "conferenceId": command.conference_id,
            "seats": as_lines(wanted),
            "reservationAutoExpiration": format_moment(command.now_us + RESERVATION_WINDOW_US),
            "accessCode": command.access_code,
        },
    )


def _reserved(state: Order, command: MarkSeatsAsReserved) -> tuple[Fact, ...]:
    _refuse_if_confirmed(state)
    data = {
        "reservationExpiration": format_moment(command.expiration_us),
        "seats": as_lines(command.seats),
    }
    if all(command.seats.get(seat, 0) == quantity for seat, quantity in state.seats.items()):
        return (Fact(type="OrderReservationCompleted", data=data),)
    partial = Fact(type="OrderPartiallyReserved", data=data)
    return partial, totals(command.seats, command.prices)


def _registrant(command: AssignRegistrantDetails) -> Fact:
    if not (command.first and command.last and command.email):
        raise Refused("first name, last name and email are all required")
    if not EMAIL.fullmatch(command.email):
        raise Refused("this is no email address")
    registrant = {"first": command.first, "last": command.last, "email": command.email}
    return Fact(type="OrderRegistrantAssigned", data={"registrant": registrant})


def _refuse_if_confirmed(state: Order) -> None:
    if state.is_confirmed:
        raise Refused("the order is confirmed already")


ORDERS: Final = Rules(initial=Order, evolve=evolve, decide=decide)
