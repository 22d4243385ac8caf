"""The orders of a conference as its organisers see them: pending or paid; none that expired."""

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Json, Projection, Rows
from replay.words import said
from store.events import RecordedEvent

PENDING, PAID = "Pending", "Paid"
CONFIRMED: Final = frozenset({"OrderConfirmed", "OrderPaymentConfirmed"})


class ManagedOrder(Struct, frozen=True):
    """One row; there is none any more when the order has expired."""

    order_id: str
    conference_id: str
    access_code: str
    status: str
    registrant: str
    email: str
    total: Json
    version: int  # of the event that it is as of; that one and older ones change nothing


def apply(rows: Rows[ManagedOrder], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Follow an order until it is paid for or expires."""
    category, _, id_ = event.stream.partition("-")
    data = event.data
    if category != "order" or not isinstance(data, dict):
        return
    row = rows.get(id_)
    if row is not None and event.version <= row.version:
        return
    if event.type == "OrderCorrected":
        _correct(rows, row or _placed(id_, data, event.version), data, event.version)
    elif row is None:
        if event.type == "OrderPlaced":
            rows.put(_placed(id_, data, event.version))
    elif event.type == "OrderExpired":
        rows.delete(id_)
    else:
        rows.put(replace(_changed(row, event.type, data), version=event.version))


def _placed(id_: str, data: dict[str, Any], version: int) -> ManagedOrder:
    return ManagedOrder(
        order_id=id_,
        conference_id=str(data.get("conferenceId", "")),
        access_code=str(data.get("accessCode", "")),
        status=PENDING,
        registrant="",
        email="",
        total=0,
        version=version,
    )


def _correct(
    rows: Rows[ManagedOrder], row: ManagedOrder, data: dict[str, Any], version: int
) -> None:
    """An order that never expired comes back, with what the correction says of it."""
    if data.get("isExpired") is True:
        rows.delete(row.order_id)
        return
    rows.put(
        replace(
            row,
            conference_id=str(data.get("conferenceId", "")),
            status=PAID if data.get("isConfirmed") is True else PENDING,
            email=str(data.get("email", "")),
            total=data.get("total", 0),
            version=version,
        )
    )


def _changed(row: ManagedOrder, type_: str, data: dict[str, Any]) -> ManagedOrder:
    if type_ in CONFIRMED:
        return replace(row, status=PAID)
    if type_ == "OrderTotalsCalculated":
        return replace(row, total=data.get("total", 0))
    if type_ == "OrderRegistrantAssigned":
        stated = data.get("registrant")
        who = stated if isinstance(stated, dict) else {}
        name = f"{who.get('first', '')} {who.get('last', '')}".strip()
        return replace(row, registrant=name, email=str(who.get("email", "")))
    return row


PROJECTION = Projection(
    name="managed_orders",
    version=2,
    title=said("Orders, as organisers see them"),
    row=ManagedOrder,
    key=("order_id",),
    apply=apply,
    partition_by="stream",
    categories=frozenset({"order", "seats"}),
    listens=CONFIRMED
    | {
        "OrderPlaced",
        "OrderTotalsCalculated",
        "OrderRegistrantAssigned",
        "OrderExpired",
        "OrderCorrected",
    },
)
