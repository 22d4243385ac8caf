"""Orders: totals, partial reservations, and what a confirmed or expired order forbids."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from replay.commands.command_form import errors_in
from replay.models.conference.lines import SeatLine, WantedSeats
from replay.models.conference.orders import (
    MODEL,
    AssignRegistrantDetails,
    ConfirmOrder,
    MarkSeatsAsReserved,
    Order,
    OrderPartiallyReserved,
    OrderPlaced,
    OrderTotalsCalculated,
    RegisterToConference,
    RejectOrder,
    totals,
)
from replay.models.conference.payments import Payment
from replay.models.conference.seat_types import SeatTypeState
from replay.typed_model import Command, Refused
from tests.conference_vectors import PRICES, ROUNDED, TOTALS
from tests.replay.models.conference.rehearsal import Known, decided, names

UNTIL = "2026-03-04T12:15:00.000000+00:00"
ADA = AssignRegistrantDetails(order_id="o1", first="Ada", last="Li", email="ada@example.org")
CONFIRM, REJECT = ConfirmOrder(order_id="o1", payment_id="p1"), RejectOrder(order_id="o1")
PAYMENTS = {
    "payment-p1": Payment(source_id="o1", amount=Decimal(199), status="Completed"),
    "payment-less": Payment(source_id="o1", amount=Decimal(198), status="Completed"),
    "payment-more": Payment(source_id="o1", amount=Decimal(200), status="Completed"),
    "payment-begun": Payment(source_id="o1", amount=Decimal(199), status="Initiated"),
    "payment-other": Payment(source_id="o2", amount=Decimal(199), status="Completed"),
    "payment-nobody": Payment(),
}


def priced(stream: str) -> SeatTypeState | Payment:
    if stream in PAYMENTS:
        return PAYMENTS[stream]
    seat = stream.removeprefix("seattype-")
    if seat not in PRICES:
        return SeatTypeState()
    return SeatTypeState(conference_id="gophercon", name=seat, price=Decimal(PRICES[seat]))


def register(**seats: int) -> RegisterToConference:
    lines = tuple(WantedSeats(seat_type=it, quantity=wanted) for it, wanted in seats.items())
    return RegisterToConference(order_id="o1", conference_id="gophercon", seats=lines)


def mark(**seats: int) -> MarkSeatsAsReserved:
    lines = tuple(SeatLine(seat_type=it, quantity=held) for it, held in seats.items())
    return MarkSeatsAsReserved(order_id="o1", seats=lines, expiration=UNTIL)


def after(*commands: Command) -> Order:
    state: Order = decided(MODEL, *commands, knowing=Known(priced))[0]
    return state


def types(state: Order, command: Command) -> list[str]:
    return names(decided(MODEL, command, start=state, knowing=Known(priced))[1])


@pytest.mark.parametrize(("seats", "total"), TOTALS)
def test_the_total_is_the_sum_of_the_lines(seats: dict[str, int], total: str) -> None:
    _, (_, sums) = decided(MODEL, register(**seats), knowing=Known(priced))

    assert isinstance(sums, OrderTotalsCalculated)
    assert str(sums.total) == total
    assert sums.is_free_of_charge is (total == "0.00")
    assert [line.quantity for line in sums.lines] == list(seats.values())


@pytest.mark.parametrize(("unit_price", "line_total"), ROUNDED)
def test_a_line_is_rounded_to_cents_and_a_half_to_the_even_one(
    unit_price: str, line_total: str
) -> None:
    (line,) = totals({"odd": 3}, {"odd": Decimal(unit_price)}).lines

    assert str(line.line_total) == line_total


def test_an_order_is_held_for_fifteen_minutes_and_has_an_access_code() -> None:
    _, (placed, _) = decided(MODEL, register(ga=1), knowing=Known(priced, ids="kx4tq"))

    assert isinstance(placed, OrderPlaced)
    assert placed.reservation_auto_expiration == UNTIL
    assert placed.access_code == "KX4TQ"


def test_registering_a_second_time_changes_the_order() -> None:
    state = after(register(ga=1), mark(ga=1))

    assert types(state, register(ga=2)) == ["OrderUpdated", "OrderTotalsCalculated"]
    changed = after(register(ga=1), mark(ga=1), register(ga=2))
    assert (changed.seats, changed.reservation, changed.total) == ({"ga": 2}, "", Decimal(398))


def test_an_order_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="at least one seat"):
        after(register(ga=0))


@pytest.mark.parametrize(
    ("seats", "message"),
    [
        ([], "its length must be at least 1"),
        ([{"seatType": "ga", "quantity": -1}], "it must be at least 0"),
        ([{"seatType": "", "quantity": 1}], "this field is required"),
    ],
)
def test_the_form_takes_no_order_of_nothing_or_less(seats: list[object], message: str) -> None:
    data = {"orderId": "o1", "conferenceId": "gophercon", "seats": seats}

    (error,) = errors_in(RegisterToConference, data)

    assert (error.path[0], error.message) == ("seats", message)


def test_seats_that_nobody_offers_cannot_be_ordered() -> None:
    with pytest.raises(Refused, match="no seat type balcony"):
        after(register(ga=1, balcony=1))


def test_an_order_granted_exactly_is_complete_and_keeps_its_price() -> None:
    assert types(after(register(ga=2)), mark(ga=2)) == ["OrderReservationCompleted"]


@pytest.mark.parametrize(
    ("held", "total"), [({"w": 3}, "1500.00"), ({"w": 2, "party": 1}, "1050.00"), ({}, "0.00")]
)
def test_a_partly_granted_order_is_priced_again(held: dict[str, int], total: str) -> None:
    wanted = after(register(w=3, party=1))

    _, (partial, sums) = decided(MODEL, mark(**held), start=wanted, knowing=Known(priced))

    assert isinstance(partial, OrderPartiallyReserved)
    assert {line.seat_type: line.quantity for line in partial.seats} == held
    assert isinstance(sums, OrderTotalsCalculated)
    assert str(sums.total) == total


@pytest.mark.parametrize("command", [mark(ga=1), REJECT, register(ga=2)])
def test_a_confirmed_order_is_neither_reserved_again_nor_changed_nor_expired(
    command: Command,
) -> None:
    with pytest.raises(Refused, match="confirmed already"):
        after(register(ga=1), mark(ga=1), CONFIRM, command)


@pytest.mark.parametrize("command", [CONFIRM, ADA, mark(ga=1), register(ga=2)])
def test_an_order_that_expired_takes_nothing_more(command: Command) -> None:
    with pytest.raises(Refused, match="has expired"):
        after(register(ga=1), REJECT, command)


def test_confirming_or_rejecting_twice_is_noted_once() -> None:
    assert types(after(register(ga=1), mark(ga=1), CONFIRM), CONFIRM) == []
    assert types(after(register(ga=1), REJECT), REJECT) == []


@pytest.mark.parametrize("payment", ["", "less", "more", "begun", "other", "nobody"])
def test_an_order_is_confirmed_only_with_a_completed_payment_of_its_total(payment: str) -> None:
    held = after(register(ga=1), mark(ga=1))

    with pytest.raises(Refused) as refused:
        types(held, ConfirmOrder(order_id="o1", payment_id=payment))

    assert refused.value.rule == "paid in full"
    assert types(held, CONFIRM) == ["OrderConfirmed"]


def test_a_free_order_is_confirmed_without_a_payment_and_not_with_one() -> None:
    held = after(register(ticket=1), mark(ticket=1))

    assert types(held, ConfirmOrder(order_id="o1")) == ["OrderConfirmed"]
    with pytest.raises(Refused, match=r"It costs 0\.00, and 199 was paid"):
        types(held, CONFIRM)


@pytest.mark.parametrize(
    "steps",
    [
        [register(ga=1)],
        [register(ga=1), mark(ga=1), register(ga=2), register(ga=1)],
        [register(ticket=1), mark()],
    ],
    ids=["not answered yet", "changed since", "none were left"],
)
def test_an_order_is_not_confirmed_without_seats_that_are_held_for_it(
    steps: list[Command],
) -> None:
    with pytest.raises(Refused, match="No seats are held"):
        types(after(*steps), CONFIRM)


def test_seats_that_answer_an_earlier_wish_are_not_noted() -> None:
    changed = after(register(ga=1), register(ga=2))

    with pytest.raises(Refused, match="Other seats are wanted by now"):
        types(changed, replace(mark(ga=1), change=1))
    assert types(changed, replace(mark(ga=2), change=2)) == ["OrderReservationCompleted"]


def test_only_an_order_that_was_placed_goes_on() -> None:
    for command in (CONFIRM, REJECT, ADA, mark(ga=1)):
        with pytest.raises(Refused, match="no such order"):
            after(command)


def test_a_registrant_is_noted() -> None:
    assert after(register(ga=1), ADA).email == "ada@example.org"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first", ""),
        ("last", ""),
        ("email", ""),
        ("email", "ada.example.org"),
        ("email", "ada@example"),
        ("email", "@example.org"),
    ],
)
def test_a_registrant_without_a_name_or_a_real_address_is_not_valid(field: str, value: str) -> None:
    data = {"orderId": "o1", "first": "Ada", "last": "Li", "email": "ada@example.org"}

    assert errors_in(AssignRegistrantDetails, data) == ()
    assert [it.path for it in errors_in(AssignRegistrantDetails, data | {field: value})] == [
        (field,)
    ]


def test_an_order_is_over_once_it_expired() -> None:
    assert MODEL.closed(after(register(ga=1))) == ""
    assert MODEL.closed(after(register(ga=1), REJECT)) == "The order has expired."
