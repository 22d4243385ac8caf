"""The registration process: each message in each state, and its timer."""

import pytest

from replay.models.conference.lines import wanted
from replay.models.conference.orders import (
    ConfirmOrder,
    RegisterToConference,
    RejectOrder,
)
from replay.models.conference.registration import ExpireRegistrationProcess
from replay.models.conference.seats import (
    CancelSeatReservation,
)
from store.events import RecordedEvent
from tests.replay.models.conference.registrations import (
    CANCEL,
    COMMIT,
    CONFIRM,
    REJECT,
    mark,
    pay,
    register,
    reserve,
    sent_now,
    state,
)
from tests.replay.models.conference.rehearsal import Rehearsal


def latest(rehearsal: Rehearsal, type_: str) -> RecordedEvent:
    return next(it for it in reversed(rehearsal.log) if it.type == type_)


def answers_once_more(rehearsal: Rehearsal, event: RecordedEvent) -> bool:
    """Whether anything comes of hearing an event again."""
    before = len(rehearsal.log), rehearsal.waiting()
    rehearsal.hear(event)
    return (len(rehearsal.log), rehearsal.waiting()) != before


def test_a_placed_order_asks_for_seats_and_sets_a_timer(on_sale: Rehearsal) -> None:
    register(on_sale)
    on_sale.listen()

    (asked, asked_in, lives), (timer, rings_in, rings_for) = on_sale.waiting()

    assert (asked, asked_in, lives) == (reserve(1), 0, 16)
    assert isinstance(timer, ExpireRegistrationProcess)
    assert (rings_in, rings_for) == (29, None)
    assert state(on_sale) == "AwaitingReservationConfirmation"


@pytest.mark.parametrize("minutes", [15, 16])
def test_an_order_whose_window_is_over_is_rejected_at_once(
    on_sale: Rehearsal, minutes: int
) -> None:
    register(on_sale)
    on_sale.pass_by(minutes)
    on_sale.listen()

    assert on_sale.waiting() == [(REJECT, 0, None)]
    assert state(on_sale) == "Completed"
    on_sale.settle()
    assert on_sale.types("order-7f31")[-1] == "OrderExpired"
    assert on_sale.types("registration-7f31") == ["RegistrationRejected"]


def test_one_heard_within_its_window_asks_for_as_long_as_is_left(on_sale: Rehearsal) -> None:
    register(on_sale)
    on_sale.pass_by(10)
    on_sale.listen()

    assert [(due, lives) for _, due, lives in on_sale.waiting()] == [(0, 6), (19, None)]


@pytest.mark.parametrize(("minutes", "is_handled"), [(16, True), (16.01, False)])
def test_a_reservation_asked_for_lives_a_minute_longer_than_the_window(
    on_sale: Rehearsal, minutes: float, is_handled: bool
) -> None:
    register(on_sale)
    on_sale.listen()

    on_sale.wait(minutes)

    assert (reserve(1) in on_sale.sent) is is_handled
    assert ("SeatsReserved" in on_sale.types("seats-gopher")) is is_handled


def test_the_answer_to_its_own_question_is_passed_on(on_sale: Rehearsal) -> None:
    register(on_sale)
    on_sale.settle()

    assert on_sale.sent == [reserve(1), mark(1)]
    assert state(on_sale) == "ReservationConfirmationReceived"


def test_the_answer_to_another_question_is_skipped(on_sale: Rehearsal) -> None:
    register(on_sale)
    on_sale.listen()

    on_sale.issue(reserve(5), id_="someone else")
    on_sale.listen()

    assert state(on_sale) == "AwaitingReservationConfirmation"
    assert sent_now(on_sale) == [reserve(1)]


def test_the_same_answer_is_heard_once(reserved: Rehearsal) -> None:
    assert not answers_once_more(reserved, latest(reserved, "SeatsReserved"))


def test_a_payment_confirms_the_order(reserved: Rehearsal) -> None:
    pay(reserved)
    reserved.listen()

    assert sent_now(reserved) == [CONFIRM]
    assert state(reserved) == "PaymentConfirmationReceived"


def test_a_payment_that_comes_before_the_seats_have_answered_waits_for_them(
    on_sale: Rehearsal,
) -> None:
    register(on_sale)
    pay(on_sale)
    on_sale.listen()
    assert state(on_sale) == "AwaitingReservationConfirmation"
    assert not answers_once_more(on_sale, latest(on_sale, "PaymentCompleted"))

    on_sale.settle()

    assert [it for it in on_sale.sent if it in (mark(1), CONFIRM, COMMIT)] == [
        mark(1),
        CONFIRM,
        COMMIT,
    ]
    assert state(on_sale) == "Completed"
    on_sale.wait(60)
    assert on_sale.types("order-7f31")[-1] == "OrderConfirmed"


def test_a_confirmed_order_commits_its_seats_and_stops_the_timer(reserved: Rehearsal) -> None:
    pay(reserved)
    reserved.settle()
    assert reserved.sent[:2] == [CONFIRM, COMMIT]
    assert (state(reserved), reserved.waiting()) == ("Completed", [])

    reserved.wait(60)

    assert reserved.types("order-7f31")[-1] == "OrderConfirmed"
    assert reserved.state("seats-gopher").remaining == {"ga": 8, "ticket": 9}


def test_a_free_order_is_confirmed_without_a_payment(on_sale: Rehearsal) -> None:
    register(on_sale, seat_type="ticket")
    on_sale.settle()
    on_sale.issue(ConfirmOrder(order_id="7f31"))
    on_sale.settle()

    assert on_sale.types("registration-7f31")[-1] == "RegistrationCompleted"
    assert COMMIT in on_sale.sent
    assert on_sale.waiting() == []


def test_a_changed_order_asks_for_seats_again(on_sale: Rehearsal) -> None:
    register(on_sale)
    on_sale.listen()
    on_sale.pass_by(1)
    register(on_sale, 2)
    on_sale.listen()

    assert [it for it in on_sale.waiting() if it[1] <= 0] == [
        (reserve(1), -1, 16),
        (reserve(2), 0, 15),
    ]
    assert state(on_sale) == "AwaitingReservationConfirmation"


def test_after_a_change_only_the_new_answer_counts(reserved: Rehearsal) -> None:
    old = latest(reserved, "SeatsReserved")
    register(reserved, 2)
    reserved.listen()
    assert state(reserved) == "AwaitingReservationConfirmation"

    assert not answers_once_more(reserved, old)
    reserved.settle()

    assert reserved.sent == [reserve(2), mark(2, change=2)]
    assert state(reserved) == "ReservationConfirmationReceived"


def test_the_timer_rejects_the_order_and_gives_the_seats_back(reserved: Rehearsal) -> None:
    reserved.wait(28)
    assert reserved.sent == []

    reserved.wait(1)

    assert [type(it) for it in reserved.sent] == [
        ExpireRegistrationProcess,
        RejectOrder,
        CancelSeatReservation,
    ]
    assert reserved.sent[1:] == [REJECT, CANCEL]
    assert reserved.state("seats-gopher").remaining == {"ga": 9, "ticket": 9}
    assert reserved.types("registration-7f31")[-1] == "RegistrationExpired"


def test_another_timer_is_skipped(reserved: Rehearsal) -> None:
    before = reserved.waiting()

    stale = ExpireRegistrationProcess(order_id="7f31", timer_id="another")
    reserved.handle("stale", stale)

    assert (state(reserved), reserved.waiting()) == ("ReservationConfirmationReceived", before)


def test_a_timer_that_rings_twice_ends_it_once(reserved: Rehearsal) -> None:
    (timer, _, _) = reserved.waiting()[-1]
    reserved.wait(29)
    log = len(reserved.log)

    reserved.handle("once more", timer)
    reserved.settle()

    assert len(reserved.log) == log


def test_a_payment_after_the_end_goes_nowhere(reserved: Rehearsal) -> None:
    reserved.wait(29)
    ended = reserved.types("registration-7f31")

    pay(reserved)
    reserved.settle()

    assert reserved.types("registration-7f31") == ended
    assert reserved.types("order-7f31")[-1] == "OrderExpired"
    assert reserved.types("payment-p1")[-1] == "PaymentCompleted"


def test_an_event_of_another_order_changes_nothing_here(reserved: Rehearsal) -> None:
    seats = wanted({"ga": 1})
    before = reserved.types("registration-7f31")
    reserved.issue(RegisterToConference(order_id="other", conference_id="gopher", seats=seats))
    reserved.settle()

    assert reserved.types("registration-7f31") == before
    assert len(reserved.types("registration-other")) == 2
