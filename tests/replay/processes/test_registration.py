"""The registration process on a real store: the happy path, its timers, and every way to crash."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from replay.processes.lanes import LANES
from replay.states.model_set import bundled_models, bundled_processes
from tests.replay.conference_office import Office

HAPPY_ORDER = [
    "OrderPlaced",
    "OrderTotalsCalculated",
    "OrderReservationCompleted",
    "OrderRegistrantAssigned",
    "OrderConfirmed",
]
HAPPY_PROCESS = [
    "RegistrationStarted",
    "ReservationConfirmationReceived",
    "PaymentConfirmationReceived",
    "RegistrationCompleted",
]


@pytest.fixture(params=[1, LANES], ids=["one lane", "lanes"])
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline", lanes=request.param)
    yield office
    office.close()


def happy(office: Office) -> None:
    office.register("o1", general=1, party=1)
    office.settle()
    registrant = {"orderId": "o1", "first": "Ada", "last": "L", "email": "ada@example.org"}
    office.do("AssignRegistrantDetails", registrant)
    office.pay("o1")
    office.settle()


def check_happy_end(office: Office) -> None:
    assert office.types("order-o1") == HAPPY_ORDER
    assert office.types("registration-o1") == HAPPY_PROCESS
    assert office.types("seats-conf")[4:] == ["SeatsReserved", "SeatsReservationCommitted"]
    assert office.state("order-o1").total == Decimal("249.00")
    seats = office.state("seats-conf")
    assert (seats.remaining["general"], seats.remaining["party"]) == (99, 99)
    assert seats.pending == {}
    assert office.types("assign-o1") == ["SeatAssignmentsCreated"]
    assert office.counts().get("pending", 0) == 0
    assert office.counts()["cancelled"] == 1  # the timer


def test_an_order_that_is_paid_is_confirmed_and_its_seats_are_sold(office: Office) -> None:
    happy(office)

    check_happy_end(office)


@pytest.mark.parametrize(
    "point", ["before reacting", "after reacting", "before handling", "after handling"]
)
@pytest.mark.parametrize("times_passed", [0, 1, 2])
def test_a_crash_at_any_point_ends_in_the_same_state(
    office: Office, point: str, times_passed: int
) -> None:
    office.register("o1", general=1, party=1)
    for _ in range(times_passed):
        office.dispatcher.step()
    office.crash_at = point

    happy_after_crash(office)

    check_happy_end(office)


def happy_after_crash(office: Office) -> None:
    office.settle()
    registrant = {"orderId": "o1", "first": "Ada", "last": "L", "email": "ada@example.org"}
    office.do("AssignRegistrantDetails", registrant)
    office.pay("o1")
    office.settle()


def test_at_28_minutes_nothing_happens_and_at_29_the_order_expires(office: Office) -> None:
    office.register("o1", general=2)
    office.settle()
    held = office.state("seats-conf").remaining["general"]

    office.wait(28)
    before = office.types("order-o1")
    office.wait(1)

    assert held == 98
    assert before == ["OrderPlaced", "OrderTotalsCalculated", "OrderReservationCompleted"]
    assert office.types("order-o1")[-1] == "OrderExpired"
    assert office.types("registration-o1")[-1] == "RegistrationExpired"
    assert office.state("seats-conf").remaining["general"] == 100


def test_a_payment_after_the_expiry_goes_nowhere(office: Office) -> None:
    office.register("o1", general=1)
    office.settle()
    office.wait(30)

    office.pay("o1")
    office.settle()

    assert office.types("order-o1")[-1] == "OrderExpired"
    assert office.state("payment-p-o1").status == "Completed"


def test_an_order_that_is_changed_reserves_again(office: Office) -> None:
    office.register("o1", general=1)
    office.settle()

    office.register("o1", general=3, workshop=1)
    office.settle()

    assert office.types("registration-o1")[2:] == [
        "ReservationRequestedAgain",
        "ReservationConfirmationReceived",
    ]
    assert office.state("seats-conf").pending == {"o1": {"general": 3, "workshop": 1}}
    assert office.state("order-o1").total == Decimal("1097.00")


def test_a_free_order_is_confirmed_without_a_payment(office: Office) -> None:
    office.register("o1", free=1)
    office.settle()

    office.do("ConfirmOrder", {"orderId": "o1"})
    office.settle()

    assert office.types("registration-o1")[-1] == "RegistrationCompleted"


def test_more_than_is_left_is_reserved_in_part_and_costs_less(tmp_path: Path) -> None:
    office = Office(tmp_path / "small.foldline", quota=10)
    try:
        office.register("o1", workshop=6)
        office.register("o2", workshop=6)
        office.settle()

        assert office.state("order-o1").reservation == "complete"
        assert office.state("order-o2").reservation == "partial"
        assert office.state("order-o2").seats == {"workshop": 4}
        assert office.state("order-o2").total == Decimal("2000.00")
        assert office.state("seats-conf").remaining["workshop"] == 0
    finally:
        office.close()


def test_what_was_heard_once_is_not_heard_again(office: Office) -> None:
    happy(office)
    head = office.store.head()

    office.settle()

    assert office.store.head() == head


@pytest.mark.parametrize("process", bundled_processes(), ids=lambda it: it.model.name)
def test_every_move_of_a_diagram_leads_from_a_state_to_a_state(process) -> None:  # type: ignore[no-untyped-def]
    commands = {it.__name__ for model in bundled_models().models for it in model.commands}
    for (state, heard), after in process.moves.items():
        assert {state, after} <= set(process.states)
        assert heard in process.listens | commands | {"refusal"}  # of a command that it sent


def test_a_payment_that_came_in_time_is_confirmed_with_its_seats_however_late_it_is_heard(
    office: Office,
) -> None:
    """The dispatcher was down: the timer, the payment and its answer come in one round."""
    office.register("o1", general=2)
    office.settle()
    office.pay("o1")

    office.wait(30)
    office.wait(30)

    assert office.types("order-o1")[-1] == "OrderConfirmed"
    seats = office.state("seats-conf")
    assert (seats.remaining["general"], seats.pending) == (98, {})
    assert office.types("seats-conf")[-1] == "SeatsReservationCommitted"


def test_an_order_that_is_changed_after_its_payment_is_confirmed_only_as_it_was_paid(
    office: Office,
) -> None:
    office.register("o1", general=1)
    office.settle()
    office.pay("o1")

    office.register("o1", general=3)
    office.settle()
    assert not office.state("order-o1").is_confirmed
    assert office.types("registration-o1")[-1] == "ConfirmationRefused"
    office.wait(30)

    assert office.types("order-o1")[-1] == "OrderExpired"
    assert office.state("seats-conf").remaining["general"] == 100
