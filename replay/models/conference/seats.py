"""Which seats of a conference are left, and who holds some for now."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta, field
from msgspec.structs import replace

from replay.models.conference.lines import (
    ConferenceId,
    OrderId,
    SeatLine,
    SeatType,
    Wanted,
    added,
    counted,
    in_words,
    listed,
    wanted,
    without_zeros,
)
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel

Quantity = Annotated[int, Meta(title="Quantity", ge=0, extra_json_schema={"x-unit": "seats"})]


class AvailableSeatsChanged(Event, frozen=True):
    """The organisers have more or fewer seats; the quantities are signed."""

    seats: tuple[SeatLine, ...]


class SeatsReserved(Event, frozen=True):
    """What a reservation holds now, and what that took from the seats left. Empty: nothing."""

    reservation_id: str
    reservation_details: tuple[SeatLine, ...]
    available_seats_changed: tuple[SeatLine, ...]


class SeatsReservationCancelled(Event, frozen=True):
    """What was held is free again."""

    reservation_id: str
    available_seats_changed: tuple[SeatLine, ...]


class SeatsReservationCommitted(Event, frozen=True):
    """What was held is sold."""

    reservation_id: str


class Availability(State, frozen=True):
    """`remaining` may be negative: removing seats has no floor."""

    remaining: dict[str, int] = field(default_factory=dict)
    pending: dict[str, dict[str, int]] = field(default_factory=dict)  # by reservation


class AddSeats(Command, frozen=True):
    """Offer more seats of a type."""

    conference_id: ConferenceId
    seat_type: SeatType
    quantity: Quantity


class RemoveSeats(Command, frozen=True):
    """Take seats away, sold ones too: there is no floor."""

    conference_id: ConferenceId
    seat_type: SeatType
    quantity: Quantity


class MakeSeatReservation(Command, frozen=True):
    """Hold seats for an order, as far as there are any. Asked again it changes what is held."""

    conference_id: ConferenceId
    reservation_id: OrderId
    seats: Wanted


class CancelSeatReservation(Command, frozen=True):
    """Give back what an order holds."""

    conference_id: ConferenceId
    reservation_id: OrderId


class CommitSeatReservation(Command, frozen=True):
    """Sell what an order holds."""

    conference_id: ConferenceId
    reservation_id: OrderId


def evolve(state: Availability, event: Event) -> Availability:
    """The seats after an event."""
    match event:
        case AvailableSeatsChanged():
            return replace(state, remaining=added(state.remaining, counted(event.seats)))
        case SeatsReserved():
            held = counted(event.reservation_details)
            moved = counted(event.available_seats_changed)
            return _with_pending(state, event.reservation_id, held, moved)
        case SeatsReservationCancelled():
            moved = counted(event.available_seats_changed)
            return _with_pending(state, event.reservation_id, {}, moved)
        case SeatsReservationCommitted():
            return _with_pending(state, event.reservation_id, {}, {})
    return state


def decide(state: Availability, command: Command, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    match command:
        case AddSeats():
            return [_changed(command.seat_type, command.quantity)]
        case RemoveSeats():
            return [_changed(command.seat_type, -command.quantity)]
        case MakeSeatReservation():
            return [_reserved(state, command)]
        case CancelSeatReservation():
            held = state.pending.get(command.reservation_id)
            return [] if held is None else [_cancelled(command.reservation_id, held)]
        case CommitSeatReservation():
            is_held = command.reservation_id in state.pending
            id_ = command.reservation_id
            return [SeatsReservationCommitted(reservation_id=id_)] if is_held else []
    raise TypeError(f"no seat command: {type(command).__name__}")


def granted(state: Availability, reservation_id: str, wanted: dict[str, int]) -> dict[str, int]:
    """Of each type: what is wanted, as far as what is left and already held goes."""
    held = state.pending.get(reservation_id, {})
    return {
        seat: min(wanted.get(seat, 0), max(state.remaining.get(seat, 0), 0) + held.get(seat, 0))
        for seat in {**wanted, **held}
    }


def _changed(seat_type: str, by: int) -> Event:
    return AvailableSeatsChanged(seats=listed({seat_type: by}))


def _reserved(state: Availability, command: MakeSeatReservation) -> Event:
    wanted = counted(command.seats)
    if unknown := sorted(wanted.keys() - state.remaining.keys()):
        raise Refused("seat type exists", f"There is no seat type {', '.join(unknown)}.")
    held = state.pending.get(command.reservation_id, {})
    now_held = granted(state, command.reservation_id, wanted)
    moved = {seat: held.get(seat, 0) - quantity for seat, quantity in now_held.items()}
    return SeatsReserved(
        reservation_id=command.reservation_id,
        reservation_details=listed(without_zeros(now_held)),
        available_seats_changed=listed(without_zeros(moved)),
    )


def _cancelled(reservation_id: str, held: dict[str, int]) -> Event:
    return SeatsReservationCancelled(
        reservation_id=reservation_id, available_seats_changed=listed(held)
    )


def _with_pending(
    state: Availability, reservation_id: str, held: dict[str, int], moved: dict[str, int]
) -> Availability:
    pending = {id_: seats for id_, seats in state.pending.items() if id_ != reservation_id}
    if held:
        pending[reservation_id] = held
    return Availability(remaining=added(state.remaining, moved), pending=pending)


def _corrected(now: Availability, should_be: Availability) -> Sequence[Event]:
    """More or fewer seats, and what each reservation holds, apart: no process manager takes a
    reservation that no command asked for as an answer."""
    seats = {**now.remaining, **should_be.remaining}
    by = {it: should_be.remaining.get(it, 0) - now.remaining.get(it, 0) for it in seats}
    moved = {it: quantity for it, quantity in by.items() if quantity or it not in now.remaining}
    events: list[Event] = [AvailableSeatsChanged(seats=listed(moved))] if moved else []
    events += [
        SeatsReservationCancelled(reservation_id=it, available_seats_changed=())
        for it in now.pending
        if it not in should_be.pending
    ]
    for id_, held in should_be.pending.items():
        if now.pending.get(id_) != held:
            events.append(
                SeatsReserved(
                    reservation_id=id_,
                    reservation_details=listed(held),
                    available_seats_changed=(),
                )
            )
    return events


def _moved_back(_before: Availability, event: AvailableSeatsChanged) -> AddSeats | RemoveSeats:
    if len(event.seats) != 1 or not event.seats[0].quantity:
        raise LookupError("a command moves seats of one type, and this moved none or several")
    line = event.seats[0]
    kind = RemoveSeats if line.quantity > 0 else AddSeats
    return kind(conference_id="", seat_type=line.seat_type, quantity=abs(line.quantity))


def _held_as_before(
    before: Availability, event: SeatsReserved
) -> MakeSeatReservation | CancelSeatReservation:
    """A reservation that was there is asked for again; a new one is cancelled."""
    id_ = event.reservation_id
    if held := before.pending.get(id_):
        return MakeSeatReservation(conference_id="", reservation_id=id_, seats=wanted(held))
    return CancelSeatReservation(conference_id="", reservation_id=id_)


def _stream_of(command: Any) -> str:
    return f"seats-{command.conference_id}"


MODEL: Final = TypedModel(
    name="seats availability",
    title="Seats availability",
    version=1,
    category="seats",
    state=Availability,
    events=(
        AvailableSeatsChanged,
        SeatsReserved,
        SeatsReservationCancelled,
        SeatsReservationCommitted,
    ),
    commands=(
        AddSeats,
        RemoveSeats,
        MakeSeatReservation,
        CancelSeatReservation,
        CommitSeatReservation,
    ),
    evolve=evolve,
    decide=decide,
    stream_of=_stream_of,
    sentences={
        AvailableSeatsChanged: lambda event: f"{in_words(event.seats)} more",
        SeatsReserved: lambda event: (
            f"{in_words(event.reservation_details)} for {event.reservation_id}"
        ),
        SeatsReservationCancelled: lambda event: (
            f"{in_words(event.available_seats_changed)} back from {event.reservation_id}"
        ),
    },
    undo={
        AvailableSeatsChanged: _moved_back,
        SeatsReserved: _held_as_before,
        SeatsReservationCancelled: lambda _before, event: MakeSeatReservation(
            conference_id="",
            reservation_id=event.reservation_id,
            seats=wanted(counted(event.available_seats_changed)),
        ),
    },
    final={SeatsReservationCommitted: "What is sold stays sold."},
    correct=_corrected,
    invariants={
        "no reservation holds nothing": lambda it: all(it.pending.values()),
        "what is held is more than nothing": lambda it: all(
            quantity > 0 for held in it.pending.values() for quantity in held.values()
        ),
    },
    redecided=frozenset(
        {AddSeats, RemoveSeats, MakeSeatReservation, CancelSeatReservation, CommitSeatReservation}
    ),
)
