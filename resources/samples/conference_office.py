"""The conference's office: carries out commands, and lets one event lead to the next in time."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import takewhile
from typing import Any, Final

from replay.models.conference import registration, stock
from replay.models.conference.assignments import Assignments, CreateSeatAssignments
from replay.models.conference.lines import listed
from replay.models.conference.orders import Order, RejectOrder
from replay.models.conference.registration import ExpireRegistrationProcess
from replay.models.conference.registration_state import Process, evolve
from replay.models.conference.seat_types import SeatTypeState
from replay.models.conference.seats import Availability, CancelSeatReservation
from replay.process import Reaction, Send
from replay.typed_model import Command
from resources.samples.chance import Chance
from resources.samples.conference_management import Conference, Outcome
from resources.samples.conference_models import MODELS, Desk, facts, heard, model_of, rules_of
from resources.samples.log import Cause, Event, Log
from resources.samples.simulation import MILLISECOND, SECOND, Agenda
from store.times import parse_moment

PROCESS_MANAGER: Final = "process manager"
CLOCK: Final = "clock"
BUSY_WITHIN_US: Final = 10 * SECOND

# How many ids a process manager uses up for what it sends about an event, or a timer.
IDS: Final = {
    "OrderPlaced": 2,
    "OrderUpdated": 1,
    "SeatsReserved": 1,
    "PaymentCompleted": 1,
    "OrderConfirmed": 1,
    "ExpireRegistrationProcess": 2,
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
        self._desk = Desk(lambda: agenda.now_us, self._price, self._state)
        self._rules = {it.name: rules_of(it, self._desk) for it in MODELS.models}
        self._reactions: dict[str, tuple[Callable[[Event], None], ...]] = {
            "SeatCreated": (self._stock,),
            "SeatUpdated": (self._stock,),
            **dict.fromkeys(registration.PROCESS.listens - {"OrderExpired"}, (self._advance,)),
            "OrderConfirmed": (self._advance, self._create_assignments),
        }

    # -- what people ask and see

    def order(self, order_id: str) -> Order:
        order: Order = self._state(f"order-{order_id}")
        return order

    def remaining(self, conference: str, seat_type: str) -> int:
        availability: Availability = self._state(f"seats-{conference}")
        return availability.remaining.get(seat_type, 0)

    def assignments(self, order_id: str) -> Assignments:
        assignments: Assignments = self._state(f"assign-{order_id}")
        return assignments

    def issue(self, command: Command, cause: Cause, *, code: str = "") -> tuple[Event, ...]:
        """Carry the command out now; `code` is for whoever registers. Raises Refused when a rule
        forbids it."""
        model, self._desk.ids = model_of(command), [code]
        stream = model.stream_of(command)
        events = self.log.carry_out(self._rules[model.name], command, cause, stream=stream)
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
                self._agenda.after(self.latency_us(), partial(reaction, event))

    def latency_us(self) -> int:
        """Tens of milliseconds, and more while there is much to do."""
        since_us = self._agenda.now_us - BUSY_WITHIN_US
        recent = takewhile(
            lambda event: event.recorded_at_us >= since_us, reversed(self.log.events)
        )
        crowd = sum(1 for _ in recent) // 8
        return self._chance.skewed(12 * MILLISECOND, 240 * MILLISECOND) * (1 + crowd)

    def _state(self, stream: str) -> Any:
        model = MODELS.of_stream(stream)
        assert model is not None, stream
        return self.log.state(self._rules[model.name], stream)

    def _price(self, seat_type: str) -> Decimal:
        return next(it[seat_type] for it in self.prices.values() if seat_type in it)

    def _stock(self, event: Event) -> None:
        seat_type, data = event.stream.removeprefix("seattype-"), event.data
        self.prices.setdefault(data["conferenceId"], {})[seat_type] = data["price"]
        known = SeatTypeState(quantity=self._quantities.get(seat_type, 0))
        self._quantities[seat_type] = data["quantity"]
        offered = heard(event, before=lambda: known)
        reaction = stock.PROCESS.react(stock.Stock(), offered, self._desk)
        for send in reaction.sends:
            self.issue(send.command, self.log.reaction(PROCESS_MANAGER, event))

    def _advance(self, event: Event) -> None:
        told = heard(event)
        order_id = registration.PROCESS.instance_of(told)
        self._give_ids(event.type)
        cause = self.log.reaction(PROCESS_MANAGER, event)
        reaction = registration.PROCESS.react(self._process(order_id), told, self._desk)
        self._take(reaction, order_id, cause, command="AdvanceRegistration")

    def _create_assignments(self, event: Event) -> None:
        order_id = _order_id(event.stream)
        seats = listed(self.order(order_id).seats)
        command = CreateSeatAssignments(order_id=order_id, seats=seats)
        self.issue(command, self.log.reaction(PROCESS_MANAGER, event))

    def _expire(self, timer: ExpireRegistrationProcess, started: Event) -> None:
        command = type(timer).__name__
        self._give_ids(command)
        cause = self.log.reaction(CLOCK, started, command_id=timer.timer_id)
        process = self._process(timer.order_id)
        reaction = registration.PROCESS.handle(process, timer, self._desk)
        if reaction.sends:
            reaction = replace(reaction, sends=[*reaction.sends, _cancelled_at_once(process)])
        self._take(reaction, timer.order_id, cause, command=command)

    def _give_ids(self, about: str) -> None:
        self._desk.ids = [self.log.new_short_id() for _ in range(IDS[about])]

    def _process(self, order_id: str) -> Process:
        return self._processes.get(order_id, Process())

    def _take(self, reaction: Reaction, order_id: str, cause: Cause, *, command: str) -> None:
        process = self._process(order_id)
        for event in reaction.events:
            process = evolve(process, event)
        self._processes[order_id] = process
        noted = self.log.append(
            f"registration-{order_id}", facts(reaction.events), cause, command=command
        )
        for send in reaction.sends:
            known = replace(send, id=send.id or self._desk.new_id())
            self._post(known, noted[-1])

    def _post(self, send: Send, noted: Event) -> None:
        if isinstance(send.command, ExpireRegistrationProcess):
            self._agenda.after(send.after_us, partial(self._expire, send.command, noted))
        else:
            self._agenda.after(self.latency_us(), partial(self._deliver, send, noted))

    def _deliver(self, send: Send, noted: Event) -> None:
        age_us = self._agenda.now_us - noted.recorded_at_us
        if send.lives_us is not None and age_us > send.lives_us:
            return
        cause = self.log.reaction(PROCESS_MANAGER, noted, command_id=send.id)
        if isinstance(send.command, RejectOrder):
            # The seats were promised until the window's end: that is when the order lapsed.
            ended = self._process(send.command.order_id).window_ends
            cause = replace(cause, user=CLOCK, occurred_at_us=parse_moment(ended).at_us)
        self.issue(send.command, cause)


def _cancelled_at_once(process: Process) -> Send:
    """As the reference implementation does it, whose log this is: the seats are given back when
    the timer rings. The model of today waits for the order to expire."""
    cancel = CancelSeatReservation(
        conference_id=process.conference_id, reservation_id=process.order_id
    )
    return Send(command=cancel)


def _home(conference: Conference) -> str:
    return f"conference-{conference.slug}"


def _order_id(stream: str) -> str:
    return stream.split("-", 1)[1]
