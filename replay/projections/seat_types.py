"""The types of seats of each conference: what is offered, and how many of it are left.

Two streams feed a row, the seat type's and the conference's seats; it keeps the last version of
each and ignores that one and older ones. Seats that are counted before their type is offered are
kept in the lookup table until then.
"""

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Json, Projection, Rows
from replay.words import said
from store.events import RecordedEvent

OFFERED: Final = frozenset({"SeatDrafted", "SeatCreated", "SeatUpdated"})


class SeatType(Struct, frozen=True):
    """One row; a draft is known to the organisers alone."""

    conference_id: str
    seat_type: str
    name: str
    description: str
    price: Json
    quantity: Json  # offered
    available_quantity: int  # left; fewer than none after a removal
    is_draft: bool
    version: int  # of the seat type's stream
    availability_version: int  # of the stream of the conference's seats


def apply(rows: Rows[SeatType], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Take over an offer, or count what has moved."""
    category, _, id_ = event.stream.partition("-")
    data = event.data
    if not isinstance(data, dict):
        return
    if category == "seats":
        field = "seats" if event.type == "AvailableSeatsChanged" else "availableSeatsChanged"
        lines = data.get(field)
        for line in lines if isinstance(lines, list) else ():
            _move(rows, id_, line, event.version)
    elif category == "seattype" and event.type in OFFERED:
        _offer(rows, event, id_, data)
    elif category == "seattype" and event.type == "SeatDraftDeleted":
        rows.delete((str(data.get("conferenceId", "")), id_))


def _offer(
    rows: Rows[SeatType], event: RecordedEvent, seat_type: str, data: dict[str, Any]
) -> None:
    row = _row(rows, str(data.get("conferenceId", "")), seat_type)
    if event.version <= row.version:
        return
    rows.lookup.delete(_place(row.conference_id, seat_type))
    rows.put(
        replace(
            row,
            name=str(data.get("name", "")),
            description=str(data.get("description", "")),
            price=data.get("price"),
            quantity=data.get("quantity"),
            is_draft=event.type == "SeatDrafted",
            version=event.version,
        )
    )


def _move(rows: Rows[SeatType], conference_id: str, line: Any, version: int) -> None:
    if not isinstance(line, dict) or not isinstance(line.get("quantity"), int):
        return
    row = _row(rows, conference_id, str(line.get("seatType", "")))
    if version <= row.availability_version:
        return
    left = row.available_quantity + line["quantity"]
    if row.version:
        rows.put(replace(row, available_quantity=left, availability_version=version))
    else:
        rows.lookup.put(_place(conference_id, row.seat_type), {"left": left, "version": version})


def _place(conference_id: str, seat_type: str) -> str:
    return f"{conference_id}/{seat_type}"


def _row(rows: Rows[SeatType], conference_id: str, seat_type: str) -> SeatType:
    """The row, or one of a seat type that was not offered yet: that has no version."""
    if (found := rows.get((conference_id, seat_type))) is not None:
        return found
    counted = rows.lookup.get(_place(conference_id, seat_type)) or {"left": 0, "version": 0}
    return SeatType(
        conference_id=conference_id,
        seat_type=seat_type,
        name="",
        description="",
        price=None,
        quantity=None,
        available_quantity=counted["left"],
        is_draft=False,
        version=0,
        availability_version=counted["version"],
    )


PROJECTION = Projection(
    name="seat_types",
    version=2,
    title=said("Seat types"),
    row=SeatType,
    key=("conference_id", "seat_type"),
    apply=apply,
    categories=frozenset({"seattype"}),
    listens=OFFERED
    | {
        "SeatDraftDeleted",
        "AvailableSeatsChanged",
        "SeatsReserved",
        "SeatsReservationCancelled",
    },
    keeps_lookup=True,
)
