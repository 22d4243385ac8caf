"""What became of each order of the conference, and which were paid for and got nothing.

Money that has come cannot be refused, so a payment is accepted whatever its order has become
(`Elsewhere.REPAIR`); an order that expired before it is paid is what has to be repaired then.
Source of the case: Microsoft, CQRS Journey, chapter 5, "Integration with online payment".
"""

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Projection, Rows
from store.events import RecordedEvent

ATTENTION: Final = "needs attention"
NEXT_STEPS: Final = "give the money back, or place the order anew and confirm it"
AFTER: Final = {
    "OrderPlaced": "open",
    "OrderConfirmed": "confirmed",
    "OrderPaymentConfirmed": "confirmed",
    "OrderExpired": "expired",
}


class OrderFulfilment(Struct, frozen=True):
    """One row. `status` is "needs attention" when the order is paid for and has expired."""

    order_id: str
    status: str
    order: str  # open, confirmed or expired; empty before it is placed
    payment_id: str  # the completed one; empty while there is none
    next_steps: str


def apply(rows: Rows[OrderFulfilment], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Follow an order and its payment."""
    data = event.data
    if not isinstance(data, dict):
        return
    category, _, id_ = event.stream.partition("-")
    if category == "order" and event.type in AFTER:
        row = _row(rows, id_)
        rows.put(_judged(replace(row, order=AFTER[event.type])))
    elif category == "payment" and event.type == "PaymentCompleted":
        _pay(rows, data, id_)


def _pay(rows: Rows[OrderFulfilment], data: dict[str, Any], payment_id: str) -> None:
    order_id = str(data.get("sourceId", ""))
    if order_id:
        rows.put(_judged(replace(_row(rows, order_id), payment_id=payment_id)))


def _row(rows: Rows[OrderFulfilment], order_id: str) -> OrderFulfilment:
    return rows.get(order_id) or OrderFulfilment(order_id, "", "", "", "")


def _judged(row: OrderFulfilment) -> OrderFulfilment:
    if row.payment_id and row.order == "expired":
        return replace(row, status=ATTENTION, next_steps=NEXT_STEPS)
    is_paid = row.payment_id and row.order == "open"
    return replace(row, status="paid, not confirmed" if is_paid else row.order, next_steps="")


PROJECTION = Projection(
    name="order_fulfilment",
    version=1,
    title="Order fulfilment",
    row=OrderFulfilment,
    key=("order_id",),
    apply=apply,
    categories=frozenset({"order", "seats"}),
    listens=frozenset({*AFTER, "PaymentCompleted"}),
)
