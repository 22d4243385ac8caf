"""What became of each order of the conference, and which need attention for the money they took.

Money that has come cannot be refused, so a payment is accepted whatever its order has become
(`Elsewhere.REPAIR`); what has to be repaired then is listed: an order that expired although it was
paid for, one that took more or less than it costs. What a payment is about to take stands in the
lookup table until it is taken.
Source of the case: Microsoft, CQRS Journey, chapter 5, "Integration with online payment".
"""

from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Json, Projection, Rows
from replay.words import said
from store.events import RecordedEvent

ATTENTION: Final = "needs attention"
EXPIRED_STEPS: Final = "give the money back, or place the order anew and confirm it"
AMOUNT_STEPS: Final = "give back what was paid beyond the total, or ask for what is missing"
AFTER: Final = {
    "OrderPlaced": "open",
    "OrderConfirmed": "confirmed",
    "OrderPaymentConfirmed": "confirmed",
    "OrderExpired": "expired",
}


class OrderFulfilment(Struct, frozen=True, kw_only=True):
    """One row. `status` is "needs attention" when money was taken that the order does not cost,
    or that it has not been confirmed for when it expired."""

    order_id: str
    status: str
    order: str  # open, confirmed or expired; empty before it is placed
    payment_id: str  # the last completed one; empty while there is none
    next_steps: str
    total: Json
    paid: Json  # by completed payments


def apply(rows: Rows[OrderFulfilment], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Follow an order and its payments."""
    data = event.data
    if not isinstance(data, dict):
        return
    category, _, id_ = event.stream.partition("-")
    if category == "order" and event.type in AFTER:
        rows.put(_judged(replace(_row(rows, id_), order=AFTER[event.type])))
    elif category == "order" and event.type == "OrderTotalsCalculated":
        rows.put(_judged(replace(_row(rows, id_), total=_money(data.get("total")))))
    elif category == "order" and event.type == "OrderCorrected":
        total = _money(data.get("total"))
        rows.put(_judged(replace(_row(rows, id_), order=_after(data), total=total)))
    elif category == "payment" and (order_id := str(data.get("sourceId", ""))):
        if event.type == "PaymentInitiated":
            rows.lookup.put(f"{order_id}/{id_}", _money(data.get("totalAmount")))
        elif event.type == "PaymentCompleted":
            amount = _money(rows.lookup.get(f"{order_id}/{id_}"))
            rows.put(_judged(_paid(_row(rows, order_id), id_, amount)))


def _after(data: dict[str, Any]) -> str:
    """What a corrected order has become."""
    if data.get("isExpired") is True:
        return "expired"
    return "confirmed" if data.get("isConfirmed") is True else "open"


def _paid(row: OrderFulfilment, payment_id: str, amount: Decimal) -> OrderFulfilment:
    return replace(row, payment_id=payment_id, paid=_money(row.paid) + amount)


def _row(rows: Rows[OrderFulfilment], order_id: str) -> OrderFulfilment:
    return rows.get(order_id) or OrderFulfilment(
        order_id=order_id,
        status="",
        order="",
        payment_id="",
        next_steps="",
        total=Decimal(0),
        paid=Decimal(0),
    )


def _judged(row: OrderFulfilment) -> OrderFulfilment:
    """A confirmed order without a completed payment is free, or was paid for elsewhere: what is
    imported may say nothing of that."""
    if row.payment_id and row.order == "expired":
        return replace(row, status=ATTENTION, next_steps=EXPIRED_STEPS)
    if row.payment_id and _money(row.paid) != _money(row.total):
        return replace(row, status=ATTENTION, next_steps=AMOUNT_STEPS)
    is_paid = row.payment_id and row.order == "open"
    return replace(row, status="paid, not confirmed" if is_paid else row.order, next_steps="")


def _money(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Decimal(0)
    return Decimal(value)


PROJECTION = Projection(
    name="order_fulfilment",
    version=4,
    title=said("Order fulfilment"),
    row=OrderFulfilment,
    key=("order_id",),
    apply=apply,
    categories=frozenset({"order", "seats"}),
    listens=frozenset(
        {
            *AFTER,
            "OrderTotalsCalculated",
            "OrderCorrected",
            "PaymentInitiated",
            "PaymentCompleted",
        }
    ),
    keeps_lookup=True,
)
