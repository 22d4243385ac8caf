"""The conference file: its rules checked again from outside, and the stories it tells."""

from collections import Counter
from copy import deepcopy
from decimal import Decimal

from tests.resources.sample_lines import Line, lines, of_stream, of_type
from tests.resources.seat_oracle import judged

EVENTS = lines("conference")
PER_DAY = Counter(line["recorded_at"][:10] for line in EVENTS)


def orders_with(type_: str) -> dict[str, Line]:
    return {line["stream"].removeprefix("order-"): line for line in of_type("conference", type_)}


def test_it_has_a_few_thousand_events() -> None:
    assert 4_000 <= len(EVENTS) <= 6_000


def test_every_grant_is_what_the_rule_allows() -> None:
    assert judged(EVENTS).faults == []


def test_the_recount_notices_one_seat_too_many() -> None:
    tampered = deepcopy(list(EVENTS))
    reserved = next(
        line
        for line in tampered
        if line["type"] == "SeatsReserved" and line["data"]["reservationDetails"]
    )
    reserved["data"]["reservationDetails"][0]["quantity"] += 1

    assert len(judged(tampered).faults) >= 2


def test_the_two_busy_days_stand_out() -> None:
    (first, most), (second, nearly), (_, third) = PER_DAY.most_common(3)

    assert {first, second} == {"2026-03-04", "2026-03-20"}
    assert min(most, nearly) > 2.5 * third


def test_nothing_at_all_happens_while_the_office_is_closed() -> None:
    gap = [line for line in EVENTS if "2026-03-07" <= line["recorded_at"] < "2026-03-12T08:00"]

    assert gap == []
    assert of_type("conference", "ConferenceUnpublished")[0]["recorded_at"][:10] == "2026-03-06"


def test_nights_are_quiet() -> None:
    at_night = sum(line["recorded_at"][11:13] in ("00", "01", "02", "03") for line in EVENTS)

    assert at_night < len(EVENTS) / 50


def test_every_kind_of_seat_runs_out_on_the_second_busy_day() -> None:
    until_midnight = [line for line in EVENTS if line["recorded_at"] < "2026-03-21"]
    oracle = judged(until_midnight)

    assert all(
        oracle.left(seat) <= 0 for seat in ("general-admission", "cqrs-workshop", "cocktail-party")
    )


def test_a_shrunken_room_leaves_fewer_than_no_seats_and_one_cancellation_does_not_help() -> None:
    shrunk = next(
        line
        for line in of_type("conference", "AvailableSeatsChanged")
        if line["data"]["seats"][0]["quantity"] < 0
    )
    before = judged(EVENTS[: shrunk["position"]]).left("cqrs-workshop")
    given_back = next(
        line
        for line in EVENTS[shrunk["position"] :]
        if line["type"] == "SeatsReservationCancelled"
        and "cqrs-workshop" in str(line["data"]["availableSeatsChanged"])
    )
    after = judged(EVENTS[: given_back["position"]]).left("cqrs-workshop")

    assert before < after < 0


def test_an_edited_description_adds_an_event_that_changes_nothing() -> None:
    edit = next(
        line
        for line in of_type("conference", "SeatUpdated")
        if "river" in line["data"]["description"]
    )
    (effect,) = [line for line in EVENTS if line["metadata"]["causation_id"] == edit["id"]]

    assert effect["type"] == "AvailableSeatsChanged"
    assert effect["data"]["seats"] == [{"seatType": "cocktail-party", "quantity": 0}]


def test_some_have_paid_and_expired_all_the_same() -> None:
    expired, confirmed = orders_with("OrderExpired"), orders_with("OrderConfirmed")
    paid = {line["data"]["sourceId"] for line in of_type("conference", "PaymentCompleted")}

    assert len(paid & expired.keys()) >= 5
    assert not expired.keys() & confirmed.keys()


def test_a_transfer_made_in_time_may_be_reported_too_late() -> None:
    expired = orders_with("OrderExpired")
    transfers = [
        line
        for line in of_type("conference", "PaymentCompleted")
        if line["data"]["method"] == "bank transfer"
    ]
    late = [
        line
        for line in transfers
        if line["occurred_at"] < expired[line["data"]["sourceId"]]["occurred_at"]
        and line["recorded_at"] > expired[line["data"]["sourceId"]]["recorded_at"]
    ]

    assert late


def test_an_order_lapses_when_its_window_ends_and_is_released_with_the_buffer() -> None:
    placed = orders_with("OrderPlaced")
    for order, line in orders_with("OrderExpired").items():
        assert line["occurred_at"] == placed[order]["data"]["reservationAutoExpiration"]
        assert line["metadata"]["user"] == "clock"


def test_every_confirmed_order_is_committed_and_every_seat_of_it_has_a_position() -> None:
    committed = {
        line["data"]["reservationId"] for line in of_type("conference", "SeatsReservationCommitted")
    }
    for line in of_type("conference", "SeatAssignmentsCreated"):
        reserved = [
            each["data"]["seats"]
            for each in of_stream("conference", f"order-{line['data']['orderId']}")
            if each["type"] in ("OrderReservationCompleted", "OrderPartiallyReserved")
        ]
        assert sum(seat["quantity"] for seat in reserved[-1]) == len(line["data"]["seats"])
    assert committed == orders_with("OrderConfirmed").keys()


def test_totals_are_money_with_two_decimals() -> None:
    for line in of_type("conference", "OrderTotalsCalculated"):
        data = line["data"]
        total = sum((each["lineTotal"] for each in data["lines"]), Decimal("0.00"))
        assert data["total"] == total
        assert data["total"].as_tuple().exponent == -2


def test_it_has_every_event_a_conference_knows() -> None:
    assert {line["type"] for line in EVENTS} >= {
        "ConferenceCreated",
        "ConferenceUpdated",
        "ConferencePublished",
        "ConferenceUnpublished",
        "SeatCreated",
        "SeatUpdated",
        "AvailableSeatsChanged",
        "SeatsReserved",
        "SeatsReservationCancelled",
        "SeatsReservationCommitted",
        "OrderPlaced",
        "OrderTotalsCalculated",
        "OrderUpdated",
        "OrderPartiallyReserved",
        "OrderReservationCompleted",
        "OrderRegistrantAssigned",
        "OrderConfirmed",
        "OrderExpired",
        "SeatAssignmentsCreated",
        "SeatAssigned",
        "SeatUnassigned",
        "SeatAssignmentUpdated",
        "PaymentInitiated",
        "PaymentCompleted",
        "PaymentRejected",
    }
    assert {line["stream"].split("-")[0] for line in EVENTS} == {
        "conference",
        "seattype",
        "seats",
        "order",
        "assign",
        "payment",
        "registration",
    }


def test_people_the_process_manager_and_the_clock_have_acted() -> None:
    users = Counter(line["metadata"]["user"] for line in EVENTS)

    assert users["process manager"] > 1_000
    assert users["clock"] > 50
    assert len(users) > 100
