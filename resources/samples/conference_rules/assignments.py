"""Who sits on which seat of a confirmed order, one position for each seat."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from resources.samples.conference_rules.seat_lines import Seats
from resources.samples.rules import Fact, Refused, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    first: str
    last: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignments:
    """Positions count from 0; None is a seat nobody has yet."""

    attendees: Mapping[int, Attendee | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSeatAssignments:
    order_id: str
    seats: Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignSeat:
    position: int
    attendee: Attendee


@dataclass(frozen=True, slots=True, kw_only=True)
class UnassignSeat:
    position: int


AssignmentCommand: TypeAlias = CreateSeatAssignments | AssignSeat | UnassignSeat


def decide(state: Assignments, command: AssignmentCommand) -> tuple[Fact, ...]:
    match command:
        case CreateSeatAssignments():
            return (_created(command),)
        case AssignSeat():
            return _assigned(_occupant(state, command.position), command)
        case UnassignSeat():
            occupied = _occupant(state, command.position) is not None
            return (_unassigned(command.position),) if occupied else ()


def evolve(state: Assignments, fact: Fact) -> Assignments:
    """Each event names the positions it is about and what is new about them."""
    attendees = dict(state.attendees)
    for position, seat in fact.data["seats"].items():
        attendee = seat.get("attendee")
        attendees[int(position)] = Attendee(**attendee) if attendee else None
    return Assignments(attendees=attendees)


def _occupant(state: Assignments, position: int) -> Attendee | None:
    if position not in state.attendees:
        raise Refused(f"there is no seat at position {position}")
    return state.attendees[position]


def _created(command: CreateSeatAssignments) -> Fact:
    types = [seat for seat, quantity in command.seats.items() for _ in range(quantity)]
    seats = {str(position): {"seatType": seat} for position, seat in enumerate(types)}
    return Fact(type="SeatAssignmentsCreated", data={"orderId": command.order_id, "seats": seats})


def _assigned(occupant: Attendee | None, command: AssignSeat) -> tuple[Fact, ...]:
    attendee, position = command.attendee, command.position
    if not attendee.email:
        raise Refused("an attendee needs an email address")
    if occupant == attendee:
        return ()
    if occupant is None:
        return (_fact("SeatAssigned", position, attendee),)
    if occupant.email.lower() == attendee.email.lower():
        return (_fact("SeatAssignmentUpdated", position, attendee),)
    return _unassigned(position), _fact("SeatAssigned", position, attendee)


def _unassigned(position: int) -> Fact:
    return _fact("SeatUnassigned", position, None)


def _fact(type_: str, position: int, attendee: Attendee | None) -> Fact:
    return Fact(type=type_, data={"seats": {str(position): {"attendee": _as_data(attendee)}}})


def _as_data(attendee: Attendee | None) -> dict[str, Any] | None:
    if attendee is None:
        return None
    return {"first": attendee.first, "last": attendee.last, "email": attendee.email}


ASSIGNMENTS: Final = Rules(initial=Assignments, evolve=evolve, decide=decide)
