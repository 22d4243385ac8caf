"""People who register: some change their mind, some pay too late, some just leave."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Final

from replay.models.conference.lines import Seats, wanted
from replay.models.conference.orders import (
    AssignRegistrantDetails,
    ConfirmOrder,
    RegisterToConference,
)
from replay.models.conference.payments import (
    CancelThirdPartyProcessorPayment,
    CompleteThirdPartyProcessorPayment,
    InitiateThirdPartyProcessorPayment,
    PaymentItem,
)
from resources.samples.chance import Chance
from resources.samples.conference_office import Office
from resources.samples.log import Cause, Event
from resources.samples.people import Person
from resources.samples.simulation import DAY, HOUR, MINUTE, SECOND, Agenda

PROVIDER: Final = "payment provider"
BOOKKEEPER: Final = "olga.novak"
SHORTEST_ORDER_ID: Final = 4
PAYMENT_HABITS: Final = (
    ("card", 0.87),
    ("refused card", 0.04),
    ("slow card", 0.025),  # after the window, while the seats are still held
    ("late card", 0.02),  # after the seats were given back
    ("bank transfer", 0.02),  # in time, but reported on the next working morning
    ("none", 0.025),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One person's try to register."""

    person: Person
    conference: str
    wish: Seats
    order_id: str = ""
    correlation_id: str = ""
    is_changed: bool = False
    leaves_early: bool = False  # holds seats, and never comes back


class Customers:
    """`confirmed` is called with each visit whose order is confirmed.

    `open_from(moment)` is when the office is next open, or None when that is never.
    """

    def __init__(
        self,
        office: Office,
        agenda: Agenda,
        chance: Chance,
        *,
        confirmed: Callable[[Visit], None],
        open_from: Callable[[int], int | None],
    ) -> None:
        self._office = office
        self._agenda = agenda
        self._chance = chance
        self._confirmed = confirmed
        self._open_from = open_from
        self._order_ids: set[str] = set()

    def arrive(self, visit: Visit) -> None:
        """Look at what is left, and register or leave again."""
        is_hopeless = all(self._left(visit, seat) <= 0 for seat in visit.wish)
        if is_hopeless and self._chance.happens(0.5):
            return
        order_id, correlation_id = self._free_order_id(), self._office.log.new_short_id()
        self._register(replace(visit, order_id=order_id, correlation_id=correlation_id))

    def _left(self, visit: Visit, seat_type: str) -> int:
        return self._office.remaining(visit.conference, seat_type)

    def _free_order_id(self) -> str:
        digits = self._office.log.new_id().replace("-", "")
        lengths = range(SHORTEST_ORDER_ID, len(digits))
        order_id = next(digits[:n] for n in lengths if digits[:n] not in self._order_ids)
        self._order_ids.add(order_id)
        return order_id

    def _register(self, visit: Visit) -> None:
        command = RegisterToConference(
            order_id=visit.order_id,
            conference_id=visit.conference,
            seats=wanted(visit.wish),
        )
        code = self._chance.code(5)
        self._office.issue(command, self._cause(visit), code=code)
        self._later(2, 9, self._read_answer, visit)

    def _read_answer(self, visit: Visit) -> None:
        order = self._office.order(visit.order_id)
        if not order.reservation:
            self._later(3, 4, self._read_answer, visit)
        elif visit.leaves_early:
            return
        elif not order.seats or (order.reservation == "partial" and self._chance.happens(0.15)):
            self._try_other_seats(visit)
        elif order.reservation == "partial" and self._chance.happens(0.2):
            return
        elif not visit.is_changed and self._chance.happens(0.06):
            self._change_mind(visit, order.seats)
        elif not self._chance.happens(0.09):
            self._later(40, 300, self._give_details, visit)

    def _try_other_seats(self, visit: Visit) -> None:
        offered = self._office.prices[visit.conference]
        others = [seat for seat in offered if self._left(visit, seat) > 0]
        if others and not visit.is_changed:
            wish = {self._chance.pick(others): self._chance.whole(1, 2)}
            self._later(20, 120, self._register, replace(visit, wish=wish, is_changed=True))

    def _change_mind(self, visit: Visit, held: Seats) -> None:
        seat = self._chance.pick(list(held))
        wish = {**held, seat: max(held[seat] + self._chance.pick((-1, 1, 1, 2)), 1)}
        self._later(30, 200, self._register, replace(visit, wish=wish, is_changed=True))

    def _give_details(self, visit: Visit) -> None:
        person = visit.person
        command = AssignRegistrantDetails(
            order_id=visit.order_id, first=person.first, last=person.last, email=person.email
        )
        self._office.issue(command, self._cause(visit))
        is_free = self._office.order(visit.order_id).total == 0
        self._later(8, 60, self._confirm_free if is_free else self._pay, visit)

    def _confirm_free(self, visit: Visit) -> None:
        command = ConfirmOrder(order_id=visit.order_id)
        self._office.issue(command, self._cause(visit))
        self._later(4, 20, self._see_confirmation, visit)

    def _pay(self, visit: Visit) -> None:
        payment_id = self._office.log.new_id()[:8]
        command = self._initiation(visit, payment_id)
        (begun,) = self._office.issue(command, self._cause(visit))
        self._go_through_with(self._chance.weighted(PAYMENT_HABITS), visit, begun)

    def _initiation(self, visit: Visit, payment_id: str) -> InitiateThirdPartyProcessorPayment:
        order = self._office.order(visit.order_id)
        prices = self._office.prices[visit.conference]
        return InitiateThirdPartyProcessorPayment(
            payment_id=payment_id,
            source_id=visit.order_id,
            conference_id=visit.conference,
            description=f"Registration for {visit.conference}",
            total_amount=order.total,
            items=tuple(_item(seat, count, prices[seat]) for seat, count in order.seats.items()),
        )

    def _go_through_with(self, habit: str, visit: Visit, begun: Event) -> None:
        completion = partial(self._complete, visit, begun)
        match habit:
            case "card":
                self._later(15, 150, completion)
            case "refused card":
                self._later(20, 90, partial(self._reject, visit, begun))
            case "slow card":
                self._later(13 * 60, 21 * 60, completion)
            case "late card":
                self._later(31 * 60, 70 * 60, completion)
            case "bank transfer":
                paid_us = self._agenda.now_us + self._chance.whole(2 * MINUTE, 6 * MINUTE)
                booking = partial(self._complete, visit, begun, paid_us)
                if open_us := self._open_from(self._next_working_morning_us()):
                    self._agenda.at(open_us, booking)

    def _complete(self, visit: Visit, begun: Event, paid_us: int | None = None) -> None:
        method = "card" if paid_us is None else "bank transfer"
        payment_id = begun.data["paymentId"]
        command = CompleteThirdPartyProcessorPayment(payment_id=payment_id, method=method)
        cause = self._office.log.reaction(
            PROVIDER if paid_us is None else BOOKKEEPER, begun, occurred_at_us=paid_us
        )
        self._office.issue(command, cause)
        self._later(4, 20, self._see_confirmation, visit)

    def _reject(self, visit: Visit, begun: Event) -> None:
        command = CancelThirdPartyProcessorPayment(payment_id=begun.data["paymentId"])
        self._office.issue(command, self._office.log.reaction(PROVIDER, begun))
        if self._chance.happens(0.8):
            self._later(20, 90, self._pay, visit)

    def _see_confirmation(self, visit: Visit) -> None:
        if self._office.order(visit.order_id).is_confirmed:
            self._confirmed(visit)

    def _next_working_morning_us(self) -> int:
        """Some minutes past six, UTC."""
        morning_us = (self._agenda.now_us // DAY + 1) * DAY + 6 * HOUR
        is_weekend = (morning_us // DAY + 3) % 7 >= 5  # day 0 of 1970 was a Thursday
        return morning_us + 2 * DAY * is_weekend + self._chance.skewed(5 * MINUTE, 40 * MINUTE)

    def _cause(self, visit: Visit) -> Cause:
        return self._office.log.request(
            visit.person.mailbox,
            correlation_id=visit.correlation_id,
            offset_min=visit.person.place.offset_at(self._agenda.now_us),
        )

    def _later(self, low_s: int, high_s: int, do: Callable[..., object], *about: object) -> None:
        delay_us = self._chance.skewed(low_s * SECOND, high_s * SECOND)
        self._agenda.after(delay_us, partial(do, *about))


def _item(seat_type: str, count: int, unit_price: Decimal) -> PaymentItem:
    return PaymentItem(description=f"{count} × {seat_type}", amount=unit_price * count)
