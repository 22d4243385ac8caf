"""Seats by type, as the rules count them and as events list them."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Seats: TypeAlias = Mapping[str, int]  # seat type → quantity


def as_lines(seats: Seats) -> list[dict[str, Any]]:
    """The form that events carry."""
    return [{"seatType": seat, "quantity": quantity} for seat, quantity in seats.items()]


def as_seats(lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The form that rules count with."""
    return {line["seatType"]: line["quantity"] for line in lines}


def without_zeros(seats: Seats) -> dict[str, int]:
    """Only the types of which there are some, or fewer than none."""
    return {seat: quantity for seat, quantity in seats.items() if quantity}


def added(seats: Seats, changes: Seats) -> dict[str, int]:
    """Seats after signed changes."""
    return dict(seats) | {seat: seats.get(seat, 0) + by for seat, by in changes.items()}
