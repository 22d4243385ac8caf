"""The read models of the conference's guide: what each tells, and that an old event is ignored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import asdict

from replay.lab.memory_rows import MemoryRows, folded
from replay.projection import Projection
from replay.projections import (
    conferences,
    draft_orders,
    managed_orders,
    order_fulfilment,
    order_seats,
    priced_orders,
    seat_types,
)
from store.events import NewEvent, RecordedEvent
from store.memory import MemoryStore
from tests.replay.conference_office import Office
from tests.replay.models.written import written_streams

KEEPING_A_VERSION = [
    it.PROJECTION
    for it in (conferences, draft_orders, managed_orders, order_seats, priced_orders, seat_types)
]
ORGANISER = ("organiser",)
OWNER = {"name": "Ada", "email": "ada@example.org"}
LINES = [{"seatType": "workshop", "quantity": 1}]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline", quota=4)
    yield office
    office.close()


def told(office: Office, view: Projection[Any]) -> dict[Any, dict[str, Any]]:
    """The rows after everything there is, by key."""
    rows = [asdict(it) for it in folded(view, office.store.read())]
    return {tuple(it[name] for name in view.key): it for it in rows}


def offer(office: Office, conference: str, seat_type: str, **facts: Any) -> None:
    known = {"name": seat_type, "price": 10, "quantity": 2, "conferenceId": conference}
    office.do("OfferSeats", {"seatType": seat_type, **known, **facts}, roles=ORGANISER)
    office.settle()


# Conferences and their seats.


def test_a_conference_is_told_as_it_is_described_and_published(office: Office) -> None:
    facts = {"slug": "new", "name": "New", "owner": OWNER, "start": "2026-05-21"}
    office.do("CreateConference", facts, roles=ORGANISER)
    private = told(office, conferences.PROJECTION)["new",]
    office.do("PublishConference", {"slug": "new"}, roles=ORGANISER)
    office.do("UpdateConference", {"slug": "new", "location": "Lisbon"}, roles=ORGANISER)

    public = told(office, conferences.PROJECTION)["new",]

    assert (private["name"], private["is_published"], private["version"]) == ("New", False, 1)
    assert (public["location"], public["is_published"], public["version"]) == ("Lisbon", True, 3)
    assert public["first_day"] == "2026-05-21"


def test_a_seat_type_tells_what_is_offered_and_what_is_left(office: Office) -> None:
    office.register("A7", workshop=3)
    office.settle()
    held = told(office, seat_types.PROJECTION)["conf", "workshop"]
    office.wait(29)
    free = told(office, seat_types.PROJECTION)["conf", "workshop"]

    assert (held["price"], held["quantity"], held["available_quantity"]) == (500, 4, 1)
    assert (free["quantity"], free["available_quantity"]) == (4, 4)
    assert (free["version"], free["availability_version"]) == (1, 6)


def test_an_offer_that_is_changed_moves_what_is_left(office: Office) -> None:
    office.offer("party", 60, 1)

    row = told(office, seat_types.PROJECTION)["conf", "party"]

    assert (row["price"], row["quantity"], row["available_quantity"]) == (60, 1, 1)


def test_drafts_are_marked_until_they_are_published_and_gone_when_deleted(office: Office) -> None:
    office.do("CreateConference", {"slug": "new", "name": "New", "owner": OWNER}, roles=ORGANISER)
    offer(office, "new", "vip")
    offer(office, "new", "stage")
    office.do("DeleteSeatType", {"seatType": "stage"}, roles=ORGANISER)
    drafted = told(office, seat_types.PROJECTION)
    office.do("PublishConference", {"slug": "new"}, roles=ORGANISER)
    office.settle()

    published = told(office, seat_types.PROJECTION)["new", "vip"]

    assert drafted["new", "vip"]["is_draft"]
    assert ("new", "stage") not in drafted
    assert (published["is_draft"], published["available_quantity"]) == (False, 2)


# Orders.


def test_a_draft_order_goes_from_pending_to_confirmed(office: Office) -> None:
    states = []
    for wish in (5, 4):
        office.register("A7", workshop=wish)
        states.append(told(office, draft_orders.PROJECTION)["A7",]["state"])
        office.settle()
        states.append(told(office, draft_orders.PROJECTION)["A7",]["state"])
    office.pay("A7")
    office.settle()
    states.append(told(office, draft_orders.PROJECTION)["A7",]["state"])

    assert len(set(states)) == 4  # pending, partially reserved, pending again, reserved, confirmed
    assert states[0] == states[2]


def test_a_draft_order_hears_nothing_of_an_expiry_and_so_is_never_rejected(office: Office) -> None:
    """As in the original: its state Rejected is declared, and nothing sets it."""
    office.register("A7", workshop=1)
    office.settle()
    before = told(office, draft_orders.PROJECTION)
    office.wait(29)

    assert told(office, draft_orders.PROJECTION) == before
    assert "OrderExpired" not in (draft_orders.PROJECTION.listens or ())


def test_organisers_see_an_order_pending_then_paid(office: Office) -> None:
    office.register("A7", workshop=1)
    office.settle()
    office.register_person("A7")
    pending = told(office, managed_orders.PROJECTION)["A7",]
    office.pay("A7")
    office.settle()

    paid = told(office, managed_orders.PROJECTION)["A7",]

    assert (pending["status"], pending["registrant"]) == ("Pending", "Ada Lovelace")
    assert (pending["total"], pending["email"]) == (500, "ada@a.org")
    assert len(pending["access_code"]) == 5
    assert (paid["status"], paid["version"]) == ("Paid", 5)


def test_organisers_no_longer_see_an_order_that_expired(office: Office) -> None:
    office.register("A7", workshop=1)
    office.settle()
    assert ("A7",) in told(office, managed_orders.PROJECTION)
    office.wait(29)

    assert told(office, managed_orders.PROJECTION) == {}
    assert told(office, priced_orders.PROJECTION) == {}


def test_seats_of_a_confirmed_order_tell_who_has_them(office: Office) -> None:
    office.register("A7", workshop=1, party=1)
    office.settle()
    office.pay("A7")
    office.settle()
    ada = {"first": "Ada", "last": "Li", "email": "ada@example.org"}
    bob = {"first": "Bob", "last": "Ra", "email": "bob@example.org"}
    for position, attendee in ((0, ada), (1, bob), (0, ada | {"last": "King"}), (1, ada)):
        office.do("AssignSeat", {"orderId": "A7", "position": position, "attendee": attendee})
    office.do("UnassignSeat", {"orderId": "A7", "position": 1})

    rows = told(office, order_seats.PROJECTION)

    assert {key: (it["seat_type"], it["last_name"], it["email"]) for key, it in rows.items()} == {
        ("A7", "0"): ("workshop", "King", "ada@example.org"),
        ("A7", "1"): ("party", "", ""),
    }


# A row is what its view lists: what is known before there is one stands in the lookup table.


def of(type_: str, stream: str, version: int = 1, **data: Any) -> RecordedEvent:
    store = MemoryStore()
    for number in range(1, version + 1):
        known = data if number == version else {}
        event = NewEvent.of(type_ if number == version else "Other", known)
        store.append(stream, [event], expected=None)
    return structs.replace(next(store.read_stream(stream, reverse=True, limit=1)), position=version)


def test_seats_that_are_counted_before_they_are_offered_are_no_seat_type_yet() -> None:
    counted = of("AvailableSeatsChanged", "seats-conf", 2, seats=[ga(9), ga(-2), "no line"])
    again = of("SeatsReserved", "seats-conf", 3, availableSeatsChanged=[ga(-1)])
    offered = of("SeatCreated", "seattype-ga", conferenceId="conf", name="General", quantity=9)

    (row,) = folded(seat_types.PROJECTION, [counted, again, counted, offered])

    assert folded(seat_types.PROJECTION, [counted, again]) == []
    assert (row.name, row.available_quantity, row.availability_version) == ("General", 8, 3)


def test_an_offer_after_another_was_deleted_begins_with_no_seats_but_those_counted_since() -> None:
    events = [
        of("SeatDrafted", "seattype-ga", conferenceId="conf", name="Draft"),
        of("AvailableSeatsChanged", "seats-conf", 2, seats=[ga(9)]),
        of("SeatDraftDeleted", "seattype-ga", 2, conferenceId="conf"),
        of("AvailableSeatsChanged", "seats-conf", 3, seats=[ga(4)]),
        of("SeatCreated", "seattype-ga", 3, conferenceId="conf", name="General"),
    ]

    (row,) = folded(seat_types.PROJECTION, events)

    assert folded(seat_types.PROJECTION, events[:4]) == []
    assert (row.name, row.available_quantity) == ("General", 4)


def ga(quantity: int) -> dict[str, Any]:
    return {"seatType": "ga", "quantity": quantity}


def test_a_payment_that_is_begun_for_what_is_no_order_is_no_order() -> None:
    begun = of("PaymentInitiated", "payment-p", sourceId="A7", totalAmount=199)
    paid = of("PaymentCompleted", "payment-p", 2, sourceId="A7")
    placed = of("OrderPlaced", "order-A7")
    priced = of("OrderTotalsCalculated", "order-A7", 2, total=199)

    (late,) = folded(order_fulfilment.PROJECTION, [begun, placed, priced, paid])
    (stray,) = folded(order_fulfilment.PROJECTION, [begun, paid])

    assert folded(order_fulfilment.PROJECTION, [begun]) == []
    assert (late.status, late.paid, late.total) == ("paid, not confirmed", 199, 199)
    assert (stray.order, stray.status, stray.paid) == ("", "needs attention", 199)


# Every one of them keeps the last version and ignores that one and older ones.


@pytest.fixture(scope="module")
def history() -> list[RecordedEvent]:
    """A conference in which everything happens."""
    found = {
        it.position: it
        for events in written_streams().values()
        for it in events
        if it.stream.partition("-")[0] != "customer"
    }
    return [found[position] for position in sorted(found)]


@pytest.mark.parametrize("view", KEEPING_A_VERSION, ids=lambda it: it.name)
def test_an_event_that_comes_twice_counts_once(
    view: Projection[Any], history: list[RecordedEvent]
) -> None:
    twice = [event for event in history for _ in range(2)]

    assert folded(view, twice) == folded(view, history) != []


@pytest.mark.parametrize("view", KEEPING_A_VERSION, ids=lambda it: it.name)
def test_an_event_that_comes_again_later_changes_no_row_that_there_is(
    view: Projection[Any], history: list[RecordedEvent]
) -> None:
    rows = MemoryRows(view)
    for at, event in enumerate(history):
        if event.type in (view.listens or ()):
            view.apply(rows, event, ())
        for old in history[:at]:
            known = dict(rows.rows)
            if old.type in (view.listens or ()):
                view.apply(rows, old, ())
            assert {key: rows.rows.get(key) for key in known} == known, (old.type, event.type)
            rows.rows = known
