"""What a person teaches of the shopping carts of Emmett's sample, and the sums by hand."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from replay.taught.steps import Add as AddNumber
from replay.taught.steps import AddToList, RemoveByKey, Set, Subtract, Types
from store.events import RecordedEvent

PRICE: Final = "productItem.quantity × productItem.unitPrice"
ADDED: Final = "ProductItemAddedToShoppingCart"
REMOVED: Final = "ProductItemRemovedFromShoppingCart"
CARTS: Final[Types] = {
    "ShoppingCartOpened": (
        Set(to="client", value="clientId"),
        Set(to="status", constant="open"),
    ),
    ADDED: (
        AddToList(
            to="items",
            key="productId",
            sum=("quantity",),
            entry={
                "productId": "productItem.productId",
                "quantity": "productItem.quantity",
                "unitPrice": "productItem.unitPrice",
            },
        ),
        AddNumber(to="total", value=PRICE),
    ),
    REMOVED: (
        RemoveByKey(
            to="items",
            key="productId",
            value="productItem.productId",
            subtract={"quantity": "productItem.quantity"},
            if_missing="skip rest",
        ),
        Subtract(to="total", value=PRICE),
    ),
    "ShoppingCartConfirmed": (Set(to="status", constant="confirmed"),),
    "ShoppingCartCancelled": (Set(to="status", constant="cancelled"),),
}


def by_hand(events: Iterable[RecordedEvent]) -> dict[str, Any]:
    """The same as a plain loop over one cart."""
    items: dict[str, dict[str, Any]] = {}
    total, status, client = Decimal(0), None, None
    for event in events:
        data = event.data
        if event.type == "ShoppingCartOpened":
            status, client = "open", data["clientId"]
        elif event.type in (ADDED, REMOVED):
            line = data["productItem"]
            name, amount = line["productId"], line["quantity"] * line["unitPrice"]
            if event.type == ADDED:
                had = items[name]["quantity"] if name in items else 0
                items[name] = {**line, "quantity": had + line["quantity"]}
                total += amount
            elif name in items:
                left = items[name]["quantity"] - line["quantity"]
                if left > 0:
                    items[name]["quantity"] = left
                else:
                    del items[name]
                total -= amount
        else:
            status = "confirmed" if event.type == "ShoppingCartConfirmed" else "cancelled"
    return {"client": client, "status": status, "items": [*items.values()], "total": total}
