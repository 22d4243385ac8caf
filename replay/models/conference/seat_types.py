"""A type of seats: drafted in private, offered once its conference was published."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta

from replay.models.conference.lines import ConferenceId, SeatType
from replay.models.conference.management import ORGANISER
from replay.typed_model import Command, Elsewhere, Event, Refused, Situation, State, TypedModel

BY_PROCESS: Final = frozenset({"process"})


class SeatCreated(Event, frozen=True):
    """Seats of a type are offered."""

    conference_id: str
    name: str
    description: str
    price: Decimal
    quantity: int


class SeatUpdated(SeatCreated, frozen=True):
    """They are offered otherwise."""


class SeatDrafted(SeatCreated, frozen=True):
    """They are planned; nobody but the organisers knows of them."""

    seat_type: str


class SeatDraftDeleted(Event, frozen=True):
    """They are planned no more."""

    conference_id: str
    seat_type: str


class SeatTypeState(State, frozen=True):
    """What is known of a type of seats."""

    conference_id: str = ""
    name: str = ""
    description: str = ""
    price: Decimal = Decimal(0)
    quantity: int = 0
    is_draft: bool = False


class OfferSeats(Command, frozen=True):
    """Offer seats of a type, or change what is offered.

    Until the conference was published once, they are drafts.
    """

    seat_type: SeatType
    conference_id: ConferenceId
    name: Annotated[str, Meta(title="Name", min_length=1)]
    price: Annotated[Decimal, Meta(title="Price", extra_json_schema={"minimum": 0, "x-unit": "$"})]
    quantity: Annotated[int, Meta(title="Quantity", ge=0, extra_json_schema={"x-unit": "seats"})]
    description: Annotated[str, Meta(title="Description")] = ""


class DeleteSeatType(Command, frozen=True):
    """Drop seats of a type, as long as the conference was never published."""

    seat_type: SeatType


class AnnounceSeats(Command, frozen=True):
    """Offer seats that were drafted before their conference was published."""

    seat_type: SeatType


def evolve(state: SeatTypeState, event: Event) -> SeatTypeState:
    """The seat type after an event."""
    if isinstance(event, SeatDraftDeleted):
        return SeatTypeState()
    if isinstance(event, SeatCreated):  # the others are one too
        return SeatTypeState(
            conference_id=event.conference_id,
            name=event.name,
            description=event.description,
            price=event.price,
            quantity=event.quantity,
            is_draft=isinstance(event, SeatDrafted),
        )
    return state


def decide(state: SeatTypeState, command: Command, situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, OfferSeats):
        return [_offered(state, command, situation)]
    if not state.conference_id:
        raise Refused("seat type exists", "There is no such seat type.")
    match command:
        case DeleteSeatType():
            return [_deleted(state, command, situation)]
        case AnnounceSeats():
            return [SeatCreated(**_offer(state))] if state.is_draft else []
    raise TypeError(f"no seat type command: {type(command).__name__}")


def _offered(state: SeatTypeState, command: OfferSeats, situation: Situation) -> Event:
    if state.conference_id not in ("", command.conference_id):
        raise Refused("one conference", f"The seats belong to {state.conference_id}.")
    offer = _offer(command)
    if not _is_public(command.conference_id, situation):
        return SeatDrafted(**offer, seat_type=command.seat_type)
    is_new = state.is_draft or not state.conference_id
    return SeatCreated(**offer) if is_new else SeatUpdated(**offer)


def _deleted(state: SeatTypeState, command: DeleteSeatType, situation: Situation) -> Event:
    if not state.is_draft or _is_public(state.conference_id, situation):
        raise Refused("never published", "Seats of a conference that was once public stay.")
    return SeatDraftDeleted(conference_id=state.conference_id, seat_type=command.seat_type)


def _corrected(now: SeatTypeState, should_be: SeatTypeState) -> Sequence[Event]:
    """Offered as they should be; the stock follows. A draft names its type, which the state does
    not hold, and what was offered stays."""
    if should_be.is_draft or not should_be.conference_id:
        return []
    offer = _offer(should_be)
    is_new = now.is_draft or not now.conference_id
    return [SeatCreated(**offer) if is_new else SeatUpdated(**offer)]


def _ruled_out_deleting(state: SeatTypeState) -> str:
    is_draft = state.is_draft or not state.conference_id
    return "" if is_draft else "Seats of a conference that was once public stay."


def _is_public(conference_id: str, situation: Situation) -> bool:
    """Whether it was ever; one that is managed elsewhere, and so unknown here, is."""
    conference = situation.state_of(f"conference-{conference_id}")
    return conference.was_ever_published or not conference.slug


def _offer(source: Any) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SeatCreated.__struct_fields__}


def _offered_as_before(before: SeatTypeState, _event: Event) -> OfferSeats:
    if not before.conference_id:
        raise LookupError("nothing is known of the seats before it")
    return OfferSeats(seat_type="", **_offer(before))


def _drafted_as_before(before: SeatTypeState, event: Event) -> OfferSeats | DeleteSeatType:
    return (
        _offered_as_before(before, event) if before.conference_id else DeleteSeatType(seat_type="")
    )


MODEL: Final = TypedModel(
    name="seat type",
    title="Seat type",
    version=2,
    category="seattype",
    state=SeatTypeState,
    events=(SeatCreated, SeatUpdated, SeatDrafted, SeatDraftDeleted),
    commands=(OfferSeats, DeleteSeatType, AnnounceSeats),
    evolve=evolve,
    decide=decide,
    stream_of=lambda command: f"seattype-{command.seat_type}",
    elsewhere={DeleteSeatType: Elsewhere.LOCK},  # not while the conference is being published
    reads={OfferSeats: ("conference",), DeleteSeatType: ("conference",)},
    ruled_out={
        DeleteSeatType: _ruled_out_deleting,
        AnnounceSeats: lambda it: "" if it.is_draft else "The seats are no draft.",
    },
    undo={
        SeatUpdated: _offered_as_before,
        SeatDrafted: _drafted_as_before,
        SeatDraftDeleted: _offered_as_before,
    },
    final={SeatCreated: "Seats that were offered stay; offer them otherwise, or none of them."},
    redecided=frozenset({AnnounceSeats}),
    correct=_corrected,
    roles={
        OfferSeats: ORGANISER,
        DeleteSeatType: ORGANISER,
        AnnounceSeats: ORGANISER | BY_PROCESS,
    },
)
