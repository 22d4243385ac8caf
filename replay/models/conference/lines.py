"""Fields of all parts of a conference: who and what, and seats by type, listed and counted."""

from collections.abc import Iterable, Mapping
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Seats: TypeAlias = Mapping[str, int]  # seat type → quantity

SeatType = Annotated[
    str, Meta(title="Seat type", min_length=1, extra_json_schema={"x-choices": "seattype"})
]
ConferenceId = Annotated[
    str, Meta(title="Conference", min_length=1, extra_json_schema={"x-choices": "conference"})
]
OrderId = Annotated[
    str, Meta(title="Order", min_length=1, extra_json_schema={"x-choices": "order"})
]

Email = Annotated[
    str,
    Meta(
        title="Email",
        pattern=r"^[\w-]+(\.?[\w-])*@[\w-]+(\.[\w-]+)+$",
        extra_json_schema={"x-words": "an email address, such as ada@example.org"},
    ),
]


class SeatLine(Struct, frozen=True, kw_only=True, rename="camel"):
    """A quantity of one type; in an event it may be negative, or a change."""

    seat_type: SeatType
    quantity: Annotated[int, Meta(title="Quantity", extra_json_schema={"x-unit": "seats"})]


class WantedSeats(Struct, frozen=True, kw_only=True, rename="camel"):
    """A quantity of one type that somebody asks for."""

    seat_type: SeatType
    quantity: Annotated[int, Meta(title="Quantity", ge=0, extra_json_schema={"x-unit": "seats"})]


Wanted = Annotated[tuple[WantedSeats, ...], Meta(title="Seats", min_length=1)]


def counted(lines: Iterable[SeatLine | WantedSeats]) -> dict[str, int]:
    """The form that rules count with; of one type listed twice, all."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.seat_type] = found.get(line.seat_type, 0) + line.quantity
    return found


def listed(seats: Seats) -> tuple[SeatLine, ...]:
    """The form that events carry."""
    return tuple(SeatLine(seat_type=it, quantity=quantity) for it, quantity in seats.items())


def wanted(seats: Seats) -> tuple[WantedSeats, ...]:
    """The form that commands carry."""
    return tuple(WantedSeats(seat_type=it, quantity=quantity) for it, quantity in seats.items())


def without_zeros(seats: Seats) -> dict[str, int]:
    """Only the types of which there are some, or fewer than none."""
    return {seat: quantity for seat, quantity in seats.items() if quantity}


def added(seats: Seats, changes: Seats) -> dict[str, int]:
    """Seats after signed changes."""
    return dict(seats) | {seat: seats.get(seat, 0) + by for seat, by in changes.items()}


def in_words(lines: Iterable[SeatLine | WantedSeats]) -> str:
    """`3 × general-admission, 1 × cocktail-party`."""
    return ", ".join(f"{it.quantity:,} × {it.seat_type}" for it in lines)
