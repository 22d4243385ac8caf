"""Random commands against the conference: seats, orders, payments, the process, and who sits where.

All of it runs as in the program: the command handler, the dispatcher with its process managers,
and the store. A naive oracle says what must have come of it.
"""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from replay.states.model_set import bundled_models
from tests.replay.answers import refusal
from tests.replay.conference_office import START_US, Office
from tests.replay.issued import issued
from tests.replay.models.conference_oracle import PRICES, Oracle

ORDERS = st.sampled_from(["o1", "o2", "o3"])
WISHES = st.dictionaries(st.sampled_from(sorted(PRICES)), st.integers(0, 4), min_size=1)
POSITIONS = st.integers(0, 3)
EMAILS = st.sampled_from(["ada@example.org", "bob@example.org"])


class BareOffice(Office):
    """Nothing is offered at first."""

    def offer(self, seat_type: str, price: int, quota: int, *, name: str = "") -> None:
        pass


class Conference(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.office = BareOffice(Path(self._folder.name, "a.foldline"))
        self.oracle = Oracle()

    def teardown(self) -> None:
        self.office.close()
        self._folder.cleanup()

    def ask(self, command: str, **data: Any) -> bool:
        """Whether it is done; with all that follows from it."""
        before = self.office.store.head()
        answered = self.office.handler.issue(issued(command, data, roles=("organiser",)))
        if answered.status != "done":
            assert refusal(answered).rule
            assert refusal(answered).reason
            assert self.office.store.head() == before
        self.office.settle()
        return answered.status == "done"

    @initialize(ga=st.integers(0, 6), free=st.integers(0, 6))
    def open(self, ga: int, free: int) -> None:
        self.offer("ga", ga)
        self.offer("free", free)

    @rule(seat=st.sampled_from(sorted(PRICES)), quantity=st.integers(0, 6))
    def offer(self, seat: str, quantity: int) -> None:
        assert self.ask(
            "OfferSeats",
            seatType=seat,
            conferenceId="conf",
            name=seat,
            price=PRICES[seat],
            quantity=quantity,
        )
        self.oracle.offer(seat, quantity)

    @rule(order=ORDERS, wish=WISHES)
    def register(self, order: str, wish: dict[str, int]) -> None:
        lines = [{"seatType": seat, "quantity": count} for seat, count in wish.items()]
        done = self.ask("RegisterToConference", orderId=order, conferenceId="conf", seats=lines)
        assert done == self.oracle.register(order, wish)

    @rule(wish=WISHES)
    def rush(self, wish: dict[str, int]) -> None:
        """All at once, and then the organisers find that they have no room."""
        for order in ("o1", "o2", "o3"):
            self.register(order, wish)
        for seat in PRICES:
            self.offer(seat, 0)

    @rule(order=ORDERS)
    def name_registrant(self, order: str) -> None:
        done = self.ask(
            "AssignRegistrantDetails",
            orderId=order,
            first="Ada",
            last="Li",
            email="ada@example.org",
        )
        assert done == self.oracle.name_registrant(order)

    @rule(order=ORDERS)
    def confirm(self, order: str) -> None:
        assert self.ask("ConfirmOrder", orderId=order) == self.oracle.confirm(order)

    @rule(order=ORDERS)
    def reject(self, order: str) -> None:
        assert self.ask("RejectOrder", orderId=order) == self.oracle.reject(order)

    @rule(order=ORDERS, is_exact=st.sampled_from([True, True, False]))
    def begin_payment(self, order: str, is_exact: bool) -> None:
        total = self.oracle.total(order) if order in self.oracle.orders else 0
        amount = total if is_exact and total else total + 1
        facts = {"sourceId": order, "conferenceId": "conf", "description": ""}
        done = self.ask(
            "InitiateThirdPartyProcessorPayment",
            paymentId=f"p-{order}",
            totalAmount=amount,
            **facts,
        )
        assert done == self.oracle.begin_payment(order, amount)

    @rule(order=ORDERS)
    def complete_payment(self, order: str) -> None:
        done = self.ask("CompleteThirdPartyProcessorPayment", paymentId=f"p-{order}")
        assert done == self.oracle.end_payment(order, status="Completed")

    @rule(order=ORDERS)
    def cancel_payment(self, order: str) -> None:
        done = self.ask("CancelThirdPartyProcessorPayment", paymentId=f"p-{order}")
        assert done == self.oracle.end_payment(order, status="Rejected")

    @rule(order=ORDERS, position=POSITIONS, email=EMAILS)
    def sit(self, order: str, position: int, email: str) -> None:
        who = {"first": "A", "last": "B", "email": email}
        done = self.ask("AssignSeat", orderId=order, position=position, attendee=who)
        assert done == self.oracle.sit(order, position, email)

    @rule(order=ORDERS, position=POSITIONS)
    def stand_up(self, order: str, position: int) -> None:
        done = self.ask("UnassignSeat", orderId=order, position=position)
        assert done == self.oracle.stand_up(order, position)

    @rule(minutes=st.sampled_from([1, 14, 15, 28, 29]))
    def wait(self, minutes: int) -> None:
        self.office.wait(minutes)
        self.oracle.wait(minutes)

    @invariant()
    def seats_are_where_the_oracle_has_them(self) -> None:
        seats = self.office.state("seats-conf")
        left = {seat: self.oracle.left(seat) for seat in seats.remaining}
        assert seats.remaining == left
        assert seats.pending == self.oracle.pending()

    @invariant()
    def orders_are_what_the_oracle_says(self) -> None:
        for id_, it in self.oracle.orders.items():
            order = self.office.state(f"order-{id_}")
            assert (order.is_confirmed, order.is_expired) == (it.is_confirmed, it.is_expired)
            assert order.seats == it.held
            assert order.reservation == ("partial" if it.is_partial else "complete")
            assert order.total == Decimal(self.oracle.total(id_))
            assert order.is_free == (order.total == 0)
            assert bool(order.email) == it.has_registrant
            process = self.office.state(f"registration-{id_}")
            assert process.is_completed == (not it.is_watched)

    @invariant()
    def payments_and_seats_taken_are_what_the_oracle_says(self) -> None:
        for order, status in self.oracle.payments.items():
            assert self.office.state(f"payment-p-{order}").status == status
        for id_, it in self.oracle.orders.items():
            assigned = self.office.state(f"assign-{id_}")
            assert [assigned.types[key] for key in sorted(assigned.types)] == it.seats
            taken = {int(at): who.email for at, who in assigned.attendees.items()}
            assert taken == it.sitting

    @invariant()
    def nothing_is_left_undone_and_every_invariant_holds(self) -> None:
        pending = self.office.counts().get("pending", 0)
        assert pending == sum(it.is_watched for it in self.oracle.orders.values())  # the timers
        assert "failed" not in self.office.counts()
        for model in bundled_models().models:
            for stream in self.office.store.reader().stream_names():
                if model.owns(stream):
                    state = self.office.state(stream)
                    assert all(holds(state) for holds in model.invariants.values())

    @invariant()
    def time_is_the_same_for_both(self) -> None:
        assert self.office.now_us - START_US == self.oracle.now_min * 60_000_000


TestConference = Conference.TestCase
TestConference.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
