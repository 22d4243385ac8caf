"""The registration process: from an order placed to seats sold or given back.

It routes and waits; what may happen is decided by the models it sends commands to. It differs from
the reference implementation, which sells seats twice when messages meet:

* A payment that comes before the seats have answered waits for them. The original raises there, and
  its queue delivers the payment again.
* The timer is of no effect once the payment was heard and the order is to be confirmed.
* Seats are given back only once the order has expired, and sold only once it is confirmed: it is
  the order that says which of the two comes first, never the timer.
* An order that is changed after its payment reserves again, and is then confirmed with that payment
  only if it is of the new total. One that is refused waits for another payment or for the timer; an
  order that expires although money has come needs attention (see the view order_fulfilment).
"""

from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import Meta

from replay.models.conference.lines import OrderId, counted, wanted
from replay.models.conference.orders import (
    MINUTE_US,
    ConfirmOrder,
    MarkSeatsAsReserved,
    OrderConfirmed,
    OrderExpired,
    OrderPlaced,
    OrderUpdated,
    RejectOrder,
)
from replay.models.conference.payments import PaymentCompleted
from replay.models.conference.registration_state import (
    AWAITING,
    COMPLETED,
    EXPIRED,
    NOT_STARTED,
    PAID,
    RESERVED,
    ConfirmationRefused,
    PaymentCameEarly,
    PaymentConfirmationReceived,
    Process,
    RegistrationCompleted,
    RegistrationExpired,
    RegistrationRejected,
    RegistrationStarted,
    ReservationConfirmationReceived,
    ReservationRequestedAgain,
    evolve,
)
from replay.models.conference.seats import (
    CancelSeatReservation,
    CommitSeatReservation,
    MakeSeatReservation,
    SeatsReserved,
)
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.typed_model import Command, Event, Refused, Situation, TypedModel
from store.times import parse_moment

# A payment under way when the window ends still finds its seats for this long.
RELEASE_BUFFER_US: Final = 14 * MINUTE_US
RESERVATION_GRACE_US: Final = 1 * MINUTE_US


class ExpireRegistrationProcess(Command, frozen=True):
    """Give up waiting: the order expires and its seats are free again."""

    order_id: OrderId
    timer_id: Annotated[str, Meta(title="Timer", min_length=1)]


class RegistrationCommandRefused(Command, frozen=True):
    """Told by the dispatcher: a command that the process sent was refused."""

    instance: str
    command: str
    reason: str


def react(process: Process, heard: Heard, situation: Situation) -> Reaction:
    """What to do about an event. A completed process is deaf, so a late payment goes nowhere; but
    one whose timer has rung hears what has become of its order."""
    event = heard.typed
    if process.is_completed:
        return _after_the_timer(process, event)
    match event:
        case OrderPlaced() if process.state == NOT_STARTED:
            return _start(heard.event.stream.removeprefix("order-"), event, situation)
        case OrderUpdated() if process.state in (AWAITING, RESERVED, PAID):
            return _reserve_again(process, event, situation)
        case SeatsReserved() if process.state == AWAITING:
            is_ours = heard.command_id == process.reservation_command_id
            return _reserved(process, event) if is_ours else Reaction()
        case PaymentCompleted() if process.state == AWAITING and not process.payment_id:
            return Reaction(events=[PaymentCameEarly(payment_id=event.payment_id)])
        case PaymentCompleted() if process.state == RESERVED:
            return _paid(process, event.payment_id)
        case OrderConfirmed() if process.state != NOT_STARTED:
            return _complete(process)
        case OrderExpired() if process.state != NOT_STARTED:
            return Reaction(
                events=[_expired()], sends=[_give_back(process)], cancels=_timer(process)
            )
    return Reaction()


def handle(
    process: Process,
    command: ExpireRegistrationProcess | RegistrationCommandRefused,
    situation: Situation,
) -> Reaction:
    """A timer has rung, or a command was refused. Of timers only the one that the process waits
    for counts, and none once the order is paid for."""
    if process.is_completed:
        return Reaction()
    if isinstance(command, RegistrationCommandRefused):
        return _refused(process, command, situation)
    if command.timer_id != process.expiration_command_id or process.state == PAID:
        return Reaction()
    return Reaction(events=[_expired()], sends=[_reject(process)])


def _after_the_timer(process: Process, event: Event | None) -> Reaction:
    """Whether the order expired, or was confirmed before it could."""
    if process.outcome == EXPIRED:
        match event:
            case OrderExpired():
                return Reaction(sends=[_give_back(process)])
            case OrderConfirmed():
                return _complete(process)
    return Reaction()


def _refused(
    process: Process, command: RegistrationCommandRefused, situation: Situation
) -> Reaction:
    """A payment that does not confirm the order is no payment of it. The timer may have rung
    meanwhile without effect."""
    if command.command != ConfirmOrder.__name__ or process.state != PAID:
        return Reaction()
    refused = ConfirmationRefused(state=RESERVED, reason=command.reason)
    rings_us = parse_moment(process.window_ends).at_us + RELEASE_BUFFER_US
    if situation.now_us < rings_us:
        return Reaction(events=[refused])
    return Reaction(events=[refused, _expired()], sends=[_reject(process)])


def _expired() -> RegistrationExpired:
    return RegistrationExpired(is_completed=True, outcome=EXPIRED, expiration_command_id=None)


def _reject(process: Process) -> Send:
    return Send(command=RejectOrder(order_id=process.order_id))


def _give_back(process: Process) -> Send:
    cancel = CancelSeatReservation(
        conference_id=process.conference_id, reservation_id=process.order_id
    )
    return Send(command=cancel)


def _timer(process: Process) -> list[str]:
    return [process.expiration_command_id] if process.expiration_command_id else []


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
        change=process.changes,
    )
    noted = ReservationConfirmationReceived(state=RESERVED)
    if not process.payment_id:
        return Reaction(events=[noted], sends=[Send(command=mark)])
    paid = _paid(process, process.payment_id)
    return Reaction(events=[noted, *paid.events], sends=[Send(command=mark), *paid.sends])


def _paid(process: Process, payment_id: str) -> Reaction:
    paid = PaymentConfirmationReceived(state=PAID, payment_id=payment_id)
    confirm = ConfirmOrder(order_id=process.order_id, payment_id=payment_id)
    return Reaction(events=[paid], sends=[Send(command=confirm)])


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
        cancels=_timer(process),
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
        case OrderPlaced() | OrderUpdated() | OrderConfirmed() | OrderExpired():
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
        ConfirmationRefused,
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
        {
            "OrderPlaced",
            "OrderUpdated",
            "SeatsReserved",
            "PaymentCompleted",
            "OrderConfirmed",
            "OrderExpired",
        }
    ),
    instance_of=_instance_of,
    react=react,
    handle=handle,
    on_refusal=RegistrationCommandRefused,
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
        (PAID, "OrderUpdated"): AWAITING,
        (PAID, "refusal"): RESERVED,
        (AWAITING, "ExpireRegistrationProcess"): COMPLETED,
        (RESERVED, "ExpireRegistrationProcess"): COMPLETED,
        (AWAITING, "OrderExpired"): COMPLETED,
        (RESERVED, "OrderExpired"): COMPLETED,
        (PAID, "OrderExpired"): COMPLETED,
    },
    state_name=lambda it: COMPLETED if it.is_completed else it.state,
    is_over=lambda it: it.is_completed,
)
