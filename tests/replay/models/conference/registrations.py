"""One registration in a rehearsal: what is sent, and where it stands."""

from decimal import Decimal

from replay.models.conference import registration
from replay.models.conference.lines import SeatLine, wanted
from replay.models.conference.orders import (
    ConfirmOrder,
    MarkSeatsAsReserved,
    RegisterToConference,
    RejectOrder,
)
from replay.models.conference.payments import (
    CompleteThirdPartyProcessorPayment,
    InitiateThirdPartyProcessorPayment,
)
from replay.models.conference.seats import (
    CancelSeatReservation,
    CommitSeatReservation,
    MakeSeatReservation,
)
from replay.typed_model import Command
from tests.replay.models.conference.rehearsal import Rehearsal

UNTIL = "2026-03-04T12:15:00.000000+00:00"
CONFIRM = ConfirmOrder(order_id="7f31", payment_id="p1")
REJECT = RejectOrder(order_id="7f31")
COMMIT = CommitSeatReservation(conference_id="gopher", reservation_id="7f31")
CANCEL = CancelSeatReservation(conference_id="gopher", reservation_id="7f31")


def reserve(quantity: int) -> MakeSeatReservation:
    seats = wanted({"ga": quantity})
    return MakeSeatReservation(conference_id="gopher", reservation_id="7f31", seats=seats)


def mark(quantity: int, *, change: int = 1) -> MarkSeatsAsReserved:
    held = (SeatLine(seat_type="ga", quantity=quantity),)
    return MarkSeatsAsReserved(order_id="7f31", seats=held, expiration=UNTIL, change=change)


def register(rehearsal: Rehearsal, quantity: int = 1, *, seat_type: str = "ga") -> None:
    seats = wanted({seat_type: quantity})
    rehearsal.issue(RegisterToConference(order_id="7f31", conference_id="gopher", seats=seats))


def pay(rehearsal: Rehearsal, payment_id: str = "p1", *, amount: int = 199) -> None:
    begin = InitiateThirdPartyProcessorPayment(
        payment_id=payment_id,
        source_id="7f31",
        conference_id="gopher",
        description="Registration",
        total_amount=Decimal(amount),
    )
    rehearsal.issue(begin)
    rehearsal.issue(CompleteThirdPartyProcessorPayment(payment_id=payment_id))


def state(rehearsal: Rehearsal) -> str:
    return registration.PROCESS.state_name(rehearsal.state("registration-7f31"))


def sent_now(rehearsal: Rehearsal) -> list[Command]:
    """What waits to be handled at once."""
    return [command for command, due, _ in rehearsal.waiting() if due == 0]
