"""How many seats of each type a conference has left; fewer than none after a removal."""

from typing import Any

from msgspec import Struct

from replay.projection import Projection, Rows
from replay.words import said
from store.events import RecordedEvent


class SeatsLeft(Struct, frozen=True):
    """One row."""

    conference_id: str
    seat_type: str
    quantity: int


def apply(rows: Rows[SeatsLeft], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Add up what each event says has changed."""
    category, _, conference = event.stream.partition("-")
    data = event.data
    if category != "seats" or not isinstance(data, dict):
        return
    field = "seats" if event.type == "AvailableSeatsChanged" else "availableSeatsChanged"
    lines = data.get(field)
    for line in lines if isinstance(lines, list) else ():
        _change(rows, conference, line)


def _change(rows: Rows[SeatsLeft], conference: str, line: Any) -> None:
    if not isinstance(line, dict) or not isinstance(line.get("quantity"), int):
        return
    seat_type, by = str(line.get("seatType")), line["quantity"]
    row = rows.get((conference, seat_type))
    rows.put(SeatsLeft(conference, seat_type, (row.quantity if row else 0) + by))


PROJECTION = Projection(
    name="seats_left",
    version=1,
    title=said("Seats left"),
    row=SeatsLeft,
    key=("conference_id", "seat_type"),
    apply=apply,
    partition_by="stream",
    categories=frozenset({"seats"}),
    listens=frozenset({"AvailableSeatsChanged", "SeatsReserved", "SeatsReservationCancelled"}),
)
