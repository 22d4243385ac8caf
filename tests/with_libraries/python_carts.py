"""Carts of python eventsourcing: run by python_libraries.py, in the environment of the library."""

from typing import Any, Final
from uuid import UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

SPACE: Final = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
CARTS: Final = 4
TOPIC: Final = "python_carts:Cart"


class Cart(Aggregate):
    """What was put into it, in order."""

    @event("Opened")
    def __init__(self, owner: str) -> None:
        self.owner, self.items = owner, list[tuple[str, int]]()

    @staticmethod
    def create_id(owner: str) -> UUID:
        """The same for the same owner."""
        return uuid5(SPACE, owner)

    @event("ItemAdded")
    def add(self, sku: str, quantity: int) -> None:
        """Put something in."""
        self.items.append((sku, quantity))


def carts_of(path: str) -> Application[UUID]:
    """The application over a SQLite file."""
    return Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": path})


def write_carts(path: str) -> list[dict[str, Any]]:
    """Carts with their items, one event at a time."""
    app = carts_of(path)
    told = []
    for owner in range(CARTS):
        cart = Cart(owner=f"owner-{owner} ☕")
        app.save(cart)
        opened = {"originator_topic": TOPIC, "owner": f"owner-{owner} ☕"}
        told.append(fact(cart.id.hex, 1, "Opened", opened))
        for n in range(1, 5):
            cart.add(f"sku-{n}", n)
            app.save(cart)
            told.append(fact(cart.id.hex, n + 1, "ItemAdded", {"sku": f"sku-{n}", "quantity": n}))
    app.close()
    return told


def read_carts(path: str) -> list[dict[str, Any]]:
    """Every event in the order over all; the aggregates are folded from them as well."""
    app = carts_of(path)
    told = []
    for it in app.recorder.select_notifications(1, 1_000):
        event = app.mapper.to_domain_event(it)
        known = ("originator_id", "originator_version", "timestamp")
        data = {name: value for name, value in vars(event).items() if name not in known}
        kind = type(event).__name__
        told.append(fact(event.originator_id.hex, event.originator_version, kind, data))
    for owner in range(CARTS):
        cart = app.repository.get(uuid5(SPACE, f"owner-{owner} ☕"))
        assert cart.items == [(f"sku-{n}", n) for n in range(1, 5)], cart.items
    app.close()
    return told


def fact(stream: str, version: int, type_: str, data: dict[str, Any]) -> dict[str, Any]:
    """One event, as it is told."""
    return {"stream": stream, "version": version, "type": type_, "data": data}
