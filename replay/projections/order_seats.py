"""Who sits where: the seats of each confirmed order, by position."""

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Projection, Rows
from replay.words import said
from store.events import RecordedEvent

CHANGES: Final = frozenset({"SeatAssigned", "SeatUnassigned", "SeatAssignmentUpdated"})


class OrderSeat(Struct, frozen=True):
    """One row. First name, last name and email are empty while nobody has the seat."""

    order_id: str
    position: str
    seat_type: str
    first_name: str
    last_name: str
    email: str
    version: int  # of the event that it is as of; that one and older ones change nothing


def apply(rows: Rows[OrderSeat], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Count out the seats, and note who has one."""
    order_id = event.stream.partition("-")[2]
    seats = event.data.get("seats") if isinstance(event.data, dict) else None
    if not isinstance(seats, dict):
        return
    is_made = event.type == "SeatAssignmentsCreated"
    for position, seat in seats.items():
        row = rows.get((order_id, position))
        told = seat if isinstance(seat, dict) else {}
        if row is not None and event.version <= row.version:
            continue
        if is_made:  # a correction makes them anew
            type_ = str(told.get("seatType", ""))
            rows.put(
                OrderSeat(
                    order_id=order_id,
                    position=position,
                    seat_type=type_,
                    first_name="",
                    last_name="",
                    email="",
                    version=event.version,
                )
            )
        elif row is not None and event.type in CHANGES:
            rows.put(_taken(row, told.get("attendee"), event.version))
    if is_made:
        _drop_behind(rows, order_id, len(seats), event.version)


def _drop_behind(rows: Rows[OrderSeat], order_id: str, count: int, version: int) -> None:
    """Seats that are no longer there when fewer are made anew."""
    while (row := rows.get((order_id, str(count)))) is not None and row.version < version:
        rows.delete((order_id, str(count)))
        count += 1


def _taken(row: OrderSeat, attendee: Any, version: int) -> OrderSeat:
    who = attendee if isinstance(attendee, dict) else {}
    first, last, email = (str(who.get(it, "")) for it in ("first", "last", "email"))
    return replace(row, first_name=first, last_name=last, email=email, version=version)


PROJECTION = Projection(
    name="order_seats",
    version=2,
    title=said("Seats of orders"),
    row=OrderSeat,
    key=("order_id", "position"),
    apply=apply,
    categories=frozenset({"assign"}),
    listens=CHANGES | {"SeatAssignmentsCreated"},
)
