"""What organisers may do, and when what they offer goes out."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replay.commands.command_form import errors_in
from replay.models.conference import management, seat_types
from replay.models.conference.management import (
    ConferenceCreated,
    CreateConference,
    NewOwner,
    Owner,
    PublishConference,
    UnpublishConference,
    UpdateConference,
)
from replay.models.conference.seat_types import DeleteSeatType, OfferSeats
from replay.typed_model import Command, Refused
from tests.replay.answers import refusal
from tests.replay.conference_office import Office
from tests.replay.issued import issued
from tests.replay.models.conference.rehearsal import Known, Rehearsal, decided, names

OWNER = NewOwner(name="Ada", email="ada@example.org")
CREATE = CreateConference(slug="gopher", name="Gopher", owner=OWNER, tagline="Facts first")
PUBLISH, HIDE = PublishConference(slug="gopher"), UnpublishConference(slug="gopher")
DELETE = DeleteSeatType(seat_type="ga")


OWNED = {"name": "Ada", "email": "ada@example.org"}


def offer(seat_type: str = "ga", *, quantity: int = 9, conference: str = "gopher") -> OfferSeats:
    return OfferSeats(
        seat_type=seat_type,
        conference_id=conference,
        name=seat_type,
        price=Decimal(199),
        quantity=quantity,
    )


def after(*commands: Command) -> Rehearsal:
    """A conference that was managed so, with everything heard after each command."""
    rehearsal = Rehearsal()
    for command in commands:
        rehearsal.issue(command)
        rehearsal.settle()
    return rehearsal


def seat_events(*commands: Command) -> list[str]:
    """The events about seats on offer, of every type."""
    of_seats = {it.__name__ for it in seat_types.MODEL.events}
    return [it.type for it in after(*commands).log if it.type in of_seats]


# The conference itself.


def test_a_new_conference_is_not_public_and_its_owner_gets_a_code_of_five_letters() -> None:
    state, (created,) = decided(management.MODEL, CREATE, knowing=Known(ids="kx4tq-9"))

    assert isinstance(created, ConferenceCreated)
    assert (state.is_published, state.was_ever_published) == (False, False)
    assert created.access_code == state.access_code == "KX4TQ"
    assert created.owner == Owner(name="Ada", email="ada@example.org")


def test_a_slug_is_used_once() -> None:
    with pytest.raises(Refused, match="a conference gopher already") as refused:
        decided(management.MODEL, CREATE, CREATE)

    assert refused.value.rule == "slug is unique"


@pytest.mark.parametrize("slug", ["", "Gopher", "gopher con", "gopher/con"])
def test_a_slug_can_stand_in_an_address(slug: str) -> None:
    data = {"slug": slug, "name": "G", "owner": {"name": "Ada", "email": "ada@example.org"}}

    assert [it.path for it in errors_in(CreateConference, data)] == [("slug",)]


@pytest.mark.parametrize("command", [PUBLISH, HIDE, UpdateConference(slug="gopher")])
def test_only_a_conference_that_there_is_can_be_managed(command: Command) -> None:
    with pytest.raises(Refused, match="no such conference"):
        decided(management.MODEL, command)


def test_it_is_published_and_hidden_as_often_as_wished_and_each_once() -> None:
    _, events = decided(management.MODEL, CREATE, HIDE, PUBLISH, PUBLISH, HIDE, HIDE, PUBLISH)

    assert names(events) == [
        "ConferenceCreated",
        "ConferencePublished",
        "ConferenceUnpublished",
        "ConferencePublished",
    ]


def test_an_update_says_all_and_leaves_what_it_does_not_name() -> None:
    changed = UpdateConference(slug="gopher", location="Lisbon")

    state, events = decided(management.MODEL, CREATE, changed, changed)

    assert names(events) == ["ConferenceCreated", "ConferenceUpdated"]
    assert (state.location, state.tagline, state.name) == ("Lisbon", "Facts first", "Gopher")
    assert state.owner.email == "ada@example.org"
    assert len(state.access_code) == 5


# Its seats.


def test_seats_of_a_draft_stay_at_home() -> None:
    assert seat_events(CREATE, offer(), offer(quantity=4)) == ["SeatDrafted", "SeatDrafted"]


def test_all_drafted_seats_go_out_with_the_first_publication_only() -> None:
    drafted = (CREATE, offer("ga"), offer("party"))

    assert seat_events(*drafted, PUBLISH)[2:] == ["SeatCreated", "SeatCreated"]
    assert seat_events(*drafted, PUBLISH, HIDE, PUBLISH)[2:] == ["SeatCreated", "SeatCreated"]


@pytest.mark.parametrize("managed", [(PUBLISH,), (PUBLISH, HIDE)])
def test_seats_of_what_was_ever_public_go_out_at_once(managed: tuple[Command, ...]) -> None:
    assert seat_events(CREATE, *managed, offer(), offer(quantity=4)) == [
        "SeatCreated",
        "SeatUpdated",
    ]


def test_a_draft_that_went_out_is_updated_from_then_on() -> None:
    assert seat_events(CREATE, offer(), PUBLISH, offer(quantity=4)) == [
        "SeatDrafted",
        "SeatCreated",
        "SeatUpdated",
    ]


def test_a_draft_changed_while_it_is_being_published_goes_out_once() -> None:
    rehearsal = after(CREATE, offer())
    for command in (PUBLISH, offer(quantity=4)):
        rehearsal.issue(command)
    rehearsal.settle()

    assert rehearsal.types("seattype-ga") == ["SeatDrafted", "SeatCreated"]
    assert rehearsal.state("seats-gopher").remaining == {"ga": 4}


def test_seats_can_be_deleted_only_while_the_conference_was_never_public() -> None:
    assert seat_events(CREATE, offer(), DELETE) == ["SeatDrafted", "SeatDraftDeleted"]

    for managed in ((PUBLISH,), (PUBLISH, HIDE)):
        rehearsal = after(CREATE, offer(), *managed)
        with pytest.raises(Refused, match="once public stay"):
            rehearsal.issue(DELETE)


def test_seats_deleted_can_be_drafted_again_and_unknown_ones_not_deleted() -> None:
    assert seat_events(CREATE, offer(), DELETE, offer(), PUBLISH)[-1] == "SeatCreated"
    with pytest.raises(Refused, match="no such seat type"):
        after(CREATE, DELETE)


def test_seats_belong_to_one_conference() -> None:
    with pytest.raises(Refused, match="belong to gopher"):
        after(CREATE, offer(), offer(conference="other"))


# Who.


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline")
    yield office
    office.close()


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("CreateConference", {"slug": "new", "name": "New", "owner": OWNED}),
        ("PublishConference", {"slug": "conf"}),
        (
            "OfferSeats",
            {"seatType": "vip", "conferenceId": "conf", "name": "V", "price": 1, "quantity": 1},
        ),
        ("DeleteSeatType", {"seatType": "party"}),
    ],
)
def test_only_organisers_manage(office: Office, command: str, data: dict[str, Any]) -> None:
    answered = office.handler.issue(issued(command, data, roles=("registrant",)))

    assert refusal(answered).rule == "authorisation"
    assert "needs the role organiser" in refusal(answered).reason
