"""A store whose commands wait, and a dispatcher with lanes that works on a thread of its own."""

import threading
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from msgspec.structs import replace

from replay.commands.decide import CommandHandler
from replay.commands.gateways import GatewayFailed, Gateways
from replay.process import ProcessManager
from replay.processes.dispatch import Dispatcher
from replay.processes.lanes import LANES
from replay.states.model_set import ModelSet
from replay.typed_model import Command, Event, Situation, State, TypedModel
from store.beside.commands import Queue
from store.sqlite.store import open_store
from tests.replay.issued import issued

NOW_US = 1_900_000_000_000_000
PATIENCE_S = 60.0


class Done(Event, frozen=True):
    """A job is done."""

    number: int


class Bake(Command, frozen=True):
    """A job whose oven is shut until it is opened."""

    shop: str
    number: int


class Slice(Command, frozen=True):
    """A job that is done at once."""

    shop: str
    number: int


class Sell(Command, frozen=True):
    """A job that needs the outside world."""

    shop: str
    number: int


class Bakery:
    """A store with commands that wait, and a dispatcher that runs on a thread of its own."""

    def __init__(
        self,
        path: Path,
        *,
        lanes: int = LANES,
        processes: Sequence[ProcessManager[Any]] = (),
        are_apart: bool = True,
    ) -> None:
        self.oven = threading.Event()
        self.begun: SimpleQueue[str] = SimpleQueue()
        self.handled: SimpleQueue[str] = SimpleQueue()
        self.is_market_open = True
        self.is_oven_broken = False
        self.store = open_store(path, create=True)
        model: TypedModel[State] = TypedModel(
            name="shop",
            title="Shop",
            version=1,
            category="shop",
            state=State,
            events=(Done,),
            commands=(Bake, Slice, Sell),
            evolve=lambda state, _event: state,
            decide=self._decide,
            stream_of=lambda it: f"shop-{it.shop}",
        )
        models = ModelSet([model, *(it.model for it in processes)])
        handler = CommandHandler(self.store, models, clock_us=lambda: NOW_US, has_lanes=are_apart)
        self.dispatcher = Dispatcher(
            self.store,
            handler,
            processes,
            gateways=Gateways(),
            clock_us=lambda: NOW_US,
            lanes=lanes,
            are_apart=are_apart,
            pass_point=self.handled.put,
        )
        self.thread = threading.Thread(target=self.dispatcher.settle)

    def order(self, command: str, *jobs: tuple[str, int]) -> None:
        """Let commands wait: shop and number of each."""
        new = [
            replace(
                issued(command, {"shop": shop, "number": number}, due_at_us=1),
                stream=f"shop-{shop}",
            )
            for shop, number in jobs
        ]
        self.store.submit(lambda writer: writer.beside.commands.add(new)).result()

    def wait_for(self, count: int) -> None:
        """Until so many more commands were handled."""
        while count:
            count -= self.handled.get(timeout=PATIENCE_S) == "after handling"

    def queue(self, command: str) -> Queue:
        found = self.store.beside.commands.queues(NOW_US, since_us=NOW_US - 1)
        return next(it for it in found if it.of == command)

    def done(self, shop: str) -> list[int]:
        return [it.data["number"] for it in self.store.read_stream(f"shop-{shop}")]

    def close(self) -> None:
        self.oven.set()
        if self.thread.ident is not None:
            self.thread.join()
        self.dispatcher.close()
        self.store.close()

    def _decide(self, _state: State, command: Any, _situation: Situation) -> Sequence[Event]:
        self.begun.put(type(command).__name__)
        if isinstance(command, Bake) and self.is_oven_broken:
            raise RuntimeError("the oven is broken")
        if isinstance(command, Bake):
            assert self.oven.wait(PATIENCE_S)
        if isinstance(command, Sell) and not self.is_market_open:
            raise GatewayFailed("market", "it is closed")
        return [Done(number=command.number)]
