"""Conferences and seat types, as their organisers manage them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from msgspec.structs import replace

from replay.models.conference.lines import ConferenceId, SeatType
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel

ORGANISER: Final = frozenset({"organiser"})


class Owner(Struct, frozen=True, kw_only=True):
    """Who answers for a conference."""

    name: str = ""
    email: str = ""


class _Details(Event, frozen=True):
    """What is said of a conference."""

    slug: str
    name: str
    description: str = ""
    location: str = ""
    tagline: str = ""
    twitter_search: str = ""
    start: str = ""
    end: str = ""
    owner: Owner = Owner()


class ConferenceCreated(_Details, frozen=True):
    """A conference is planned; it is not public yet."""


class ConferenceUpdated(_Details, frozen=True):
    """It is described otherwise."""


class ConferencePublished(Event, frozen=True):
    """People can register."""

    is_published: bool


class ConferenceUnpublished(Event, frozen=True):
    """People cannot register any more."""

    is_published: bool


class SeatCreated(Event, frozen=True):
    """Seats of a type are offered."""

    conference_id: str
    name: str
    description: str
    price: Decimal
    quantity: int


class SeatUpdated(SeatCreated, frozen=True):
    """They are offered otherwise."""


class Conference(State, frozen=True):
    """What is known of a conference."""

    slug: str = ""
    name: str = ""
    location: str = ""
    is_published: bool = False
    was_ever_published: bool = False


class SeatTypeState(State, frozen=True):
    """What is known of a type of seats."""

    conference_id: str = ""
    name: str = ""
    description: str = ""
    price: Decimal = Decimal(0)
    quantity: int = 0


class CreateConference(Command, frozen=True):
    """Plan a conference."""

    slug: Annotated[str, Meta(title="Slug", pattern="^[a-z0-9-]+$", description="in its address")]
    name: Annotated[str, Meta(title="Name", min_length=1)]
    location: Annotated[str, Meta(title="Location")] = ""
    start: Annotated[str, Meta(title="First day", extra_json_schema={"format": "date"})] = ""
    end: Annotated[str, Meta(title="Last day", extra_json_schema={"format": "date"})] = ""


class PublishConference(Command, frozen=True):
    """Let people register."""

    slug: ConferenceId


class UnpublishConference(Command, frozen=True):
    """Let nobody register any more."""

    slug: ConferenceId


class OfferSeats(Command, frozen=True):
    """Offer seats of a type, or change what is offered."""

    seat_type: SeatType
    conference_id: ConferenceId
    name: Annotated[str, Meta(title="Name", min_length=1)]
    price: Annotated[Decimal, Meta(title="Price", extra_json_schema={"minimum": 0, "x-unit": "$"})]
    quantity: Annotated[int, Meta(title="Quantity", ge=0, extra_json_schema={"x-unit": "seats"})]
    description: Annotated[str, Meta(title="Description")] = ""


def evolve_conference(state: Conference, event: Event) -> Conference:
    """The conference after an event."""
    match event:
        case ConferenceCreated() | ConferenceUpdated():
            return replace(state, slug=event.slug, name=event.name, location=event.location)
        case ConferencePublished():
            return replace(state, is_published=True, was_ever_published=True)
        case ConferenceUnpublished():
            return replace(state, is_published=False)
    return state


def decide_conference(
    state: Conference, command: Command, _situation: Situation
) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, CreateConference):
        if state.slug:
            raise Refused("slug is unique", f"There is a conference {state.slug} already.")
        return [ConferenceCreated(slug=command.slug, name=command.name,
                                  location=command.location, start=command.start,
                                  end=command.end)]  # fmt: skip
    if not state.slug:
        raise Refused("conference exists", "There is no such conference.")
    if isinstance(command, PublishConference):
        return [] if state.is_published else [ConferencePublished(is_published=True)]
    return [ConferenceUnpublished(is_published=False)] if state.is_published else []


def evolve_seat_type(state: SeatTypeState, event: Event) -> SeatTypeState:
    """The seat type after an event."""
    if isinstance(event, SeatCreated):  # SeatUpdated is one too
        return SeatTypeState(
            conference_id=event.conference_id,
            name=event.name,
            description=event.description,
            price=event.price,
            quantity=event.quantity,
        )
    return state


def decide_seat_type(state: SeatTypeState, command: Any, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    type_ = SeatUpdated if state.conference_id else SeatCreated
    if state.conference_id not in ("", command.conference_id):
        raise Refused("one conference", f"The seats belong to {state.conference_id}.")
    return [
        type_(
            conference_id=command.conference_id,
            name=command.name,
            description=command.description,
            price=command.price,
            quantity=command.quantity,
        )
    ]


CONFERENCE: Final = TypedModel(
    name="conference",
    title="Conference",
    version=1,
    category="conference",
    state=Conference,
    events=(ConferenceCreated, ConferenceUpdated, ConferencePublished, ConferenceUnpublished),
    commands=(CreateConference, PublishConference, UnpublishConference),
    evolve=evolve_conference,
    decide=decide_conference,
    stream_of=lambda command: f"conference-{command.slug}",
    roles=dict.fromkeys((CreateConference, PublishConference, UnpublishConference), ORGANISER),
)
SEAT_TYPE: Final = TypedModel(
    name="seat type",
    title="Seat type",
    version=1,
    category="seattype",
    state=SeatTypeState,
    events=(SeatCreated, SeatUpdated),
    commands=(OfferSeats,),
    evolve=evolve_seat_type,
    decide=decide_seat_type,
    stream_of=lambda command: f"seattype-{command.seat_type}",
    roles={OfferSeats: ORGANISER},
)
MODELS: Final = (CONFERENCE, SEAT_TYPE)
