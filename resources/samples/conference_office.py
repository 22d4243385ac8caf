"""The conference's office: carries out commands, and lets one event lead to the next in time."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import takewhile
from typing import Any, Final, get_args

from resources.samples.chance import Chance
from resources.samples.conference_rules import management, registration
from resources.samples.conference_rules.assignments import (
    ASSIGNMENTS,
    AssignmentCommand,
    Assignments,
    CreateSeatAssignments,
)
from resources.samples.conference_rules.management import Conference, Outcome
from resources.samples.conference_rules.orders import ORDERS, Order, OrderCommand, RejectOrder
from resources.samples.conference_rules.payments import PAYMENTS, PaymentCommand
from resources.samples.conference_rules.registration import ExpireRegistrationProcess, Process, Send
from resources.samples.conference_rules.seat_lines import as_seats
from resources.samples.conference_rules.seats import SEATS, Availability, SeatCommand
from resources.samples.log import Cause, Event, Log
from resources.samples.rules import Rules
from resources.samples.simulation import MILLISECOND, SECOND, Agenda
from store.times import parse_moment

PROCESS_MANAGER: Final = "process manager"
CLOCK: Final = "clock"
BUSY_WITHIN_US: Final = 10 * SECOND

RULES: Final[dict[type, Rules[Any]]] = {
    command: rules
    for commands, rules in (
        (SeatCommand, SEATS),
        (OrderCommand, ORDERS),
        (PaymentCommand, PAYMENTS),
        (AssignmentCommand, ASSIGNMENTS),
    )
    for command in get_args(commands)
}


class Office:
    """Every delay between an event and what follows from it is drawn from chance."""

    def __init__(self, log: Log, agenda: Agenda, chance: Chance) -> None:
        self.log = log
        self.prices: dict[str, dict[str, Decimal]] = {}  # conference → seat type → price
        self.conferences: dict[str, Conference] = {}  # by slug
        self._agenda = agenda
        self._chance = chance
        self._quantities: dict[str, int] = {}  # of each seat type, as registration knows it
        self._processes: dict[str, Process] = {}
        self._reactions: dict[str, tuple[Callable[[Event], None], ...]] = {
            "SeatCreated": (self._stock,),
            "SeatUpdated": (self._stock,),
            "OrderPlaced": (self._start_registration,),
            "OrderUpdated": (self._reserve_again,),
            "SeatsReserved": (self._mark_reserved,),
            "PaymentCompleted": (self._confirm,),
            "OrderConfirmed": (self._complete, self._create_assignments),
        }

    # -- what people ask and see

    def order(self, order_id: str) -> Order:
        return self.log.state(ORDERS, f"order-{order_id}")

    def remaining(self, conference: str, seat_type: str) -> int:
        availability: Availability = self.log.state(SEATS, f"seats-{conference}")
        return availability.remaining.get(seat_type, 0)

    def assignments(self, order_id: str) -> Assignments:
        return self.log.state(ASSIGNMENTS, f"assign-{order_id}")

    def issue(self, command: object, cause: Cause, *, to: str) -> tuple[Event, ...]:
        """Carry the command out now. Raises Refused when a rule forbids it."""
        events = self.log.carry_out(RULES[type(command)], command, cause, stream=to)
        self._spread(events)
        return events

    def manage(self, outcome: Outcome, cause: Cause, *, command: str) -> tuple[Event, ...]:
        """Keep what an organiser changed, and send out what there is to say about it."""
        conference, sent = outcome
        self.conferences[conference.slug] = conference
        events: list[Event] = []
        for each in sent:
            stream = f"seattype-{each.seat_type}" if each.seat_type else _home(conference)
            events.extend(self.log.append(stream, (each.fact,), cause, command=command))
        self._spread(tuple(events))
        return tuple(events)

    # -- how one thing leads to another

    def _spread(self, events: tuple[Event, ...]) -> None:
        for event in events:
            for reaction in self._reactions.get(event.type, ()):
                self._agenda.after(self._latency_us(), partial(reaction, event))

    def _latency_us(self) -> int:
        """Tens of milliseconds, and more while there is much to do."""
        since_us = self._agenda.now_us - BUSY_WITHIN_US
        recent = takewhile(
            lambda event: event.recorded_at_us >= since_us, reversed(self.log.events)
        )
        crowd = sum(1 for _ in recent) // 8
        return self._chance.skewed(12 * MILLISECOND, 240 * MILLISECOND) * (1 + crowd)

    def _stock(self, event: Event) -> None:
        seat_type, data = event.stream.removeprefix("seattype-"), event.data
        self.prices.setdefault(data["conferenceId"], {})[seat_type] = data["price"]
        known, quantity = self._quantities.get(seat_type, 0), data["quantity"]
        self._quantities[seat_type] = quantity
        command = management.stock_change(seat_type, known=known, quantity=quantity)
        cause = self.log.reaction(PROCESS_MANAGER, event)
        self.issue(command, cause, to=f"seats-{data['conferenceId']}")

    def _start_registration(self, event: Event) -> None:
        heard = registration.OrderWasPlaced(
            order_id=_order_id(event.stream),
            conference_id=event.data["conferenceId"],
            seats=as_seats(event.data["seats"]),
            window_ends_us=parse_moment(event.data["reservationAutoExpiration"]).at_us,
            now_us=self._agenda.now_us,
            command_ids=(self.log.new_short_id(), self.log.new_short_id()),
        )
        self._advance(heard.order_id, heard, event)

    def _reserve_again(self, event: Event) -> None:
        heard = registration.OrderWasUpdated(
            seats=as_seats(event.data["seats"]),
            now_us=self._agenda.now_us,
            command_id=self.log.new_short_id(),
        )
        self._advance(_order_id(event.stream), heard, event)

    def _mark_reserved(self, event: Event) -> None:
        heard = registration.SeatsWereReserved(
            seats=as_seats(event.data["reservationDetails"]),
            because_of=event.metadata["command_id"],
            prices=self.prices[event.stream.removeprefix("seats-")],
            command_id=self.log.new_short_id(),
        )
        self._advance(event.data["reservationId"], heard, event)

    def _confirm(self, event: Event) -> None:
        heard = registration.PaymentWasCompleted(
            payment_id=event.data["paymentId"], command_id=self.log.new_short_id()
        )
        self._advance(event.data["sourceId"], heard, event)

    def _complete(self, event: Event) -> None:
        heard = registration.OrderWasConfirmed(command_id=self.log.new_short_id())
        self._advance(_order_id(event.stream), heard, event)

    def _create_assignments(self, event: Event) -> None:
        order_id = _order_id(event.stream)
        command = CreateSeatAssignments(order_id=order_id, seats=self.order(order_id).seats)
        self.issue(command, self.log.reaction(PROCESS_MANAGER, event), to=f"assign-{order_id}")

    def _expire(self, order_id: str, timer_id: str, started: Event) -> None:
        ids = (self.log.new_short_id(), self.log.new_short_id())
        heard = registration.TimerFired(timer_id=timer_id, command_ids=ids)
        cause = self.log.reaction(CLOCK, started, command_id=timer_id)
        self._take_step(order_id, heard, cause, command=ExpireRegistrationProcess.__name__)

    def _advance(self, order_id: str, heard: registration.Heard, event: Event) -> None:
        cause = self.log.reaction(PROCESS_MANAGER, event)
        self._take_step(order_id, heard, cause, command="AdvanceRegistration")

    def _take_step(
        self, order_id: str, heard: registration.Heard, cause: Cause, *, command: str
    ) -> None:
        process = self._processes.get(order_id, Process())
        step = registration.react(process, heard)
        for fact in step.facts:
            process = registration.evolve(process, fact)
        self._processes[order_id] = process
        noted = self.log.append(f"registration-{order_id}", step.facts, cause, command=command)
        for send in step.sends:
            self._post(send, order_id, noted[-1])

    def _post(self, send: Send, order_id: str, noted: Event) -> None:
        if isinstance(send.command, ExpireRegistrationProcess):
            ring = partial(self._expire, order_id, send.id, noted)
            self._agenda.after(send.delay_us, ring)
        else:
            self._agenda.after(self._latency_us(), partial(self._deliver, send, noted))

    def _deliver(self, send: Send, noted: Event) -> None:
        age_us = self._agenda.now_us - noted.recorded_at_us
        if send.time_to_live_us is not None and age_us > send.time_to_live_us:
            return
        cause = self.log.reaction(PROCESS_MANAGER, noted, command_id=send.id)
        if isinstance(send.command, RejectOrder):
            # The seats were promised until the window's end: that is when the order lapsed.
            ended_us = self._processes[_order_id(send.to)].window_ends_us
            cause = replace(cause, user=CLOCK, occurred_at_us=ended_us)
        self.issue(send.command, cause, to=send.to)


def _home(conference: Conference) -> str:
    return f"conference-{conference.slug}"


def _order_id(stream: str) -> str:
    return stream.split("-", 1)[1]
