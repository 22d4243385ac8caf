"""The registration process where messages meet: a payment, a change, a timer, a rejection."""

import pytest

from replay.models.conference.orders import (
    ConfirmOrder,
)
from replay.models.conference.registration import ExpireRegistrationProcess
from replay.models.conference.registration_state import RESERVED
from tests.replay.models.conference.registrations import (
    CANCEL,
    COMMIT,
    CONFIRM,
    REJECT,
    pay,
    register,
    state,
)
from tests.replay.models.conference.rehearsal import Rehearsal


def test_a_change_after_the_payment_asks_for_seats_again_and_is_not_confirmed_unpaid(
    reserved: Rehearsal,
) -> None:
    pay(reserved)
    reserved.listen()
    register(reserved, 2)
    reserved.settle()
    assert reserved.types("order-7f31")[-1] == "OrderReservationCompleted"
    assert state(reserved) == RESERVED

    pay(reserved, "p2", amount=398)
    reserved.settle()

    assert reserved.types("order-7f31")[-1] == "OrderConfirmed"
    assert reserved.state("seats-gopher").remaining["ga"] == 7


def test_a_change_back_to_what_was_paid_for_is_confirmed_once_it_is_reserved(
    reserved: Rehearsal,
) -> None:
    pay(reserved)
    register(reserved, 2)
    register(reserved, 1)

    reserved.settle()

    assert reserved.types("order-7f31")[-1] == "OrderConfirmed"
    assert reserved.state("seats-gopher").remaining["ga"] == 8


def test_a_timer_is_of_no_effect_once_the_order_is_paid_for(reserved: Rehearsal) -> None:
    """The dispatcher was down: the payment, its answer and the timer come in one round."""
    pay(reserved)
    reserved.pass_by(30)

    reserved.settle()

    assert reserved.types("order-7f31")[-1] == "OrderConfirmed"
    assert reserved.sent[:2] in (
        [ExpireRegistrationProcess(order_id="7f31", timer_id=timer_of(reserved)), CONFIRM],
        [CONFIRM, COMMIT],
    )
    assert (COMMIT in reserved.sent, CANCEL in reserved.sent) == (True, False)
    assert reserved.state("seats-gopher").remaining["ga"] == 8


def timer_of(rehearsal: Rehearsal) -> str:
    (started,) = (it for it in rehearsal.log if it.type == "RegistrationStarted")
    return str(started.data["expirationCommandId"])


def test_a_timer_that_rings_while_the_order_is_being_confirmed_gives_no_seats_back(
    on_sale: Rehearsal,
) -> None:
    register(on_sale, seat_type="ticket")
    on_sale.settle()
    on_sale.issue(ConfirmOrder(order_id="7f31"))  # not heard of yet
    timer = ExpireRegistrationProcess(order_id="7f31", timer_id=timer_of(on_sale))
    on_sale.handle("early", timer)

    on_sale.settle()

    assert state(on_sale) == "Completed"
    assert on_sale.state("seats-gopher").remaining["ticket"] == 8
    assert on_sale.state("seats-gopher").pending == {}
    assert on_sale.state("registration-7f31").outcome == "Confirmed"


def test_an_order_that_is_rejected_by_hand_gives_its_seats_back_at_once(
    reserved: Rehearsal,
) -> None:
    reserved.issue(REJECT)
    reserved.settle()

    assert reserved.state("seats-gopher").remaining["ga"] == 9
    assert (state(reserved), reserved.waiting()) == ("Completed", [])


@pytest.mark.parametrize(("minutes", "ends_at_once"), [(28, False), (29, True)])
def test_a_refused_payment_leaves_the_order_to_its_timer_which_may_have_rung(
    reserved: Rehearsal, minutes: int, ends_at_once: bool
) -> None:
    pay(reserved, amount=1)
    reserved.pass_by(minutes)

    reserved.settle()

    has_expired = reserved.types("order-7f31")[-1] == "OrderExpired"
    assert has_expired is ends_at_once
    reserved.wait(29)
    assert reserved.types("order-7f31")[-1] == "OrderExpired"
    assert reserved.state("seats-gopher").remaining["ga"] == 9
