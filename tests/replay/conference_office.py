"""A conference in a store, with its process managers and a clock that a test moves."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from replay.commands.answered import Answered
from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.processes.dispatch import Dispatcher
from replay.states.model_set import bundled_models, bundled_processes
from store.sqlite.store import open_store
from tests.replay.issued import issued

MINUTE_US = 60_000_000
PRICES = {"general": 199, "workshop": 500, "party": 50, "free": 0}
START_US = 1_772_000_000_000_000


class Office:
    """Close it. `crash_at`: the point of the dispatcher at which it dies, once."""

    def __init__(self, path: Path, *, quota: int = 100, lanes: int = 1) -> None:
        self.path = path
        self.lanes = lanes
        self.now_us = START_US
        self.crash_at = ""
        self.store = open_store(path, create=True)
        self._take_up_work()
        for seat_type, price in PRICES.items():
            self.offer(seat_type, price, quota)

    def offer(self, seat_type: str, price: int, quota: int, *, name: str = "") -> None:
        """Offer a seat type, or change what is offered; its seats are added the first time."""
        offer = {
            "seatType": seat_type,
            "conferenceId": "conf",
            "name": name or seat_type,
            "price": price,
            "quantity": quota,
        }
        self.do("OfferSeats", offer, roles=("organiser",))
        self.dispatcher.settle()

    def do(self, command: str, data: dict[str, Any], **facts: Any) -> Answered:
        answered = self.handler.issue(issued(command, data, **facts))
        assert answered.status == "done", answered
        return answered

    def register(self, order: str, **seats: int) -> None:
        lines = [{"seatType": it, "quantity": quantity} for it, quantity in seats.items()]
        self.do("RegisterToConference", {"orderId": order, "conferenceId": "conf", "seats": lines})

    def pay(self, order: str, *, amount: Decimal | None = None, payment: str = "") -> None:
        """Pay an order, what it costs now unless an amount is given."""
        id_ = payment or f"p-{order}"
        begun = {
            "paymentId": id_,
            "sourceId": order,
            "conferenceId": "conf",
            "description": "seats",
            "totalAmount": self.state(f"order-{order}").total if amount is None else amount,
        }
        self.do("InitiateThirdPartyProcessorPayment", begun)
        initiated = next(it for it in self.store.read_stream(f"payment-{id_}"))
        paid = {"paymentId": id_}
        self.do("CompleteThirdPartyProcessorPayment", paid, because=initiated)

    def register_person(self, order: str) -> None:
        placed = next(it for it in self.store.read_stream(f"order-{order}"))
        self.do(
            "AssignRegistrantDetails",
            {"orderId": order, "first": "Ada", "last": "Lovelace", "email": "ada@a.org"},
            because=placed,
        )

    def state(self, stream: str) -> Any:
        return self.handler.state_of(stream)[0]

    def types(self, stream: str) -> list[str]:
        return [event.type for event in self.store.read_stream(stream)]

    def counts(self) -> dict[str, int]:
        return self.store.beside.commands.counts()

    def settle(self) -> None:
        """Do what is due; after a crash begin anew, as a restarted program would."""
        try:
            self.dispatcher.settle()
        except Crashed:
            self.crash_at = ""
            self.close()
            self.store = open_store(self.path)
            self._take_up_work()
            self.dispatcher.settle()

    def wait(self, minutes: float) -> None:
        self.now_us += round(minutes * MINUTE_US)
        self.settle()

    def close(self) -> None:
        self.dispatcher.close()
        self.store.close()

    def _take_up_work(self) -> None:
        clock: Callable[[], int] = lambda: self.now_us  # noqa: E731
        self.handler = CommandHandler(self.store, bundled_models(), clock_us=clock)
        self.dispatcher = Dispatcher(
            self.store,
            self.handler,
            bundled_processes(),
            gateways=Gateways(),
            clock_us=clock,
            pass_point=self._pass,
            lanes=self.lanes,
        )

    def _pass(self, point: str) -> None:
        if point == self.crash_at:
            raise Crashed(point)


class Crashed(BaseException):
    """As a process that is killed."""
