"""One order from the first click to committed seats, in the order of the original's feature."""

from decimal import Decimal
from itertools import chain, repeat

import pytest

from replay.models.conference.lines import wanted
from replay.models.conference.orders import AssignRegistrantDetails, RegisterToConference
from replay.models.conference.payments import (
    CompleteThirdPartyProcessorPayment,
    InitiateThirdPartyProcessorPayment,
)
from resources.samples import conference_management as management
from resources.samples.chance import Chance
from resources.samples.conference_management import SeatType
from resources.samples.conference_office import Office
from resources.samples.log import Event, Log
from resources.samples.simulation import MINUTE, SECOND, Agenda

QUOTAS = {"ga": "199.00", "w": "500.00", "party": "50.00"}


class Desk:
    """An office with the original's three seat types, 100 of each, and one customer."""

    def __init__(self) -> None:
        self.agenda = Agenda("2026-03-04T09:41:09+00:00")
        self.log = Log("desk", self.agenda)
        self.office = Office(self.log, self.agenda, Chance(1))
        conference, _ = management.create("gophercon", {}, access_code="KX4TQ", taken=())
        for id_, price in QUOTAS.items():
            seat = SeatType(id=id_, name=id_, description="", price=Decimal(price), quantity=100)
            conference, _ = management.add_seat_type(conference, seat)
        cause = self.log.request("ada")
        self.office.manage(management.publish(conference), cause, command="PublishConference")
        self.agenda.run()
        self.opened = len(self.log.events)

    def register(self, **seats: int) -> None:
        command = RegisterToConference(
            order_id="7f31",
            conference_id="gophercon",
            seats=wanted(seats),
        )
        self.office.issue(command, self.log.request("jane"), code="KX4TQ")

    def give_details(self) -> None:
        command = AssignRegistrantDetails(
            order_id="7f31", first="Jane", last="Doe", email="jane@example.org"
        )
        self.office.issue(command, self.log.request("jane"))

    def pay(self) -> None:
        begin = InitiateThirdPartyProcessorPayment(
            payment_id="11d0",
            source_id="7f31",
            conference_id="gophercon",
            description="Registration",
            total_amount=self.office.order("7f31").total,
            items=(),
        )
        complete = CompleteThirdPartyProcessorPayment(payment_id="11d0", method="card")
        self.office.issue(begin, self.log.request("jane"))
        self.office.issue(complete, self.log.request("provider"))

    @property
    def events(self) -> list[Event]:
        return self.log.events[self.opened :]

    def types(self, *categories: str) -> list[str]:
        return [each.type for each in self.events if each.stream.split("-")[0] in categories]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_paid_order_takes_every_step_of_the_happy_path(desk: Desk) -> None:
    desk.register(ga=1, party=1)
    desk.agenda.after(2 * MINUTE, desk.give_details)
    desk.agenda.after(3 * MINUTE, desk.pay)
    desk.agenda.run()

    assert desk.types("order", "payment") == [
        "OrderPlaced",
        "OrderTotalsCalculated",
        "OrderReservationCompleted",
        "OrderRegistrantAssigned",
        "PaymentInitiated",
        "PaymentCompleted",
        "OrderConfirmed",
    ]
    assert desk.types("seats") == ["SeatsReserved", "SeatsReservationCommitted"]
    assert desk.types("assign") == ["SeatAssignmentsCreated"]
    assert desk.office.order("7f31").total == 249
    assert desk.office.remaining("gophercon", "ga") == 99


def test_an_order_nobody_pays_gives_its_seats_back_after_the_buffer(desk: Desk) -> None:
    placed_us = desk.agenda.now_us
    desk.register(w=2)
    desk.agenda.run()

    expired = next(event for event in desk.events if event.type == "OrderExpired")
    assert desk.types("seats") == ["SeatsReserved", "SeatsReservationCancelled"]
    assert desk.office.remaining("gophercon", "w") == 100
    assert expired.occurred_at_us == placed_us + 15 * MINUTE
    assert 0 < expired.recorded_at_us - (placed_us + 29 * MINUTE) < 10 * SECOND


def test_a_payment_between_window_and_buffer_still_counts(desk: Desk) -> None:
    desk.register(ga=1)
    desk.agenda.after(20 * MINUTE, desk.pay)
    desk.agenda.run()

    assert desk.types("order")[-1] == "OrderConfirmed"


def test_a_payment_after_the_buffer_goes_nowhere(desk: Desk) -> None:
    desk.register(ga=1)
    desk.agenda.after(40 * MINUTE, desk.pay)
    desk.agenda.run()

    assert desk.types("payment")[-1] == "PaymentCompleted"
    assert desk.types("order")[-1] == "OrderExpired"


def test_what_follows_from_an_event_names_it_as_its_cause(desk: Desk) -> None:
    desk.register(ga=1)
    desk.agenda.run()

    by_id = {event.id: event for event in desk.events}
    marked = next(each for each in desk.events if each.type == "OrderReservationCompleted")
    trail = [marked]
    while (cause := by_id.get(trail[-1].metadata["causation_id"])) is not None:
        trail.append(cause)
    assert [event.type for event in trail] == [
        "OrderReservationCompleted",
        "ReservationConfirmationReceived",
        "SeatsReserved",
        "RegistrationStarted",
        "OrderPlaced",
    ]
    assert len({event.metadata["correlation_id"] for event in trail}) == 1


def test_a_reservation_that_waited_longer_than_it_may_live_is_dropped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    latencies_us = chain([SECOND, 17 * MINUTE], repeat(SECOND))
    monkeypatch.setattr(desk.office, "latency_us", lambda: next(latencies_us))

    desk.register(ga=1)
    desk.agenda.run()

    assert desk.types("seats") == []
    assert desk.types("order")[-1] == "OrderExpired"
