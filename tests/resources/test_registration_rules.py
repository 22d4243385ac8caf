"""The registration process: each message in each state, and its timer."""

from resources.samples.conference_rules.orders import (
    ConfirmOrder,
    MarkSeatsAsReserved,
    RejectOrder,
)
from resources.samples.conference_rules.registration import (
    ExpireRegistrationProcess,
    Heard,
    OrderWasConfirmed,
    OrderWasPlaced,
    OrderWasUpdated,
    PaymentWasCompleted,
    Process,
    SeatsWereReserved,
    Send,
    TimerFired,
    evolve,
    react,
)
from resources.samples.conference_rules.seats import (
    CancelSeatReservation,
    CommitSeatReservation,
    MakeSeatReservation,
)
from resources.samples.simulation import MINUTE, moment_us

NOW = moment_us("2026-03-04T09:41:09+00:00")
PLACED = OrderWasPlaced(
    order_id="7f31",
    conference_id="gophercon",
    seats={"ga": 1},
    window_ends_us=NOW + 15 * MINUTE,
    now_us=NOW,
    command_ids=("reserve", "timer"),
)
RESERVED = SeatsWereReserved(seats={"ga": 1}, because_of="reserve", prices={}, command_id="mark")
PAID = PaymentWasCompleted(payment_id="p1", command_id="confirm")
CONFIRMED = OrderWasConfirmed(command_id="commit")
UPDATED = OrderWasUpdated(seats={"ga": 2}, now_us=NOW + MINUTE, command_id="reserve again")
FIRED = TimerFired(timer_id="timer", command_ids=("reject", "cancel"))


def after(*heard: Heard) -> Process:
    process = Process()
    for each in heard:
        for fact in react(process, each).facts:
            process = evolve(process, fact)
    return process


def sends(process: Process, heard: Heard) -> tuple[Send, ...]:
    return react(process, heard).sends


def is_ignored(process: Process, heard: Heard) -> bool:
    step = react(process, heard)
    return step.facts == () and step.sends == ()


def test_a_placed_order_asks_for_seats_and_sets_a_timer() -> None:
    reservation, timer = sends(Process(), PLACED)

    assert reservation == Send(
        command=MakeSeatReservation(reservation_id="7f31", seats={"ga": 1}),
        to="seats-gophercon",
        id="reserve",
        time_to_live_us=16 * MINUTE,
    )
    assert isinstance(timer.command, ExpireRegistrationProcess)
    assert (timer.id, timer.delay_us) == ("timer", 29 * MINUTE)
    assert after(PLACED).state == "AwaitingReservationConfirmation"


def test_an_order_whose_window_is_over_is_rejected_at_once() -> None:
    late = OrderWasPlaced(
        order_id="7f31",
        conference_id="gophercon",
        seats={"ga": 1},
        window_ends_us=NOW,
        now_us=NOW,
        command_ids=("reject", "timer"),
    )

    (send,) = sends(Process(), late)

    assert send == Send(command=RejectOrder(order_id="7f31"), to="order-7f31", id="reject")
    assert after(late).is_completed


def test_the_answer_to_its_own_question_is_passed_on() -> None:
    (send,) = sends(after(PLACED), RESERVED)

    assert isinstance(send.command, MarkSeatsAsReserved)
    assert send.command.expiration_us == PLACED.window_ends_us
    assert after(PLACED, RESERVED).state == "ReservationConfirmationReceived"


def test_the_answer_to_another_question_is_skipped() -> None:
    other = SeatsWereReserved(seats={}, because_of="someone else", prices={}, command_id="mark")

    assert is_ignored(after(PLACED), other)


def test_the_same_answer_is_heard_once() -> None:
    assert is_ignored(after(PLACED, RESERVED), RESERVED)


def test_a_payment_confirms_the_order() -> None:
    (send,) = sends(after(PLACED, RESERVED), PAID)

    assert send == Send(command=ConfirmOrder(order_id="7f31"), to="order-7f31", id="confirm")
    assert after(PLACED, RESERVED, PAID).state == "PaymentConfirmationReceived"


def test_a_confirmed_order_commits_its_seats_and_stops_the_timer() -> None:
    (send,) = sends(after(PLACED, RESERVED, PAID), CONFIRMED)
    done = after(PLACED, RESERVED, PAID, CONFIRMED)

    assert send.command == CommitSeatReservation(reservation_id="7f31")
    assert (done.is_completed, done.expiration_command_id) == (True, "")
    assert is_ignored(done, FIRED)


def test_a_free_order_is_confirmed_without_a_payment() -> None:
    assert after(PLACED, RESERVED, CONFIRMED).is_completed


def test_a_changed_order_asks_for_seats_again() -> None:
    for process in (after(PLACED), after(PLACED, RESERVED)):
        (send,) = sends(process, UPDATED)

        assert send.command == MakeSeatReservation(reservation_id="7f31", seats={"ga": 2})
        assert send.time_to_live_us == 15 * MINUTE


def test_after_a_change_only_the_new_answer_counts() -> None:
    changed = after(PLACED, RESERVED, UPDATED)
    new = SeatsWereReserved(
        seats={"ga": 2}, because_of="reserve again", prices={}, command_id="mark again"
    )

    assert is_ignored(changed, RESERVED)
    assert not is_ignored(changed, new)


def test_a_change_after_the_payment_is_skipped() -> None:
    assert is_ignored(after(PLACED, RESERVED, PAID), UPDATED)


def test_the_timer_rejects_the_order_and_gives_the_seats_back() -> None:
    reject, cancel = sends(after(PLACED, RESERVED), FIRED)

    assert reject.command == RejectOrder(order_id="7f31")
    assert cancel.command == CancelSeatReservation(reservation_id="7f31")


def test_another_timer_is_skipped() -> None:
    other = TimerFired(timer_id="another", command_ids=("reject", "cancel"))

    assert is_ignored(after(PLACED), other)


def test_a_payment_after_the_end_goes_nowhere() -> None:
    assert is_ignored(after(PLACED, RESERVED, FIRED), PAID)
