"""Seats that are offered come into stock: by the difference, and an edit of words by nothing."""

from decimal import Decimal
from typing import Any

import pytest

from replay.models.conference.lines import wanted
from replay.models.conference.management import (
    CreateConference,
    NewOwner,
    PublishConference,
    UnpublishConference,
)
from replay.models.conference.orders import RegisterToConference
from replay.models.conference.seat_types import DeleteSeatType, OfferSeats
from replay.models.conference.seats import AddSeats, RemoveSeats
from tests.replay.models.conference.rehearsal import Rehearsal

OWNER = NewOwner(name="Ada", email="ada@example.org")
CREATE = CreateConference(slug="gopher", name="Gopher", owner=OWNER)
PUBLISH = PublishConference(slug="gopher")


def offer(seat_type: str = "ga", **facts: Any) -> OfferSeats:
    known: dict[str, Any] = {"name": "General", "price": Decimal(199), "quantity": 9}
    return OfferSeats(seat_type=seat_type, conference_id="gopher", **known | facts)


def added(quantity: int, seat_type: str = "ga") -> AddSeats:
    return AddSeats(conference_id="gopher", seat_type=seat_type, quantity=quantity)


def removed(quantity: int) -> RemoveSeats:
    return RemoveSeats(conference_id="gopher", seat_type="ga", quantity=quantity)


def stock_moves(*commands: object) -> list[object]:
    """What the stock was told, with everything heard after each command."""
    rehearsal = Rehearsal()
    for command in commands:
        rehearsal.issue(command)  # type: ignore[arg-type]
        rehearsal.settle()
    return [it for it in rehearsal.sent if isinstance(it, AddSeats | RemoveSeats)]


def test_a_conference_made_here_from_nothing_sells_its_seats() -> None:
    rehearsal = Rehearsal()
    for command in (CREATE, offer(), PUBLISH):
        rehearsal.issue(command)
    rehearsal.settle()

    seats = wanted({"ga": 2})
    rehearsal.issue(RegisterToConference(order_id="o1", conference_id="gopher", seats=seats))
    rehearsal.settle()

    assert rehearsal.state("seats-gopher").remaining == {"ga": 7}
    assert rehearsal.types("order-o1")[-1] == "OrderReservationCompleted"


def test_drafts_are_no_stock_until_the_conference_is_published() -> None:
    assert stock_moves(CREATE, offer(), offer(quantity=4)) == []
    assert stock_moves(CREATE, offer(), offer(quantity=4), PUBLISH) == [added(4)]


def test_a_draft_that_was_deleted_never_comes_into_stock() -> None:
    drop = DeleteSeatType(seat_type="party")

    assert stock_moves(CREATE, offer(), offer("party"), drop, PUBLISH) == [added(9)]


@pytest.mark.parametrize(
    ("change", "move"),
    [
        ({"quantity": 12}, added(3)),
        ({"quantity": 4}, removed(5)),
        ({"quantity": 0}, removed(9)),
        ({"description": "All talks."}, removed(0)),
    ],
)
def test_another_offer_moves_the_difference_even_when_there_is_none(
    change: dict[str, Any], move: object
) -> None:
    assert stock_moves(CREATE, offer(), PUBLISH, offer(**change))[1:] == [move]


def test_offers_that_are_heard_together_each_move_their_own_difference() -> None:
    rehearsal = Rehearsal()
    for command in (CREATE, PUBLISH, offer(), offer(quantity=12), offer(quantity=5)):
        rehearsal.issue(command)
    rehearsal.settle()

    assert rehearsal.state("seats-gopher").remaining == {"ga": 5}


def test_publishing_again_adds_nothing() -> None:
    hide = UnpublishConference(slug="gopher")

    assert stock_moves(CREATE, offer(), PUBLISH, hide, PUBLISH) == [added(9)]


def test_seats_offered_while_a_once_public_conference_is_hidden_come_into_stock_at_once() -> None:
    hide = UnpublishConference(slug="gopher")

    assert stock_moves(CREATE, PUBLISH, hide, offer()) == [added(9)]


def test_an_edit_of_the_description_alone_records_a_change_of_no_seats() -> None:
    """The fault of the reference implementation: its handler sends a removal of 0."""
    rehearsal = Rehearsal()
    for command in (CREATE, offer(), PUBLISH, offer(description="All talks.")):
        rehearsal.issue(command)
        rehearsal.settle()

    changes = [it.data["seats"] for it in rehearsal.log if it.type == "AvailableSeatsChanged"]

    assert changes == [[{"seatType": "ga", "quantity": 9}], [{"seatType": "ga", "quantity": 0}]]
