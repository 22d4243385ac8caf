"""Each bundled model corrects the past in its own terms; the states are computed by hand."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from replay.correcting.asked import Asked
from replay.correcting.commit import commit
from replay.correcting.errors import NotAllReached
from replay.correcting.kinds import Kind
from replay.correcting.proposal import By
from replay.states.stream_states import StreamStates
from store.events import NewEvent
from store.sqlite.store import SqliteStore
from tests.replay.correcting.test_correct import log_of, state

BY = By(actor="ada")
Told = tuple[str, Any]  # type and data


def lived(stream: str, events: Sequence[Told]) -> list[tuple[str, NewEvent]]:
    """An event a second, in order."""
    return [
        (stream, NewEvent.of(type_, data, id=f"e{n}", occurred_at_us=n))
        for n, (type_, data) in enumerate(events, 1)
    ]


def corrected(
    store: SqliteStore, position: int, kind: Kind, data: Any = None, *, partly: bool = False
) -> list[Told]:
    """What was appended."""
    asked = Asked(position=position, kind=kind)
    if kind == "wrong":
        asked = Asked(position=position, kind=kind, data=data)
    made = commit(store, StreamStates, asked, BY, partly=partly)
    return [(it.type, it.data) for it in store.at_positions(made.positions)]


# Customers.

CUSTOMER = [
    ("CustomerRegistered", {"id": "7", "lastName": "Li"}),
    ("CustomerMoved", {"address": "Lisbon"}),
    ("CustomerHasBeenMadePreferred", {}),
    ("CustomerIsNoLongerPreferred", {"reason": "bills"}),
    ("CustomerBecameDelinquent", {"reason": "bills"}),
    ("CustomerMarried", {}),
]


def test_a_customer_who_never_was_delinquent_has_paid_up() -> None:
    with log_of(*lived("customer-7", CUSTOMER)) as store:
        assert corrected(store, 5, "rejected") == [("CustomerPaidUp", {})]
        assert state(store, "customer-7")["isDelinquent"] is False

        assert corrected(store, 4, "rejected") == [("CustomerHasBeenMadePreferred", {})]
        found = state(store, "customer-7")
        assert (found["isPreferred"], found["isDelinquent"]) == (True, False)


def test_a_customer_moved_elsewhere_and_has_another_name() -> None:
    with log_of(*lived("customer-7", CUSTOMER)) as store:
        moved = corrected(store, 2, "wrong", {"address": "Porto"})
        named = corrected(store, 1, "wrong", {"id": "7", "lastName": "King"})

        assert moved == [("CustomerMoved", {"address": "Porto"})]
        assert named == [("CustomerLastNameChanged", {"lastName": "King"})]
        found = state(store, "customer-7")
        assert (found["address"], found["lastName"], found["title"]) == ("Porto", "King", "")


def test_a_marriage_that_was_recorded_by_mistake_stays_and_is_said_to() -> None:
    with log_of(*lived("customer-7", CUSTOMER)) as store:
        with pytest.raises(NotAllReached, match="customer-7 isMarried"):
            corrected(store, 6, "rejected")
        assert store.head() == 6


# Members.

MEMBER = [
    ("MemberRegistered", {"memberId": "7", "name": "Ada", "email": "ada@example.org"}),
    ("MemberMoved", {"email": "a@example.org"}),
]


def test_a_member_never_moved() -> None:
    with log_of(*lived("member-7", MEMBER)) as store:
        told = corrected(store, 2, "rejected")

        assert told == [("MemberMoved", {"email": "ada@example.org"})]
        assert state(store, "member-7") == {"name": "Ada", "email": "ada@example.org"}


def test_another_name_of_a_member_is_out_of_reach() -> None:
    wrong = {"memberId": "7", "name": "Bo", "email": "ada@example.org"}
    with (
        log_of(*lived("member-7", MEMBER)) as store,
        pytest.raises(NotAllReached, match="member-7 name"),
    ):
        corrected(store, 1, "wrong", wrong)


def test_a_mail_that_was_asked_for_stays_asked_for() -> None:
    mail = [("MailRequested", {"to": "a@example.org", "subject": "Hi", "text": ""})]
    with (
        log_of(*lived("mail-1", mail)) as store,
        pytest.raises(NotAllReached, match="mail-1 to, mail-1 subject"),
    ):
        corrected(store, 1, "rejected")


# The broker.

BOOK = [
    ("OrderBookOpened", {"id": "b", "owner": "Ada", "accountId": "7"}),
    ("OrderSentToBank", {"orderId": "o1", "order": {"amount": 5, "isin": "US0378331005"}}),
]


def test_an_order_book_is_paid_for_by_another_account() -> None:
    right = {"id": "b", "owner": "Ada", "accountId": "8"}
    with log_of(*lived("orderbook-b", BOOK)) as store:
        assert corrected(store, 1, "wrong", right) == [("OrderBookOpened", right)]
        found = state(store, "orderbook-b")
        assert (found["accountId"], found["sent"]) == ("8", ("o1",))


def test_what_the_bank_has_bought_is_out_of_reach() -> None:
    with (
        log_of(*lived("orderbook-b", BOOK)) as store,
        pytest.raises(NotAllReached, match="orderbook-b sent"),
    ):
        corrected(store, 2, "rejected")


# Seats: 10 of a kind, 3 held for one order and 2 for another.

LINE = {"seatType": "hall", "quantity": 10}
SEATS: list[Told] = [
    ("AvailableSeatsChanged", {"seats": [LINE]}),
    (
        "SeatsReserved",
        {
            "reservationId": "o1",
            "reservationDetails": [LINE | {"quantity": 3}],
            "availableSeatsChanged": [LINE | {"quantity": -3}],
        },
    ),
    (
        "SeatsReserved",
        {
            "reservationId": "o2",
            "reservationDetails": [LINE | {"quantity": 2}],
            "availableSeatsChanged": [LINE | {"quantity": -2}],
        },
    ),
]


def test_seats_that_were_never_offered_are_taken_away() -> None:
    with log_of(*lived("seats-c", SEATS)) as store:
        told = corrected(store, 1, "wrong", {"seats": [LINE | {"quantity": 100}]})

        assert told == [("AvailableSeatsChanged", {"seats": [LINE | {"quantity": 90}]})]
        assert state(store, "seats-c")["remaining"] == {"hall": 95}


def test_a_reservation_that_should_not_be_gives_its_seats_back() -> None:
    with log_of(*lived("seats-c", SEATS)) as store:
        told = corrected(store, 2, "rejected")

        assert told == [
            ("AvailableSeatsChanged", {"seats": [LINE | {"quantity": 3}]}),
            ("SeatsReservationCancelled", {"reservationId": "o1", "availableSeatsChanged": []}),
        ]
        assert state(store, "seats-c") == {"remaining": {"hall": 8}, "pending": {"o2": {"hall": 2}}}


def test_a_reservation_of_more_seats_holds_them() -> None:
    more = SEATS[2][1] | {
        "reservationDetails": [LINE | {"quantity": 4}],
        "availableSeatsChanged": [LINE | {"quantity": -4}],
    }
    with log_of(*lived("seats-c", SEATS)) as store:
        corrected(store, 3, "wrong", more)

        found = state(store, "seats-c")
        assert found["remaining"] == {"hall": 3}
        assert found["pending"] == {"o1": {"hall": 3}, "o2": {"hall": 4}}


# Orders.

ORDER = [
    (
        "OrderPlaced",
        {
            "conferenceId": "c",
            "seats": [LINE | {"quantity": 2}],
            "reservationAutoExpiration": "2026-01-01T00:15:00+00:00",
            "accessCode": "ABCDE",
        },
    ),
    ("OrderTotalsCalculated", {"total": 2000, "lines": [], "isFreeOfCharge": False}),
    ("OrderConfirmed", {"isConfirmed": True}),
]


def test_the_total_of_an_order_that_was_priced_wrongly_is_put_right() -> None:
    right = {"total": 200, "lines": [], "isFreeOfCharge": False}
    with log_of(*lived("order-1", ORDER)) as store:
        told = corrected(store, 2, "wrong", right)

        assert [type_ for type_, _ in told] == ["OrderCorrected"]
        found = state(store, "order-1")
        assert (found["total"], found["isConfirmed"]) == (Decimal(200), True)
        assert (found["seats"], found["changes"]) == ({"hall": 2}, 1)


def test_an_order_that_was_never_confirmed_is_open_again() -> None:
    with log_of(*lived("order-1", ORDER)) as store:
        corrected(store, 3, "rejected")

        found = state(store, "order-1")
        assert (found["isConfirmed"], found["total"]) == (False, Decimal(2000))


# Seat assignments, types of seats, conferences, payments.

ADA = {"first": "Ada", "last": "Li", "email": "ada@example.org"}
BO = {"first": "Bo", "last": "Ek", "email": "bo@example.org"}
ASSIGN = [
    (
        "SeatAssignmentsCreated",
        {"orderId": "1", "seats": {"0": {"seatType": "hall"}, "1": {"seatType": "hall"}}},
    ),
    ("SeatAssigned", {"seats": {"0": {"attendee": ADA}}}),
    ("SeatAssigned", {"seats": {"1": {"attendee": BO}}}),
]


def test_who_sits_elsewhere_is_seated_there() -> None:
    with log_of(*lived("assign-1", ASSIGN)) as store:
        swapped = corrected(store, 2, "wrong", {"seats": {"0": {"attendee": BO}}})
        freed = corrected(store, 3, "rejected")

        assert swapped == [("SeatAssigned", {"seats": {"0": {"attendee": BO}}})]
        assert freed == [("SeatUnassigned", {"seats": {"1": {"attendee": None}}})]
        assert state(store, "assign-1")["attendees"] == {"0": BO}


def test_other_seats_are_made_anew_and_keep_who_has_them() -> None:
    made = {"orderId": "1", "seats": {"0": {"seatType": "vip"}, "1": {"seatType": "hall"}}}
    with log_of(*lived("assign-1", ASSIGN)) as store:
        told = corrected(store, 1, "wrong", made)

        assert [type_ for type_, _ in told] == ["SeatAssignmentsCreated", "SeatAssigned"]
        found = state(store, "assign-1")
        assert found["types"] == {"0": "vip", "1": "hall"}
        assert found["attendees"] == {"0": ADA, "1": BO}


OFFER = {"conferenceId": "c", "name": "Hall", "description": "", "price": 10, "quantity": 5}


def test_seats_are_offered_at_another_price() -> None:
    with log_of(*lived("seattype-hall", [("SeatCreated", OFFER)])) as store:
        told = corrected(store, 1, "wrong", OFFER | {"price": 100})

        assert [type_ for type_, _ in told] == ["SeatUpdated"]
        assert state(store, "seattype-hall")["price"] == Decimal(100)


def test_a_draft_names_its_type_which_a_correction_does_not_know() -> None:
    draft = OFFER | {"seatType": "hall"}
    with (
        log_of(*lived("seattype-hall", [("SeatDrafted", draft)])) as store,
        pytest.raises(NotAllReached, match="seattype-hall price"),
    ):
        corrected(store, 1, "wrong", draft | {"price": 100})


CONFERENCE: list[Told] = [
    ("ConferenceCreated", {"slug": "c", "name": "Conf", "location": "Lisbon", "accessCode": "A"}),
    ("ConferencePublished", {"isPublished": True}),
]


def test_a_conference_is_elsewhere_and_not_public() -> None:
    right = CONFERENCE[0][1] | {"location": "Porto"}
    with log_of(*lived("conference-c", CONFERENCE)) as store:
        moved = corrected(store, 1, "wrong", right)
        hidden = corrected(store, 2, "rejected", partly=True)

        assert [type_ for type_, _ in (*moved, *hidden)] == [
            "ConferenceUpdated",
            "ConferenceUnpublished",
        ]
        found = state(store, "conference-c")
        assert (found["location"], found["accessCode"]) == ("Porto", "A")
        assert (found["isPublished"], found["wasEverPublished"]) == (False, True)


def test_that_a_conference_was_once_public_is_out_of_reach() -> None:
    with (
        log_of(*lived("conference-c", CONFERENCE)) as store,
        pytest.raises(NotAllReached, match="conference-c wasEverPublished"),
    ):
        corrected(store, 2, "rejected")


def test_money_that_has_come_is_out_of_reach() -> None:
    payment = [
        (
            "PaymentInitiated",
            {
                "paymentId": "p",
                "sourceId": "1",
                "conferenceId": "c",
                "description": "",
                "totalAmount": 5,
                "currency": "USD",
                "items": [],
                "status": "Initiated",
            },
        ),
        ("PaymentCompleted", {"paymentId": "p", "sourceId": "1", "status": "Completed"}),
    ]
    with (
        log_of(*lived("payment-p", payment)) as store,
        pytest.raises(NotAllReached, match="payment-p status"),
    ):
        corrected(store, 2, "rejected")
