"""Who sits on which seat of a confirmed order, one position for each seat, from 0."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta, Struct, field

from replay.models.conference.lines import Email, OrderId, SeatLine, counted
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel

Position = Annotated[int, Meta(title="Seat", ge=0, description="counted from 0")]


class Attendee(Struct, frozen=True, kw_only=True):
    """Who comes."""

    first: Annotated[str, Meta(title="First name", min_length=1)]
    last: Annotated[str, Meta(title="Last name", min_length=1)]
    email: Email


class Recorded(Struct, frozen=True, kw_only=True):
    """An attendee as it was recorded, whatever was valid then."""

    first: str
    last: str
    email: str


class NewSeat(Struct, frozen=True, kw_only=True, rename="camel"):
    """A seat nobody has yet."""

    seat_type: str


class Taken(Struct, frozen=True, kw_only=True):
    """Who has a seat now; null for nobody."""

    attendee: Recorded | None


class SeatAssignmentsCreated(Event, frozen=True):
    """The order has these seats, by position."""

    order_id: str
    seats: dict[str, NewSeat]


class SeatAssigned(Event, frozen=True):
    """Somebody has the seat."""

    seats: dict[str, Taken]


class SeatUnassigned(Event, frozen=True):
    """Nobody has it any more."""

    seats: dict[str, Taken]


class SeatAssignmentUpdated(Event, frozen=True):
    """The same person goes by another name."""

    seats: dict[str, Taken]


class Assignments(State, frozen=True):
    """By position: the type of the seat, and who has it."""

    order_id: str = ""
    types: dict[str, str] = field(default_factory=dict)
    attendees: dict[str, Recorded] = field(default_factory=dict)


class CreateSeatAssignments(Command, frozen=True):
    """Make a position for each seat of a confirmed order."""

    order_id: OrderId
    seats: Annotated[tuple[SeatLine, ...], Meta(title="Seats")]


class AssignSeat(Command, frozen=True):
    """Give a seat to somebody."""

    order_id: OrderId
    position: Position
    attendee: Annotated[Attendee, Meta(title="Attendee")]


class UnassignSeat(Command, frozen=True):
    """Take a seat back."""

    order_id: OrderId
    position: Position


def evolve(state: Assignments, event: Event) -> Assignments:
    """The seats after an event."""
    match event:
        case SeatAssignmentsCreated():
            types = {at: seat.seat_type for at, seat in event.seats.items()}
            return Assignments(order_id=event.order_id, types=types)
        case SeatAssigned() | SeatUnassigned() | SeatAssignmentUpdated():
            attendees = dict(state.attendees)
            for at, seat in event.seats.items():
                attendees.pop(at, None)
                if seat.attendee is not None:
                    attendees[at] = seat.attendee
            return Assignments(order_id=state.order_id, types=state.types, attendees=attendees)
    return state


def decide(state: Assignments, command: Command, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    match command:
        case CreateSeatAssignments():
            return [] if state.order_id else [_created(command)]
        case AssignSeat():
            return _assigned(state, command)
        case UnassignSeat():
            at = _seat(state, command.position)
            return (
                [SeatUnassigned(seats={at: Taken(attendee=None)})] if at in state.attendees else []
            )
    raise TypeError(f"no seat assignment command: {type(command).__name__}")


def _created(command: CreateSeatAssignments) -> Event:
    types = [seat for seat, quantity in counted(command.seats).items() for _ in range(quantity)]
    seats = {str(at): NewSeat(seat_type=seat) for at, seat in enumerate(types)}
    return SeatAssignmentsCreated(order_id=command.order_id, seats=seats)


def _assigned(state: Assignments, command: AssignSeat) -> Sequence[Event]:
    at = _seat(state, command.position)
    wanted = command.attendee
    now = Recorded(first=wanted.first, last=wanted.last, email=wanted.email)
    before, taken = state.attendees.get(at), {at: Taken(attendee=now)}
    if before == now:
        return []
    if before is None:
        return [SeatAssigned(seats=taken)]
    if before.email.lower() == now.email.lower():
        return [SeatAssignmentUpdated(seats=taken)]
    return [SeatUnassigned(seats={at: Taken(attendee=None)}), SeatAssigned(seats=taken)]


def _seat(state: Assignments, position: int) -> str:
    if str(position) not in state.types:
        raise Refused("seat exists", f"The order has no seat at position {position}.")
    return str(position)


def _ruled_out_making(state: Assignments) -> str:
    return "The order has its seats already." if state.order_id else ""


def _ruled_out_taking(state: Assignments) -> str:
    return "" if state.types else "The order has no seats."


def _seats_in_words(event: SeatAssignmentsCreated) -> str:
    types = [it.seat_type for it in event.seats.values()]
    return ", ".join(f"{types.count(it):,} × {it}" for it in dict.fromkeys(types))


def _takers_in_words(event: SeatAssigned | SeatUnassigned | SeatAssignmentUpdated) -> str:
    """`Tiago Gonçalves → seat 0`; of a seat that nobody has any more, that it is free."""
    return ", ".join(
        f"{it.attendee.first} {it.attendee.last} → seat {at}" if it.attendee else f"seat {at} free"
        for at, it in event.seats.items()
    )


def _vacate(_before: Assignments, event: SeatAssigned) -> UnassignSeat:
    return UnassignSeat(order_id="", position=_only(event.seats))


def _seat_again(before: Assignments, event: SeatUnassigned | SeatAssignmentUpdated) -> AssignSeat:
    """Whoever had the seat before."""
    at = _only(event.seats)
    had = before.attendees.get(str(at))
    if had is None:
        raise LookupError("nobody had the seat before")
    attendee = Attendee(first=had.first, last=had.last, email=had.email)
    return AssignSeat(order_id="", position=at, attendee=attendee)


def _only(seats: dict[str, Taken]) -> int:
    if len(seats) != 1:
        raise LookupError("it is about several seats, and a command is about one")
    return int(next(iter(seats)))


def _corrected(now: Assignments, should_be: Assignments) -> Sequence[Event]:
    """Other seats are made anew, and then everybody has theirs; else only who sits elsewhere."""
    made, had = list[Event](), now.attendees
    if (now.order_id, now.types) != (should_be.order_id, should_be.types):
        seats = {at: NewSeat(seat_type=it) for at, it in should_be.types.items()}
        made.append(SeatAssignmentsCreated(order_id=should_be.order_id, seats=seats))
        had = {}
    free = {at: Taken(attendee=None) for at in had if at not in should_be.attendees}
    taken = {at: Taken(attendee=it) for at, it in should_be.attendees.items() if had.get(at) != it}
    if free:
        made.append(SeatUnassigned(seats=free))
    if taken:
        made.append(SeatAssigned(seats=taken))
    return made


def _stream_of(command: Any) -> str:
    return f"assign-{command.order_id}"


MODEL: Final = TypedModel(
    name="seat assignments",
    title="Seat assignments",
    version=1,
    category="assign",
    state=Assignments,
    events=(SeatAssignmentsCreated, SeatAssigned, SeatUnassigned, SeatAssignmentUpdated),
    commands=(CreateSeatAssignments, AssignSeat, UnassignSeat),
    evolve=evolve,
    decide=decide,
    stream_of=_stream_of,
    ruled_out={
        CreateSeatAssignments: _ruled_out_making,
        AssignSeat: _ruled_out_taking,
        UnassignSeat: lambda it: "" if it.attendees else "Nobody has a seat.",
    },
    undo={SeatAssigned: _vacate, SeatUnassigned: _seat_again, SeatAssignmentUpdated: _seat_again},
    correct=_corrected,
    final={SeatAssignmentsCreated: "A confirmed order keeps its seats; give them to others."},
    sentences={
        SeatAssignmentsCreated: _seats_in_words,
        SeatAssigned: _takers_in_words,
        SeatUnassigned: _takers_in_words,
        SeatAssignmentUpdated: _takers_in_words,
    },
    invariants={"only seats there are": lambda it: it.attendees.keys() <= it.types.keys()},
)
