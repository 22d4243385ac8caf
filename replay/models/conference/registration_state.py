"""Where one registration is: its own events, and the state that they make."""

from typing import Final

from msgspec.structs import replace

from replay.typed_model import Event, State

NOT_STARTED: Final = "NotStarted"
AWAITING: Final = "AwaitingReservationConfirmation"
RESERVED: Final = "ReservationConfirmationReceived"
PAID: Final = "PaymentConfirmationReceived"
COMPLETED: Final = "Completed"
EXPIRED: Final = "Expired"  # an outcome


class RegistrationStarted(Event, frozen=True):
    """Seats were asked for, and a timer set."""

    order_id: str
    conference_id: str
    state: str
    reservation_auto_expiration: str
    reservation_command_id: str
    expiration_command_id: str


class RegistrationRejected(Event, frozen=True):
    """The window was over before it began."""

    order_id: str
    conference_id: str
    is_completed: bool
    outcome: str


class ReservationRequestedAgain(Event, frozen=True):
    """The order was changed."""

    state: str
    reservation_command_id: str


class ReservationConfirmationReceived(Event, frozen=True):
    """The seats answered."""

    state: str


class PaymentConfirmationReceived(Event, frozen=True):
    """The order was paid for."""

    state: str
    payment_id: str


class PaymentCameEarly(Event, frozen=True):
    """The order was paid for before the seats answered."""

    payment_id: str


class ConfirmationRefused(Event, frozen=True):
    """The order was not confirmed: the payment does not pay for it, or its seats are not held."""

    state: str
    reason: str


class RegistrationCompleted(Event, frozen=True):
    """The order was confirmed."""

    is_completed: bool
    outcome: str
    expiration_command_id: str | None


class RegistrationExpired(Event, frozen=True):
    """The timer rang first, or the order has expired by other means."""

    is_completed: bool
    outcome: str
    expiration_command_id: str | None


class Process(State, frozen=True):
    """Where one registration is."""

    state: str = NOT_STARTED
    order_id: str = ""
    conference_id: str = ""
    window_ends: str = ""
    reservation_command_id: str = ""
    expiration_command_id: str = ""
    payment_id: str = ""  # that the order is to be confirmed with
    changes: int = 0  # of the order that were heard, the first wish among them
    is_completed: bool = False
    outcome: str = ""


def evolve(process: Process, event: Event) -> Process:
    """The process after one of its own events."""
    match event:
        case RegistrationStarted():
            return replace(
                process,
                state=event.state,
                order_id=event.order_id,
                conference_id=event.conference_id,
                window_ends=event.reservation_auto_expiration,
                reservation_command_id=event.reservation_command_id,
                expiration_command_id=event.expiration_command_id,
                changes=1,
            )
        case RegistrationRejected():
            return replace(
                process,
                order_id=event.order_id,
                conference_id=event.conference_id,
                is_completed=True,
                outcome=event.outcome,
            )
        case ReservationRequestedAgain():
            return replace(
                process,
                state=event.state,
                reservation_command_id=event.reservation_command_id,
                changes=process.changes + 1,
            )
        case ReservationConfirmationReceived():
            return replace(process, state=event.state)
        case PaymentConfirmationReceived():
            return replace(process, state=event.state, payment_id=event.payment_id)
        case PaymentCameEarly():
            return replace(process, payment_id=event.payment_id)
        case ConfirmationRefused():
            return replace(process, state=event.state, payment_id="")
        case RegistrationCompleted() | RegistrationExpired():
            return replace(
                process, is_completed=True, outcome=event.outcome, expiration_command_id=""
            )
    return process
