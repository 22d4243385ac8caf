"""A shop that sells at the price of the moment and sends an invoice for each sale."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from replay.commands.answered import Answered
from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.processes.deliveries import Deliveries
from replay.states.model_set import ModelSet
from replay.typed_model import Command, Effect, Event, Refused, Situation, State, TypedModel
from store.sqlite.store import open_store
from tests.replay.issued import issued
from tests.replay.models.test_ships import Outside


class PriceSet(Event, frozen=True):
    """From now on a piece costs this."""

    price: int


class Sold(Event, frozen=True):
    """So many pieces for so much."""

    pieces: int
    amount: int


class Stocked(Event, frozen=True):
    """So many pieces have come."""

    pieces: int


class Shelf(State, frozen=True):
    """What there is, and what a piece costs."""

    price: int = 0
    pieces: int = 0


class SetPrice(Command, frozen=True):
    """Let a piece cost something else."""

    price: int


class Stock(Command, frozen=True):
    """Put pieces on the shelf."""

    pieces: int


class Sell(Command, frozen=True):
    """Sell pieces, as long as there are some."""

    pieces: int


class Total(State, frozen=True):
    """Of the till."""

    amount: int = 0


class Counted(Event, frozen=True):
    """What is on the shelf is worth this."""

    amount: int


class Count(Command, frozen=True):
    """Write down what the shelf is worth."""


def decide(shelf: Shelf, command: Any, _situation: Situation) -> Sequence[Event]:
    """Nothing is sold that is not there."""
    match command:
        case SetPrice():
            return [PriceSet(price=command.price)]
        case Stock():
            return [Stocked(pieces=command.pieces)]
    if command.pieces > shelf.pieces:
        raise Refused("in stock", f"There are {shelf.pieces} pieces.")
    return [Sold(pieces=command.pieces, amount=command.pieces * shelf.price)]


def evolve(shelf: Shelf, event: Event) -> Shelf:
    """The shelf after an event."""
    match event:
        case PriceSet():
            return Shelf(price=event.price, pieces=shelf.pieces)
        case Stocked():
            return Shelf(price=shelf.price, pieces=shelf.pieces + event.pieces)
        case Sold():
            return Shelf(price=shelf.price, pieces=shelf.pieces - event.pieces)
    return shelf


def count(_total: Total, _command: Any, situation: Situation) -> Sequence[Event]:
    """By what another stream says."""
    shelf = situation.state_of("shelf-1")
    return [Counted(amount=shelf.price * shelf.pieces)]


SHELF: TypedModel[Shelf] = TypedModel(
    name="shelf",
    title="Shelf",
    version=1,
    category="shelf",
    state=Shelf,
    events=(PriceSet, Sold, Stocked),
    commands=(SetPrice, Stock, Sell),
    evolve=evolve,
    decide=decide,
    stream_of=lambda _command: "shelf-1",
    effects={Sold: Effect(gateway="invoices", message=lambda it: {"pay": it.amount})},
)
TILL: TypedModel[Total] = TypedModel(
    name="till",
    title="Till",
    version=1,
    category="till",
    state=Total,
    events=(Counted,),
    commands=(Count,),
    evolve=lambda _total, event: Total(amount=event.amount),
    decide=count,
    stream_of=lambda _command: "till-1",
    reads={Count: ("shelf",)},
)
MODELS = ModelSet([SHELF, TILL])


class Shop:
    """Close it."""

    def __init__(self, path: Path) -> None:
        self.store = open_store(path, create=True)
        self.outside = Outside()
        self.gateways = Gateways({"invoices": self.outside})
        self.handler = CommandHandler(self.store, MODELS, gateways=self.gateways)

    def do(self, command: str, **data: Any) -> Answered:
        answered = self.handler.issue(issued(command, data))
        assert answered.status == "done", answered
        return answered

    def deliver(self) -> None:
        Deliveries(self.store, self.gateways, clock_us=lambda: 2**60).send_waiting()
