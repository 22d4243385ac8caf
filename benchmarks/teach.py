"""States that were taught, against the same rules as a model that was written by hand."""

import tempfile
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from benchmarks.measure import Result, Size, cpu_seconds, in_turns, seconds
from replay.states.field_histories import FieldHistories
from replay.states.model import Model
from replay.states.state_at import StateReader
from replay.states.typed_fold import folding
from replay.taught.fold import taught_model
from replay.taught.steps import Add, AddToList, Count, RemoveByKey, Set, Subtract, Taught
from replay.typed_model import Command, Event, Situation, State, TypedModel
from store import json_text
from store.events import NewEvent, Payload
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAM: Final = "cart-1"
PRODUCTS: Final = 20


class Opened(Event, frozen=True):
    """A cart is there."""

    client: str


class Product(State, frozen=True):
    """Of a line."""

    id: str
    count: int
    price: Decimal


class ItemAdded(Event, frozen=True):
    """Some of a product."""

    product: Product


class ItemRemoved(Event, frozen=True):
    """Less of it."""

    product: Product


class Cart(State, frozen=True):
    """What is in it."""

    client: str = ""
    items: tuple[Product, ...] = ()
    total: Decimal = Decimal(0)
    changes: int = 0


def evolve(cart: Cart, event: Event) -> Cart:
    """As a person writes it who knows the fields."""
    match event:
        case ItemAdded(product=it):
            place = _place(cart, it.id)
            total = cart.total + it.count * it.price
            if place < 0:
                items: tuple[Product, ...] = (*cart.items, it)
            else:
                more = replace(it, count=cart.items[place].count + it.count)
                items = (*cart.items[:place], more, *cart.items[place + 1 :])
            return replace(cart, items=items, total=total, changes=cart.changes + 1)
        case ItemRemoved(product=it):
            place = _place(cart, it.id)
            if place < 0:
                return cart
            before = cart.items[place]
            left = (replace(before, count=before.count - it.count),)
            kept = left if left[0].count > 0 else ()
            items = (*cart.items[:place], *kept, *cart.items[place + 1 :])
            return replace(cart, items=items, total=cart.total - it.count * it.price)
        case Opened():
            return replace(cart, client=event.client)
    return cart


def _place(cart: Cart, id_: str) -> int:
    return next((at for at, it in enumerate(cart.items) if it.id == id_), -1)


def _decide(_cart: Cart, command: Command, _situation: Situation) -> Sequence[Event]:
    raise TypeError(f"no such command: {type(command).__name__}")


BY_HAND: Final = TypedModel(
    name="cart",
    title="Cart",
    version=1,
    category="cart",
    state=Cart,
    events=(Opened, ItemAdded, ItemRemoved),
    commands=(),
    evolve=evolve,
    decide=_decide,
    stream_of=lambda _command: STREAM,
)
_AMOUNT: Final = "product.count × product.price"
TAUGHT: Final = Taught(
    category="cart",
    version=1,
    types={
        "Opened": (Set(to="client", value="client"),),
        "ItemAdded": (
            AddToList(to="items", key="id", sum=("count",), entry="product"),
            Add(to="total", value=_AMOUNT),
            Count(to="changes"),
        ),
        "ItemRemoved": (
            RemoveByKey(
                to="items",
                key="id",
                value="product.id",
                subtract={"count": "product.count"},
                if_missing="skip rest",
            ),
            Subtract(to="total", value=_AMOUNT),
        ),
    },
)


def run(size: Size) -> list[Result]:
    """One cart from its first event, both from the file: folded once, event by event with each
    state kept as it was, as for conditions, and for the history of a field."""
    count = size.of(100_000, quick=10_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, count)
        taught, by_hand = taught_model(TAUGHT), folding(BY_HAND)
        if _state(path, taught, count) != _state(path, by_hand, count):
            raise AssertionError("the two sides fold to different states")
        found = [_measured(path, count, size, way, taught, by_hand) for way in WAYS]
    return [*found, *(_grown(size, way) for way in ("folded", "stepped"))]


def _measured(
    path: Path, count: int, size: Size, way: str, taught: Model[Any], by_hand: Model[Any]
) -> Result:
    go = WAYS[way]
    ratio, our_s, hand_s = in_turns(
        lambda: seconds(partial(go, path, taught, count)),
        lambda: seconds(partial(go, path, by_hand, count)),
        rounds=size.rounds(),
    )
    return Result(
        name=f"taught state of {count:,}, {way}",
        figure=ratio,
        unit="× by hand",
        target=0.5,
        better="higher",
        detail=f"{count / our_s:,.0f}/s against {count / hand_s:,.0f}/s",
    )


def _state(path: Path, model: Model[Any], count: int) -> str:
    """The whole way, without keyframes or snapshots."""
    with reading(path) as log:
        found = StateReader(model).at(log, STREAM, count).state
    return json_text.encode(model.to_json(found))


def _stepped(path: Path, model: Model[Any], count: int) -> int:
    """A state after each event, none of which may change afterwards."""
    with reading(path) as log:
        state = model.initial()
        for event in log.stream_payloads(STREAM, until=count):
            state = model.evolve(state, event)
    return count


def _blamed(path: Path, model: Model[Any], _count: int) -> int:
    """Every change of a field that nearly every event changes."""
    with reading(path) as log:
        found = FieldHistories().at(log, model, STREAM, ("total",), position=log.head())
    return len(found.history.positions)


WAYS: Final = {"folded": _state, "stepped": _stepped, "history of a field": _blamed}


def _grown(size: Size, way: str) -> Result:
    """A list of very many products, against as many events on a short one."""
    count = size.of(50_000, quick=50_000, tiny=500)
    model = taught_model(TAUGHT)
    ratio, long_s, short_s = in_turns(
        lambda: cpu_seconds(partial(_added, model, way, count, count)),
        lambda: cpu_seconds(partial(_added, model, way, count, PRODUCTS)),
        rounds=size.rounds(),
    )
    return Result(
        name=f"taught list of {count:,} entries, {way}",
        figure=ratio,
        unit="× as in a list of 20",
        target=0.25,
        better="higher",
        detail=f"{1e6 * long_s / count:.1f} µs an event against {1e6 * short_s / count:.1f} µs",
    )


def _added(model: Model[Any], way: str, count: int, products: int) -> int:
    go_on = model.evolve_owned if way == "folded" else model.evolve
    state = model.initial()
    for at in range(count):
        said = f'{{"product":{{"id":"p{at % products}","count":1,"price":2.50}}}}'
        state = go_on(state, Payload(at + 1, STREAM, "ItemAdded", said, "{}"))
    return len(state["items"])


def _fill(path: Path, count: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    writer, events = Writer(db), iter(_events(count))
    while batch := list(islice(events, 1_000)):
        writer.append(STREAM, batch, expected=None)
    db.close()


def _events(count: int) -> list[NewEvent]:
    found = [NewEvent.of("Opened", {"client": "ada"})]
    for n in range(1, count):
        product = {"id": f"p{n * 7 % PRODUCTS}", "count": n % 4 + 1, "price": Decimal("2.50")}
        found.append(NewEvent.of("ItemAdded" if n % 3 else "ItemRemoved", {"product": product}))
    return found
