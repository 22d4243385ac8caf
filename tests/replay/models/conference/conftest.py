"""A conference that is on sale, and an order whose seat is held."""

from decimal import Decimal

import pytest

from replay.models.conference.registration_state import RESERVED
from replay.models.conference.seat_types import OfferSeats
from tests.replay.models.conference.registrations import register, state
from tests.replay.models.conference.rehearsal import Rehearsal


@pytest.fixture
def on_sale() -> Rehearsal:
    """A conference with nine seats of each type."""
    rehearsal = Rehearsal()
    for seat_type, price in (("ga", 199), ("ticket", 0)):
        offer = OfferSeats(
            seat_type=seat_type,
            conference_id="gopher",
            name=seat_type,
            price=Decimal(price),
            quantity=9,
        )
        rehearsal.issue(offer)
    rehearsal.settle()
    rehearsal.sent.clear()
    return rehearsal


@pytest.fixture
def reserved(on_sale: Rehearsal) -> Rehearsal:
    """An order whose seat is held."""
    register(on_sale)
    on_sale.settle()
    on_sale.sent.clear()
    assert state(on_sale) == RESERVED
    return on_sale
