"""The lines of each order as they were ordered: what a seat type was called, and cost, back then.

A seat type that is renamed or costs more changes what is ordered from then on, never what was.
The texts come from events too, so a rebuild gives every order the words of its own time.
Source of the case: Microsoft, CQRS Journey, chapters 5 and 6.
"""

from typing import Any

from msgspec import Struct

from replay.projection import Json, Projection, Rows
from replay.words import said
from store.events import RecordedEvent


class OrderLine(Struct, frozen=True):
    """One row: a line of an order, from 1."""

    stream: str
    line: int
    seat_type: str
    name: str  # empty for a seat type that was never described
    description: str
    quantity: Json
    unit_price: Json
    line_total: Json


def apply(rows: Rows[OrderLine], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Look up what is offered; pin it to the lines of an order that is priced."""
    category, _, id_ = event.stream.partition("-")
    data = event.data
    if not isinstance(data, dict):
        return
    if category == "seattype" and event.type in ("SeatCreated", "SeatUpdated"):
        offered = {it: str(data.get(it, "")) for it in ("name", "description")}
        rows.lookup.put(id_, offered)
    elif category == "order" and event.type == "OrderTotalsCalculated":
        _price(rows, event.stream, data.get("lines"))


def _price(rows: Rows[OrderLine], order: str, lines: Any) -> None:
    found = [it for it in lines if isinstance(it, dict)] if isinstance(lines, list) else []
    for number, line in enumerate(found, 1):
        rows.put(_ordered(rows, order, number, line))
    gone = len(found) + 1
    while rows.get((order, gone)) is not None:
        rows.delete((order, gone))
        gone += 1


def _ordered(rows: Rows[OrderLine], order: str, number: int, line: dict[str, Any]) -> OrderLine:
    """The line with the words that its seat type has when the order is priced."""
    seat_type = str(line.get("seatType", ""))
    offered = rows.lookup.get(seat_type) or {"name": "", "description": ""}
    return OrderLine(
        stream=order,
        line=number,
        seat_type=seat_type,
        name=offered["name"],
        description=offered["description"],
        quantity=line.get("quantity"),
        unit_price=line.get("unitPrice"),
        line_total=line.get("lineTotal"),
    )


PROJECTION = Projection(
    name="order_lines",
    version=2,
    title=said("Order lines"),
    row=OrderLine,
    key=("stream", "line"),
    apply=apply,
    categories=frozenset({"order", "seattype"}),
    listens=frozenset({"SeatCreated", "SeatUpdated", "OrderTotalsCalculated"}),
    keeps_lookup=True,
)
