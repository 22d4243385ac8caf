"""What orders of the conference cost, as long as they may still be paid for."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Json, Projection, Rows
from replay.words import said
from store.events import RecordedEvent


class PricedOrder(Struct, frozen=True):
    """One row; there is none any more when the order has expired."""

    order_id: str
    total: Json
    is_free_of_charge: bool
    expires_at: str  # until when its seats are held; empty before they are, and once confirmed
    assignments_id: str  # the stream of its seat assignments, once there is one
    lines: Json
    priced_version: (
        int  # of the order's event that it is as of; that one and older ones change nothing
    )


def apply(rows: Rows[PricedOrder], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Follow an order's price, and let it go when it expires."""
    data = event.data
    if not isinstance(data, dict):
        return
    category, _, order_id = event.stream.partition("-")
    if event.type == "SeatAssignmentsCreated":
        _assign(rows, str(data.get("orderId", "")), event.stream)
    elif category == "order":
        _follow(rows, event, order_id, data)


def _follow(
    rows: Rows[PricedOrder], event: RecordedEvent, order_id: str, data: dict[str, Any]
) -> None:
    row = rows.get(order_id)
    if row is not None and event.version <= row.priced_version:
        return
    if event.type == "OrderPlaced":
        row = _placed(order_id, data)
    elif event.type == "OrderCorrected":  # one that never expired comes back
        row = row or _placed(order_id, data)
    if row is None:
        return
    row = replace(row, priced_version=event.version)
    match event.type:
        case "OrderTotalsCalculated":
            free = data.get("isFreeOfCharge") is True
            total, lines = data.get("total", 0), data.get("lines", [])
            rows.put(replace(row, total=total, lines=lines, is_free_of_charge=free))
        case "OrderConfirmed" | "OrderPaymentConfirmed":
            rows.put(replace(row, expires_at=""))
        case "OrderExpired":
            rows.delete(order_id)
        case "OrderCorrected" if data.get("isExpired") is True:
            rows.delete(order_id)
        case "OrderCorrected":
            expires = "" if data.get("isConfirmed") is True else row.expires_at
            free = data.get("isFree") is True
            total = data.get("total", 0)
            rows.put(replace(row, total=total, is_free_of_charge=free, expires_at=expires))
        case "OrderPlaced":
            rows.put(row)


def _placed(order_id: str, data: dict[str, Any]) -> PricedOrder:
    return PricedOrder(
        order_id=order_id,
        total=0,
        is_free_of_charge=False,
        expires_at=str(data.get("reservationAutoExpiration", "")),
        assignments_id="",
        lines=[],
        priced_version=0,
    )


def _assign(rows: Rows[PricedOrder], order_id: str, stream: str) -> None:
    row = rows.get(order_id)
    if row is not None:
        rows.put(replace(row, assignments_id=stream))


PROJECTION = Projection(
    name="priced_orders",
    version=2,
    title=said("Priced orders"),
    row=PricedOrder,
    key=("order_id",),
    apply=apply,
    categories=frozenset({"order", "seats"}),
    listens=frozenset(
        {
            "OrderPlaced",
            "OrderTotalsCalculated",
            "OrderConfirmed",
            "OrderPaymentConfirmed",
            "OrderExpired",
            "OrderCorrected",
            "SeatAssignmentsCreated",
        }
    ),
)
