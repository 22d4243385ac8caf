"""A picture of the state of shopping carts being taught."""

from pathlib import Path
from typing import Any, Final

from gui.dialogs.teach_dialog import TeachDialog
from gui.pictures.stage import Stage
from store.events import NewEvent
from store.opening import open_store

ADDED: Final = "ProductItemAddedToShoppingCart"
REMOVED: Final = "ProductItemRemovedFromShoppingCart"


def draw_teach(stage: Stage) -> None:
    """The dialog as it opens, with what it has guessed of a store without a model."""
    store = stage.made / "carts.foldline"
    _fill(store)
    window = stage.window("light", (1280, 800))
    stage.open(window, store)
    session, workspace = window.session, window.workspace
    if session is not None and workspace is not None:
        session.selection.choose_stream("shopping_cart-1")
        workspace.teach("shopping_cart")
        stage.wait(lambda: session.teaching.shown is not None)
        (dialog,) = window.findChildren(TeachDialog)
        dialog.types.choose([ADDED])
        dialog.types.keys_chosen.emit((ADDED,))
        stage.keep(dialog, "teach")
        dialog.accept()
    window.close()


def _fill(path: Path) -> None:
    log = open_store(path, create=True)
    for cart, lines in enumerate(((("shoes", 2, 79), ("hat", 1, 25)), (("socks", 4, 6),)), 1):
        events = [_event("ShoppingCartOpened", cart, clientId=f"client-{cart}")]
        events += [_event(ADDED, cart, productItem=_item(*it)) for it in lines]
        events.append(_event(REMOVED, cart, productItem=_item(lines[0][0], 1, lines[0][2])))
        log.append(f"shopping_cart-{cart}", events, expected=None)
    log.append("shopping_cart-2", [_event("ShoppingCartConfirmed", 2)], expected=None)
    log.close()


def _event(type_: str, cart: int, **more: Any) -> NewEvent:
    return NewEvent.of(type_, {"shoppingCartId": f"{cart}", **more})


def _item(name: str, quantity: int, price: int) -> dict[str, Any]:
    return {"productId": name, "quantity": quantity, "unitPrice": price}
