"""The registration process: from an order placed to seats committed or given back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from resources.samples.conference_rules.orders import ConfirmOrder, Prices, RejectOrder
from resources.samples.conference_rules.orders import MarkSeatsAsReserved as MarkReserved
from resources.samples.conference_rules.seat_lines import Seats
from resources.samples.conference_rules.seats import (
    CancelSeatReservation,
    CommitSeatReservation,
    MakeSeatReservation,
)
from resources.samples.rules import Fact
from resources.samples.simulation import MINUTE
from store.times import format_moment, parse_moment

# A payment under way when the window ends still finds its seats for this long.
RELEASE_BUFFER_US: Final = 14 * MINUTE
RESERVATION_GRACE_US: Final = 1 * MINUTE

AWAITING: Final = "AwaitingReservationConfirmation"
RESERVED: Final = "ReservationConfirmationReceived"
PAID: Final = "PaymentConfirmationReceived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    state: str = "NotStarted"
    order_id: str = ""
    conference_id: str = ""
    window_ends_us: int = 0
    reservation_command_id: str = ""
    expiration_command_id: str = ""
    is_completed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireRegistrationProcess:
    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A command on its way to a stream, with the id it will be known by."""

    command: object
    to: str
    id: str
    delay_us: int = 0
    time_to_live_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the process notes about itself, and the commands it sends."""

    facts: tuple[Fact, ...] = ()
    sends: tuple[Send, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWasPlaced:
    """Ids for the commands to come are drawn by the caller: the rule itself is pure."""

    order_id: str
    conference_id: str
    seats: Seats
    window_ends_us: int
    now_us: int
    command_ids: tuple[str, str]  # of the reservation and of the timer


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWasUpdated:
    seats: Seats
    now_us: int
    command_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsWereReserved:
    seats: Seats
    because_of: str  # the command the reservation answers
    prices: Prices
    command_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWasCompleted:
    payment_id: str
    command_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWasConfirmed:
    command_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    timer_id: str
    command_ids: tuple[str, str]  # to reject the order and to cancel the reservation


Heard: TypeAlias = (
    OrderWasPlaced
    | OrderWasUpdated
    | SeatsWereReserved
    | PaymentWasCompleted
    | OrderWasConfirmed
    | TimerFired
)


def react(process: Process, heard: Heard) -> Step:
    """What to do about it. A completed process is deaf: a late payment goes nowhere."""
    if process.is_completed:
        return Step()
    match heard:
        case OrderWasPlaced() if process.state == "NotStarted":
            return _start(heard)
        case OrderWasUpdated() if process.state in (AWAITING, RESERVED):
            return _reserve_again(process, heard)
        case SeatsWereReserved() if process.state == AWAITING:
            return _reserved(process, heard)
        case PaymentWasCompleted() if process.state == RESERVED:
            return _paid(process, heard)
        case OrderWasConfirmed() if process.state in (RESERVED, PAID):
            return _complete(process, heard)
        case TimerFired() if heard.timer_id == process.expiration_command_id:
            return _expire(process, heard)
    return Step()


def evolve(process: Process, fact: Fact) -> Process:
    data = fact.data
    ends = data.get("reservationAutoExpiration")
    return replace(
        process,
        state=data.get("state", process.state),
        order_id=data.get("orderId", process.order_id),
        conference_id=data.get("conferenceId", process.conference_id),
        window_ends_us=parse_moment(ends).at_us if ends else process.window_ends_us,
        reservation_command_id=data.get("reservationCommandId", process.reservation_command_id),
        expiration_command_id=data.get("expirationCommandId", process.expiration_command_id) or "",
        is_completed=data.get("isCompleted", process.is_completed),
    )


def _start(heard: OrderWasPlaced) -> Step:
    window_us = heard.window_ends_us - heard.now_us
    first_id, timer_id = heard.command_ids
    about = {"orderId": heard.order_id, "conferenceId": heard.conference_id}
    process = evolve(Process(), _fact("RegistrationStarted", about))
    if window_us <= 0:
        rejected = about | {"isCompleted": True, "outcome": "Rejected"}
        return Step(
            facts=(_fact("RegistrationRejected", rejected),), sends=(_rejection(process, first_id),)
        )
    data = about | {
        "state": AWAITING,
        "reservationAutoExpiration": format_moment(heard.window_ends_us),
        "reservationCommandId": first_id,
        "expirationCommandId": timer_id,
    }
    reservation = _reservation(process, heard.seats, first_id, window_us)
    timer = _timer(process, timer_id, window_us)
    return Step(facts=(_fact("RegistrationStarted", data),), sends=(reservation, timer))


def _reserve_again(process: Process, heard: OrderWasUpdated) -> Step:
    data = {"state": AWAITING, "reservationCommandId": heard.command_id}
    window_us = process.window_ends_us - heard.now_us
    again = _reservation(process, heard.seats, heard.command_id, window_us)
    return Step(facts=(_fact("ReservationRequestedAgain", data),), sends=(again,))


def _reserved(process: Process, heard: SeatsWereReserved) -> Step:
    if heard.because_of != process.reservation_command_id:
        return Step()
    mark = MarkReserved(
        order_id=process.order_id,
        seats=heard.seats,
        expiration_us=process.window_ends_us,
        prices=heard.prices,
    )
    fact = _fact("ReservationConfirmationReceived", {"state": RESERVED})
    return Step(facts=(fact,), sends=(Send(command=mark, to=_order(process), id=heard.command_id),))


def _paid(process: Process, heard: PaymentWasCompleted) -> Step:
    data = {"state": PAID, "paymentId": heard.payment_id}
    confirm = ConfirmOrder(order_id=process.order_id)
    return Step(
        facts=(_fact("PaymentConfirmationReceived", data),),
        sends=(Send(command=confirm, to=_order(process), id=heard.command_id),),
    )


def _complete(process: Process, heard: OrderWasConfirmed) -> Step:
    commit = CommitSeatReservation(reservation_id=process.order_id)
    data = {"isCompleted": True, "outcome": "Confirmed", "expirationCommandId": None}
    return Step(
        facts=(_fact("RegistrationCompleted", data),),
        sends=(Send(command=commit, to=_seats(process), id=heard.command_id),),
    )


def _expire(process: Process, heard: TimerFired) -> Step:
    reject_id, cancel_id = heard.command_ids
    data = {"isCompleted": True, "outcome": "Expired", "expirationCommandId": None}
    cancel = CancelSeatReservation(reservation_id=process.order_id)
    return Step(
        facts=(_fact("RegistrationExpired", data),),
        sends=(
            _rejection(process, reject_id),
            Send(command=cancel, to=_seats(process), id=cancel_id),
        ),
    )


def _reservation(process: Process, seats: Seats, id_: str, window_us: int) -> Send:
    command = MakeSeatReservation(reservation_id=process.order_id, seats=seats)
    live_us = window_us + RESERVATION_GRACE_US
    return Send(command=command, to=_seats(process), id=id_, time_to_live_us=live_us)


def _timer(process: Process, id_: str, window_us: int) -> Send:
    command = ExpireRegistrationProcess(order_id=process.order_id)
    delay_us = window_us + RELEASE_BUFFER_US
    return Send(command=command, to=f"registration-{process.order_id}", id=id_, delay_us=delay_us)


def _rejection(process: Process, id_: str) -> Send:
    return Send(command=RejectOrder(order_id=process.order_id), to=_order(process), id=id_)


def _order(process: Process) -> str:
    return f"order-{process.order_id}"


def _seats(process: Process) -> str:
    return f"seats-{process.conference_id}"


def _fact(type_: str, data: Mapping[str, Any]) -> Fact:
    return Fact(type=type_, data=data)
