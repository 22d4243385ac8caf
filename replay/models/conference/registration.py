"""The registration process: from an order placed to seats sold or given back.

It routes and waits; what may happen is decided by the models it sends commands to. A payment that
comes before the seats have answered waits for them: the original raises there, and its queue
delivers the payment again.
"""

from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from replay.models.conference.lines import OrderId, counted, wanted
from replay.models.conference.orders import (
    MINUTE_US,
    ConfirmOrder,
    MarkSeatsAsReserved,
    OrderConfirmed,
    OrderPlaced,
    OrderUpdated,
    RejectOrder,
)
from replay.models.conference.payments import PaymentCompleted
from replay.models.conference.seats import (
    CancelSeatReservation,
    CommitSeatReservation,
    MakeSeatReservation,
    SeatsReserved,
)
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel
from store.times import parse_moment

# A payment under way when the window ends still finds its seats for this long.
RELEASE_BUFFER_US: Final = 14 * MINUTE_US
RESERVATION_GRACE_US: Final = 1 * MINUTE_US

NOT_STARTED: Final = "NotStarted"
AWAITING: Final = "AwaitingReservationConfirmation"
RESERVED: Final = "ReservationConfirmationReceived"
PAID: Final = "PaymentConfirmationReceived"
COMPLETED: Final = "Completed"


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


class RegistrationCompleted(Event, frozen=True):
    """The order was confirmed."""

    is_completed: bool
    outcome: str
    expiration_command_id: str | None


class RegistrationExpired(Event, frozen=True):
    """The timer rang first."""

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
    early_payment_id: str = ""  # that waits for the seats to answer
    is_completed: bool = False
    outcome: str = ""


class ExpireRegistrationProcess(Command, frozen=True):
    """Give up waiting: the order expires and its seats are free again."""

    order_id: OrderId
    timer_id: Annotated[str, Meta(title="Timer", min_length=1)]


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
                process, state=event.state, reservation_command_id=event.reservation_command_id
            )
        case ReservationConfirmationReceived() | PaymentConfirmationReceived():
            return replace(process, state=event.state)
        case PaymentCameEarly():
            return replace(process, early_payment_id=event.payment_id)
        case RegistrationCompleted() | RegistrationExpired():
            return replace(
                process, is_completed=True, outcome=event.outcome, expiration_command_id=""
            )
    return process


def react(process: Process, heard: Heard, situation: Situation) -> Reaction:
    """What to do about an event. A completed process is deaf: a late payment goes nowhere."""
    if process.is_completed:
        return Reaction()
    event = heard.typed
    match event:
        case OrderPlaced() if process.state == NOT_STARTED:
            return _start(heard.event.stream.removeprefix("order-"), event, situation)
        case OrderUpdated() if process.state in (AWAITING, RESERVED):
            return _reserve_again(process, event, situation)
        case SeatsReserved() if process.state == AWAITING:
            is_ours = heard.command_id == process.reservation_command_id
            return _reserved(process, event) if is_ours else Reaction()
        case PaymentCompleted() if process.state == AWAITING and not process.early_payment_id:
            return Reaction(events=[PaymentCameEarly(payment_id=event.payment_id)])
        case PaymentCompleted() if process.state == RESERVED:
            return _paid(process, event.payment_id)
        case OrderConfirmed() if process.state in (RESERVED, PAID):
            return _complete(process)
    return Reaction()


def handle(process: Process, command: ExpireRegistrationProcess, _situation: Situation) -> Reaction:
    """A timer has rung. Only the one that the process waits for counts."""
    if process.is_completed or command.timer_id != process.expiration_command_id:
        return Reaction()
    ended = RegistrationExpired(is_completed=True, outcome="Expired", expiration_command_id=None)
    cancel = CancelSeatReservation(
        conference_id=process.conference_id, reservation_id=process.order_id
    )
    reject = Send(command=RejectOrder(order_id=process.order_id))
    return Reaction(events=[ended], sends=[reject, Send(command=cancel)])


def _start(order_id: str, placed: OrderPlaced, situation: Situation) -> Reaction:
    ends_us = parse_moment(placed.reservation_auto_expiration).at_us
    window_us = ends_us - situation.now_us
    if window_us <= 0:
        rejected = RegistrationRejected(
            order_id=order_id,
            conference_id=placed.conference_id,
            is_completed=True,
            outcome="Rejected",
        )
        return Reaction(events=[rejected], sends=[Send(command=RejectOrder(order_id=order_id))])
    first_id, timer_id = situation.new_id(), situation.new_id()
    started = RegistrationStarted(
        order_id=order_id,
        conference_id=placed.conference_id,
        state=AWAITING,
        reservation_auto_expiration=placed.reservation_auto_expiration,
        reservation_command_id=first_id,
        expiration_command_id=timer_id,
    )
    process = evolve(Process(), started)
    timer = Send(
        command=ExpireRegistrationProcess(order_id=order_id, timer_id=timer_id),
        id=timer_id,
        after_us=window_us + RELEASE_BUFFER_US,
    )
    reservation = _reservation(process, counted(placed.seats), first_id, window_us)
    return Reaction(events=[started], sends=[reservation, timer])


def _reserve_again(process: Process, updated: OrderUpdated, situation: Situation) -> Reaction:
    id_ = situation.new_id()
    window_us = parse_moment(process.window_ends).at_us - situation.now_us
    again = ReservationRequestedAgain(state=AWAITING, reservation_command_id=id_)
    reservation = _reservation(process, counted(updated.seats), id_, window_us)
    return Reaction(events=[again], sends=[reservation])


def _reserved(process: Process, reserved: SeatsReserved) -> Reaction:
    mark = MarkSeatsAsReserved(
        order_id=process.order_id,
        seats=reserved.reservation_details,
        expiration=process.window_ends,
    )
    noted = ReservationConfirmationReceived(state=RESERVED)
    if not process.early_payment_id:
        return Reaction(events=[noted], sends=[Send(command=mark)])
    paid = _paid(process, process.early_payment_id)
    return Reaction(events=[noted, *paid.events], sends=[Send(command=mark), *paid.sends])


def _paid(process: Process, payment_id: str) -> Reaction:
    paid = PaymentConfirmationReceived(state=PAID, payment_id=payment_id)
    confirm = Send(command=ConfirmOrder(order_id=process.order_id))
    return Reaction(events=[paid], sends=[confirm])


def _complete(process: Process) -> Reaction:
    completed = RegistrationCompleted(
        is_completed=True, outcome="Confirmed", expiration_command_id=None
    )
    commit = CommitSeatReservation(
        conference_id=process.conference_id, reservation_id=process.order_id
    )
    return Reaction(
        events=[completed],
        sends=[Send(command=commit)],
        cancels=[process.expiration_command_id] if process.expiration_command_id else [],
    )


def _reservation(process: Process, seats: dict[str, int], id_: str, window_us: int) -> Send:
    command = MakeSeatReservation(
        conference_id=process.conference_id, reservation_id=process.order_id, seats=wanted(seats)
    )
    return Send(command=command, id=id_, lives_us=max(window_us, 0) + RESERVATION_GRACE_US)


def _instance_of(heard: Heard) -> str:
    """The order that an event is about."""
    match heard.typed:
        case SeatsReserved():
            return heard.typed.reservation_id
        case PaymentCompleted():
            return heard.typed.source_id
        case OrderPlaced() | OrderUpdated() | OrderConfirmed():
            return heard.event.stream.removeprefix("order-")
    return ""


def _decide(_process: Process, command: Command, _situation: Situation) -> Sequence[Event]:
    raise Refused("timer", f"{type(command).__name__} is handled by the process manager alone.")


MODEL: Final = TypedModel(
    name="registration",
    title="Registration process",
    version=1,
    category="registration",
    state=Process,
    events=(
        RegistrationStarted,
        RegistrationRejected,
        ReservationRequestedAgain,
        ReservationConfirmationReceived,
        PaymentConfirmationReceived,
        PaymentCameEarly,
        RegistrationCompleted,
        RegistrationExpired,
    ),
    commands=(ExpireRegistrationProcess,),
    evolve=evolve,
    decide=_decide,
    stream_of=lambda command: f"registration-{command.order_id}",
    closed=lambda it: f"The registration is over: {it.outcome}." if it.is_completed else "",
)

PROCESS: Final = ProcessManager(
    model=MODEL,
    listens=frozenset(
        {"OrderPlaced", "OrderUpdated", "SeatsReserved", "PaymentCompleted", "OrderConfirmed"}
    ),
    instance_of=_instance_of,
    react=react,
    handle=handle,
    states=(NOT_STARTED, AWAITING, RESERVED, PAID, COMPLETED),
    moves={
        (NOT_STARTED, "OrderPlaced"): AWAITING,
        (AWAITING, "SeatsReserved"): RESERVED,
        (AWAITING, "OrderUpdated"): AWAITING,
        (AWAITING, "PaymentCompleted"): AWAITING,
        (RESERVED, "OrderUpdated"): AWAITING,
        (RESERVED, "PaymentCompleted"): PAID,
        (RESERVED, "OrderConfirmed"): COMPLETED,
        (PAID, "OrderConfirmed"): COMPLETED,
        (AWAITING, "ExpireRegistrationProcess"): COMPLETED,
        (RESERVED, "ExpireRegistrationProcess"): COMPLETED,
        (PAID, "ExpireRegistrationProcess"): COMPLETED,
    },
    state_name=lambda it: COMPLETED if it.is_completed else it.state,
    is_over=lambda it: it.is_completed,
)
