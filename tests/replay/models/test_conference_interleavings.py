"""Random interleavings of all messages of the conference: no seat is sold twice, no money is lost.

People order, change, pay and confirm while the dispatcher is anywhere: it does so many steps, dies
between any two of them, is down while the clock goes on. Whenever everything has come to rest, the
seats taken are those of confirmed orders, and the money taken is theirs, or the order says that it
needs attention.
"""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from replay.lab.memory_rows import folded
from replay.projections.order_fulfilment import ATTENTION, PROJECTION
from tests.replay.conference_office import Crashed, Office
from tests.replay.issued import issued

QUOTA = 5
PRICES = {"ga": 199, "free": 0}
ORDERS = st.sampled_from(["o1", "o2", "o3"])
WISHES = st.dictionaries(st.sampled_from(sorted(PRICES)), st.integers(1, 4), min_size=1)
AMOUNTS = st.sampled_from(["total", "total", "total", "199", "398"])


class RestlessOffice(Office):
    """Its dispatcher does so many steps and dies; a new one takes up its work."""

    steps_left = -1  # until it dies; below zero it lives

    def offer(self, seat_type: str, price: int, quota: int, *, name: str = "") -> None:
        """The conference is small."""

    def open(self) -> None:
        for seat_type, price in PRICES.items():
            super().offer(seat_type, price, QUOTA)

    def dispatch(self, steps: int) -> None:
        self.steps_left = steps
        try:
            self.dispatcher.settle(is_hurried=False)
        except Crashed:
            self.dispatcher.close()
            self._take_up_work()
        self.steps_left = -1

    def _pass(self, point: str) -> None:
        if self.steps_left == 0:
            raise Crashed(point)
        self.steps_left -= 1


class Conference(RuleBasedStateMachine):
    """What people and the dispatcher may do, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.office = RestlessOffice(Path(self._folder.name, "a.foldline"))
        self.payments = 0

    def teardown(self) -> None:
        self.come_to_rest()
        self.office.close()
        self._folder.cleanup()

    def ask(self, command: str, **data: Any) -> bool:
        """Whether it is done. Nothing that follows from it has happened yet."""
        return self.office.handler.issue(issued(command, data)).status == "done"

    @initialize()
    def open(self) -> None:
        self.office.open()

    @rule(order=ORDERS, wish=WISHES)
    def order(self, order: str, wish: dict[str, int]) -> None:
        lines = [{"seatType": seat, "quantity": count} for seat, count in wish.items()]
        self.ask("RegisterToConference", orderId=order, conferenceId="conf", seats=lines)

    @rule(order=ORDERS, amount=AMOUNTS)
    def pay(self, order: str, amount: str) -> None:
        total = self.office.state(f"order-{order}").total
        paid = total if amount == "total" else Decimal(amount)
        if paid:
            self.payments += 1
            self.office.pay(order, amount=paid, payment=f"p{self.payments}")

    @rule(order=ORDERS)
    def confirm_without_a_payment(self, order: str) -> None:
        self.ask("ConfirmOrder", orderId=order)

    @rule(order=ORDERS)
    def reject(self, order: str) -> None:
        self.ask("RejectOrder", orderId=order)

    @rule(steps=st.integers(0, 7))
    def dispatch_and_die(self, steps: int) -> None:
        self.office.dispatch(steps)

    @rule()
    def dispatch(self) -> None:
        self.office.dispatch(-1)

    @rule(minutes=st.sampled_from([1, 14, 15, 29, 30]))
    def let_time_pass(self, minutes: int) -> None:
        """While nobody dispatches."""
        self.office.now_us += minutes * 60_000_000

    @rule()
    def come_to_rest(self) -> None:
        for _ in range(3):
            self.office.now_us += 30 * 60_000_000
            self.office.dispatch(-1)
        assert self.office.counts().get("pending", 0) == 0
        seats = self.office.state("seats-conf")
        assert seats.pending == {}
        assert self.taken() == self.confirmed()
        self.check_money()

    @invariant()
    def no_seat_is_sold_twice(self) -> None:
        taken = self.taken()
        assert all(0 <= it <= QUOTA for it in taken.values())
        confirmed = self.confirmed()
        assert all(confirmed[seat] <= taken[seat] for seat in confirmed)

    def taken(self) -> Counter[str]:
        """Held or sold, by seat type."""
        left = self.office.state("seats-conf").remaining
        return +Counter({seat: QUOTA - count for seat, count in left.items()})

    def confirmed(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for order in self.orders().values():
            if order.is_confirmed:
                found.update(order.seats)
        return +found

    def orders(self) -> dict[str, Any]:
        return {it: self.office.state(f"order-{it}") for it in ("o1", "o2", "o3")}

    def check_money(self) -> None:
        told = {it.order_id: it for it in folded(PROJECTION, self.office.store.read())}
        paid: Counter[str] = Counter()
        for number in range(1, self.payments + 1):
            payment = self.office.state(f"payment-p{number}")
            if payment.status == "Completed":
                paid[payment.source_id] += payment.amount
        for id_, order in self.orders().items():
            due = order.total if order.is_confirmed else Decimal(0)
            is_told = id_ in told and told[id_].status == ATTENTION
            assert (paid[id_] == due) is not is_told, (id_, paid[id_], due)


def test_seats_and_money_taken_are_those_of_confirmed_orders_whatever_meets_what() -> None:
    run_state_machine_as_test(
        Conference,
        settings=settings(max_examples=40, stateful_step_count=30, deadline=None),
    )


@given(steps=st.integers(0, 30), late=st.integers(0, 30))
@example(steps=0, late=30)
@settings(max_examples=20, deadline=None)
def test_a_payment_while_the_dispatcher_is_down_is_never_confirmed_without_seats(
    steps: int, late: int
) -> None:
    """The order was placed and its seats held; then it is paid for, and time goes by."""
    machine = Conference()
    machine.open()
    machine.order("o1", {"ga": 2})
    machine.dispatch()

    machine.pay("o1", "total")
    machine.let_time_pass(late)
    machine.dispatch_and_die(steps)
    machine.no_seat_is_sold_twice()
    machine.dispatch()
    machine.no_seat_is_sold_twice()

    is_confirmed = machine.office.state("order-o1").is_confirmed
    machine.teardown()
    assert is_confirmed


@given(steps=st.lists(st.integers(0, 4), max_size=6), wish=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_an_order_that_is_changed_after_its_payment_is_not_confirmed_with_more_than_was_paid(
    steps: list[int], wish: int
) -> None:
    machine = Conference()
    machine.open()
    machine.order("o1", {"ga": 1})
    machine.dispatch()

    machine.pay("o1", "total")
    for it in steps:
        machine.dispatch_and_die(it)
    machine.order("o1", {"ga": wish})
    machine.dispatch()

    order = machine.office.state("order-o1")
    machine.teardown()
    assert not order.is_confirmed or order.seats == {"ga": 1}
