"""Orders: totals, partial reservations, who may not be confirmed, expired or nameless."""

from decimal import Decimal

import pytest

from resources.samples.conference_rules.orders import (
    ORDERS,
    AssignRegistrantDetails,
    ConfirmOrder,
    MarkSeatsAsReserved,
    Order,
    OrderCommand,
    RegisterToConference,
    RejectOrder,
    totals,
)
from resources.samples.rules import Refused, folded
from resources.samples.simulation import moment_us
from tests import conference_vectors
from tests.conference_vectors import ROUNDED, TOTALS

PRICES = {seat: Decimal(price) for seat, price in conference_vectors.PRICES.items()}


def register(**seats: int) -> RegisterToConference:
    return RegisterToConference(
        order_id="o1",
        conference_id="gophercon",
        seats=seats,
        prices=PRICES,
        now_us=moment_us("2026-03-04T09:41:09+00:00"),
        access_code="KX4TQ",
    )


def mark(**seats: int) -> MarkSeatsAsReserved:
    return MarkSeatsAsReserved(order_id="o1", seats=seats, expiration_us=0, prices=PRICES)


def after(*commands: OrderCommand) -> Order:
    state = Order()
    for command in commands:
        state = folded(ORDERS, ORDERS.decide(state, command), state)
    return state


def types(state: Order, command: OrderCommand) -> list[str]:
    return [fact.type for fact in ORDERS.decide(state, command)]


@pytest.mark.parametrize(("seats", "total"), TOTALS)
def test_the_total_is_the_sum_of_the_lines(seats: dict[str, int], total: str) -> None:
    data = totals(seats, PRICES).data

    assert str(data["total"]) == total
    assert data["isFreeOfCharge"] is (total == "0.00")
    assert [line["quantity"] for line in data["lines"]] == list(seats.values())


@pytest.mark.parametrize(("unit_price", "line_total"), ROUNDED)
def test_a_line_is_rounded_to_cents_and_a_half_to_the_even_one(
    unit_price: str, line_total: str
) -> None:
    (line,) = totals({"odd": 3}, {"odd": Decimal(unit_price)}).data["lines"]

    assert str(line["lineTotal"]) == line_total


def test_placing_an_order_gives_it_a_window_of_fifteen_minutes_and_a_price() -> None:
    placed, priced = ORDERS.decide(Order(), register(ga=1, party=1))

    assert placed.data == {
        "conferenceId": "gophercon",
        "seats": [{"seatType": "ga", "quantity": 1}, {"seatType": "party", "quantity": 1}],
        "reservationAutoExpiration": "2026-03-04T09:56:09.000000+00:00",
        "accessCode": "KX4TQ",
    }
    assert (priced.type, priced.data["total"]) == ("OrderTotalsCalculated", 249)


def test_registering_a_second_time_updates_the_order() -> None:
    state = after(register(ga=1))

    assert types(state, register(ga=2)) == ["OrderUpdated", "OrderTotalsCalculated"]


@pytest.mark.parametrize("seats", [{}, {"ga": 0}, {"ga": 2, "w": -1}])
def test_an_order_of_nothing_or_less_is_refused(seats: dict[str, int]) -> None:
    with pytest.raises(Refused):
        ORDERS.decide(Order(), register(**seats))


def test_an_order_granted_exactly_is_complete_and_keeps_its_price() -> None:
    assert types(after(register(ga=2)), mark(ga=2)) == ["OrderReservationCompleted"]


def test_a_partly_granted_order_is_priced_again() -> None:
    partial, priced = ORDERS.decide(after(register(w=3, party=1)), mark(w=3))

    assert (partial.type, partial.data["seats"]) == (
        "OrderPartiallyReserved",
        [{"seatType": "w", "quantity": 3}],
    )
    assert str(priced.data["total"]) == "1500.00"


@pytest.mark.parametrize("command", [mark(ga=1), RejectOrder(order_id="o1")])
def test_a_confirmed_order_is_neither_reserved_again_nor_expired(command: OrderCommand) -> None:
    state = after(register(ga=1), mark(ga=1), ConfirmOrder(order_id="o1"))

    with pytest.raises(Refused, match="confirmed already"):
        ORDERS.decide(state, command)


def test_a_rejected_order_has_expired() -> None:
    assert after(register(ga=1), RejectOrder(order_id="o1")).is_expired


@pytest.mark.parametrize(
    ("first", "last", "email"),
    [
        ("", "Baker", "a@example.org"),
        ("Alice", "", "a@example.org"),
        ("Alice", "Baker", ""),
        ("Alice", "Baker", "a.example.org"),
        ("Alice", "Baker", "a@example"),
    ],
)
def test_a_registrant_without_a_name_or_a_real_address_is_refused(
    first: str, last: str, email: str
) -> None:
    command = AssignRegistrantDetails(order_id="o1", first=first, last=last, email=email)

    with pytest.raises(Refused):
        ORDERS.decide(Order(), command)


def test_a_registrant_is_noted() -> None:
    command = AssignRegistrantDetails(
        order_id="o1", first="秀英", last="王", email="xiuying.wang@example.org"
    )

    assert after(register(ga=1), command).email == "xiuying.wang@example.org"
