"""Organisers in the sample: what goes out when, and what is refused."""

from decimal import Decimal

import pytest

from resources.samples import conference_management as management
from resources.samples.conference_management import Conference, Outcome, SeatType
from resources.samples.rules import Refused

GA = SeatType(
    id="ga", name="General admission", description="All talks.", price=Decimal("199.00"), quantity=9
)
DRAFT = Conference(slug="gophercon", seat_types={"ga": GA})
PUBLIC = Conference(
    slug="gophercon", seat_types={"ga": GA}, is_published=True, was_ever_published=True
)


def types(outcome: Outcome) -> list[str]:
    return [sent.fact.type for sent in outcome[1]]


def test_a_new_conference_is_unpublished_and_goes_out() -> None:
    outcome = management.create("gophercon", {"name": "G"}, access_code="KX4TQ", taken=())

    assert types(outcome) == ["ConferenceCreated"]
    assert (outcome[0].is_published, outcome[0].access_code) == (False, "KX4TQ")
    assert outcome[1][0].fact.data == {"slug": "gophercon", "name": "G"}


def test_a_slug_is_used_once() -> None:
    with pytest.raises(Refused, match="slug"):
        management.create("gophercon", {}, access_code="KX4TQ", taken=["gophercon"])


def test_drafted_seats_go_out_with_the_first_publication_only() -> None:
    first = management.publish(DRAFT)
    again = management.publish(management.unpublish(first[0])[0])

    assert types(first) == ["SeatCreated", "ConferencePublished"]
    assert types(again) == ["ConferencePublished"]


def test_seats_of_a_draft_stay_at_home() -> None:
    assert types(management.add_seat_type(DRAFT, GA)) == []
    assert types(management.edit_seat_type(DRAFT, GA)) == []


def test_seats_of_what_was_ever_public_go_out_at_once() -> None:
    closed = management.unpublish(PUBLIC)[0]

    assert types(management.add_seat_type(closed, GA)) == ["SeatCreated"]
    assert types(management.edit_seat_type(closed, GA)) == ["SeatUpdated"]


def test_only_a_draft_can_lose_a_seat_type() -> None:
    assert management.delete_seat_type(DRAFT, "ga")[0].seat_types == {}
    with pytest.raises(Refused):
        management.delete_seat_type(PUBLIC, "ga")


def test_a_seat_type_must_exist_to_be_edited() -> None:
    with pytest.raises(Refused, match="no such seat type"):
        management.edit_seat_type(Conference(slug="gophercon"), GA)
