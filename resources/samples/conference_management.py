"""What organisers do: plain records changed in place, and the events sent out about them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from resources.samples.rules import Fact, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatType:
    id: str
    name: str
    description: str
    price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """The record that organisers edit. A new one is unpublished."""

    slug: str
    details: Mapping[str, Any] = field(default_factory=dict)
    access_code: str = ""  # for its owner
    seat_types: Mapping[str, SeatType] = field(default_factory=dict)
    is_published: bool = False
    was_ever_published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOut:
    """An integration event and the thing it is about: the conference, or one of its seat types."""

    fact: Fact
    seat_type: str | None = None


Outcome: TypeAlias = tuple[Conference, tuple[SentOut, ...]]


def create(
    slug: str, details: Mapping[str, Any], *, access_code: str, taken: Collection[str]
) -> Outcome:
    if slug in taken:
        raise Refused("another conference has this slug")
    conference = Conference(slug=slug, details=dict(details), access_code=access_code)
    return conference, (_about("ConferenceCreated", conference),)


def edit(conference: Conference, changes: Mapping[str, Any]) -> Outcome:
    edited = replace(conference, details={**conference.details, **changes})
    return edited, (_about("ConferenceUpdated", edited),)


def publish(conference: Conference) -> Outcome:
    """The first time, all seat types drafted until then go out as well."""
    published = replace(conference, is_published=True, was_ever_published=True)
    drafts = () if conference.was_ever_published else tuple(conference.seat_types.values())
    created = tuple(_seats("SeatCreated", conference, seat) for seat in drafts)
    fact = Fact(type="ConferencePublished", data={"isPublished": True})
    return published, (*created, SentOut(fact=fact))


def unpublish(conference: Conference) -> Outcome:
    fact = Fact(type="ConferenceUnpublished", data={"isPublished": False})
    return replace(conference, is_published=False), (SentOut(fact=fact),)


def add_seat_type(conference: Conference, seat: SeatType) -> Outcome:
    is_public = conference.was_ever_published
    sent = (_seats("SeatCreated", conference, seat),) if is_public else ()
    return _with_seat_type(conference, seat), sent


def edit_seat_type(conference: Conference, seat: SeatType) -> Outcome:
    if seat.id not in conference.seat_types:
        raise Refused("the conference has no such seat type")
    is_public = conference.was_ever_published
    sent = (_seats("SeatUpdated", conference, seat),) if is_public else ()
    return _with_seat_type(conference, seat), sent


def delete_seat_type(conference: Conference, seat_type: str) -> Outcome:
    if conference.was_ever_published:
        raise Refused("seats of a conference that was once public stay")
    left = {id_: seat for id_, seat in conference.seat_types.items() if id_ != seat_type}
    return replace(conference, seat_types=left), ()


def _with_seat_type(conference: Conference, seat: SeatType) -> Conference:
    return replace(conference, seat_types={**conference.seat_types, seat.id: seat})


def _about(type_: str, conference: Conference) -> SentOut:
    data = {"slug": conference.slug, **conference.details}
    return SentOut(fact=Fact(type=type_, data=data))


def _seats(type_: str, conference: Conference, seat: SeatType) -> SentOut:
    data = {
        "conferenceId": conference.slug,
        "name": seat.name,
        "description": seat.description,
        "price": seat.price,
        "quantity": seat.quantity,
    }
    return SentOut(fact=Fact(type=type_, data=data), seat_type=seat.id)
