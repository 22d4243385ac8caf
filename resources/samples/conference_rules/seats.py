"""Which seats of a conference are left, and who holds some for now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from resources.samples.conference_rules.seat_lines import (
    Seats,
    added,
    as_lines,
    as_seats,
    without_zeros,
)
from resources.samples.rules import Fact, Refused, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """`remaining` may be negative: removing seats has no floor."""

    remaining: Seats = field(default_factory=dict)
    pending: Mapping[str, Seats] = field(default_factory=dict)  # by reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSeats:
    seat_type: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSeats:
    seat_type: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeSeatReservation:
    """Sent again with the same id, it changes the reservation."""

    reservation_id: str
    seats: Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSeatReservation:
    reservation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitSeatReservation:
    reservation_id: str


SeatCommand: TypeAlias = (
    AddSeats | RemoveSeats | MakeSeatReservation | CancelSeatReservation | CommitSeatReservation
)


def decide(state: Availability, command: SeatCommand) -> tuple[Fact, ...]:
    """Raises Refused for a seat type nobody has ever added."""
    match command:
        case AddSeats():
            return (_changed(command.seat_type, command.quantity),)
        case RemoveSeats():
            return (_changed(command.seat_type, -command.quantity),)
        case MakeSeatReservation():
            return (_reserved(state, command),)
        case CancelSeatReservation():
            return _cancelled(state, command.reservation_id)
        case CommitSeatReservation():
            return _committed(state, command.reservation_id)


def evolve(state: Availability, fact: Fact) -> Availability:
    data = fact.data
    match fact.type:
        case "AvailableSeatsChanged":
            return replace(state, remaining=added(state.remaining, as_seats(data["seats"])))
        case "SeatsReserved":
            held = as_seats(data["reservationDetails"])
            return _with_pending(state, data, held)
        case "SeatsReservationCancelled":
            return _with_pending(state, data, {})
        case "SeatsReservationCommitted":
            return _with_pending(state, {**data, "availableSeatsChanged": []}, {})
    return state


def granted(state: Availability, reservation_id: str, wanted: Seats) -> dict[str, int]:
    """Of each type: what is wanted, as far as what is left and already held goes."""
    held = state.pending.get(reservation_id, {})
    return {
        seat: min(wanted.get(seat, 0), max(state.remaining.get(seat, 0), 0) + held.get(seat, 0))
        for seat in {**wanted, **held}
    }


def _changed(seat_type: str, by: int) -> Fact:
    return Fact(type="AvailableSeatsChanged", data={"seats": as_lines({seat_type: by})})


def _reserved(state: Availability, command: MakeSeatReservation) -> Fact:
    if unknown := command.seats.keys() - state.remaining.keys():
        raise Refused(f"no such seat type: {', '.join(sorted(unknown))}")
    held = state.pending.get(command.reservation_id, {})
    now_held = granted(state, command.reservation_id, command.seats)
    moved = {seat: held.get(seat, 0) - quantity for seat, quantity in now_held.items()}
    return Fact(
        type="SeatsReserved",
        data={
            "reservationId": command.reservation_id,
            "reservationDetails": as_lines(without_zeros(now_held)),
            "availableSeatsChanged": as_lines(without_zeros(moved)),
        },
    )


def _cancelled(state: Availability, reservation_id: str) -> tuple[Fact, ...]:
    if reservation_id not in state.pending:
        return ()
    back = as_lines(state.pending[reservation_id])
    data = {"reservationId": reservation_id, "availableSeatsChanged": back}
    return (Fact(type="SeatsReservationCancelled", data=data),)


def _committed(state: Availability, reservation_id: str) -> tuple[Fact, ...]:
    if reservation_id not in state.pending:
        return ()
    return (Fact(type="SeatsReservationCommitted", data={"reservationId": reservation_id}),)


def _with_pending(state: Availability, data: Mapping[str, Any], held: Seats) -> Availability:
    pending = {id_: seats for id_, seats in state.pending.items() if id_ != data["reservationId"]}
    if held:
        pending[data["reservationId"]] = held
    changes = as_seats(data["availableSeatsChanged"])
    return Availability(remaining=added(state.remaining, changes), pending=pending)


SEATS: Final = Rules(initial=Availability, evolve=evolve, decide=decide)
