"""The lines of each order as they were ordered: what a seat type was called, and cost, back then.

A seat type that is renamed or costs more changes what is ordered from then on, never what was.
The texts come from events too, so a rebuild gives every order the words of its own time.
Source of the case: Microsoft, CQRS Journey, chapters 5 and 6.
"""

from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Json, Projection, Rows
from replay.projections.draft_orders import seats_of
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
    lines, seats = data.get("lines"), data.get("seats")
    if category == "seattype" and event.type in ("SeatCreated", "SeatUpdated"):
        offered = {it: str(data.get(it, "")) for it in ("name", "description")}
        rows.lookup.put(id_, offered)
    elif event.type == "OrderTotalsCalculated" and category == "order":
        if isinstance(lines, list):
            _price(rows, event.stream, lines)
    elif event.type == "OrderCorrected" and category == "order" and isinstance(seats, list):
        _correct(rows, event.stream, seats_of(data))


def _price(rows: Rows[OrderLine], order: str, lines: list[Any]) -> None:
    found = [it for it in lines if isinstance(it, dict)]
    for number, line in enumerate(found, 1):
        rows.put(_ordered(rows, order, number, line))
    gone = len(found) + 1
    while rows.get((order, gone)) is not None:
        rows.delete((order, gone))
        gone += 1


def _correct(rows: Rows[OrderLine], order: str, seats: dict[str, Any]) -> None:
    """The lines of an order whose seats are other ones: each in the words and at the price that it
    had. A seat type that had no line has no price here."""
    known, number = dict[str, OrderLine](), 1
    while (row := rows.get((order, number))) is not None:
        known[row.seat_type] = row
        number += 1
    if not known:
        return  # it was not priced yet
    kinds = [it for it in (*known, *(it for it in seats if it not in known)) if it in seats]
    for at, kind in enumerate(kinds, 1):
        line = {"seatType": kind, "quantity": seats[kind], "unitPrice": None, "lineTotal": None}
        row = known.get(kind) or _ordered(rows, order, at, line)
        if row.quantity != seats[kind]:
            total = _times(row.unit_price, seats[kind])
            row = replace(row, quantity=seats[kind], line_total=total)
        rows.put(replace(row, line=at))
    for gone in range(len(kinds) + 1, number):
        rows.delete((order, gone))


def _times(price: Any, quantity: Any) -> Any:
    are_numbers = all(
        isinstance(it, int | Decimal) and not isinstance(it, bool) for it in (price, quantity)
    )
    return price * quantity if are_numbers else None


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
    version=3,
    title=said("Order lines"),
    row=OrderLine,
    key=("stream", "line"),
    apply=apply,
    categories=frozenset({"order", "seattype"}),
    listens=frozenset({"SeatCreated", "SeatUpdated", "OrderTotalsCalculated", "OrderCorrected"}),
    keeps_lookup=True,
)
