"""Orders of the conference as their registrants see them.

An exhibit: as in the original system it does not hear of an order's expiry, so it goes on
showing what `priced_orders` has deleted.
"""

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Json, Projection, Rows
from replay.words import said
from store.events import RecordedEvent

PENDING: Final = "PendingReservation"
CONFIRMED: Final = "Confirmed"
RESERVED: Final = {
    "OrderPartiallyReserved": "PartiallyReserved",
    "OrderReservationCompleted": "ReservationCompleted",
}

HELD: Final = {"partial": "PartiallyReserved", "complete": "ReservationCompleted"}


class DraftOrder(Struct, frozen=True):
    """One row. `state` has the names of the original's DraftOrder.States."""

    order_id: str
    conference_id: str
    state: str
    access_code: str
    email: str
    requested: Json  # seat type → seats
    reserved: Json
    draft_version: int  # of the event that it is as of; that one and older ones change nothing


def apply(rows: Rows[DraftOrder], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Follow an order from its placing to its confirmation."""
    category, _, order_id = event.stream.partition("-")
    data = event.data
    if category != "order" or not isinstance(data, dict):
        return
    row = rows.get(order_id)
    if row is not None and event.version <= row.draft_version:
        return
    if event.type == "OrderPlaced":
        conference, code = str(data.get("conferenceId", "")), str(data.get("accessCode", ""))
        placed = seats_of(data)
        rows.put(
            DraftOrder(
                order_id=order_id,
                conference_id=conference,
                state=PENDING,
                access_code=code,
                email="",
                requested=placed,
                reserved={},
                draft_version=event.version,
            )
        )
    elif row is not None:
        rows.put(replace(_changed(row, event.type, data), draft_version=event.version))


def _changed(row: DraftOrder, type_: str, data: dict[str, Any]) -> DraftOrder:
    match type_:
        case "OrderUpdated":
            return replace(row, state=PENDING, requested=seats_of(data))
        case "OrderPartiallyReserved" | "OrderReservationCompleted":
            return replace(row, state=RESERVED[type_], reserved=seats_of(data))
        case "OrderRegistrantAssigned":
            registrant = data.get("registrant")
            email = registrant.get("email", "") if isinstance(registrant, dict) else ""
            return replace(row, email=str(email))
        case "OrderConfirmed" | "OrderPaymentConfirmed":
            return replace(row, state=CONFIRMED)
        case "OrderCorrected":
            return _corrected(row, data)
    return row


def _corrected(row: DraftOrder, data: dict[str, Any]) -> DraftOrder:
    """The seats of an order are those that are held; before any are, those that are wanted."""
    held = HELD.get(str(data.get("reservation", "")))
    seats = seats_of(data)
    return replace(
        row,
        conference_id=str(data.get("conferenceId", "")),
        state=CONFIRMED if data.get("isConfirmed") is True else held or PENDING,
        email=str(data.get("email", "")),
        requested=row.requested if held else seats,
        reserved=seats if held else {},
    )


def seats_of(data: dict[str, Any]) -> dict[str, Any]:
    """Seat type → seats, of a payload that lists them."""
    lines = data.get("seats")
    found = lines if isinstance(lines, list) else []
    return {str(it.get("seatType")): it.get("quantity") for it in found if isinstance(it, dict)}


PROJECTION = Projection(
    name="draft_orders",
    version=3,
    title=said("Draft orders"),
    row=DraftOrder,
    key=("order_id",),
    apply=apply,
    partition_by="stream",
    categories=frozenset({"order", "seats"}),
    listens=frozenset(
        {
            "OrderPlaced",
            "OrderUpdated",
            "OrderPartiallyReserved",
            "OrderReservationCompleted",
            "OrderRegistrantAssigned",
            "OrderConfirmed",
            "OrderPaymentConfirmed",
            "OrderCorrected",
        }
    ),
)
