"""Random commands against the bank, customers and ships, each with a naive oracle beside it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.states.model_set import bundled_models
from replay.states.stream_states import StreamStates
from store.sqlite.store import open_store
from tests.replay.answers import refusal
from tests.replay.issued import issued
from tests.replay.models.test_ships import Outside

QUICK = settings(max_examples=15, stateful_step_count=20, deadline=None)
NAMES = st.sampled_from(["a", "b"])


class Domain(RuleBasedStateMachine):
    """A store of its own; `ask` says whether a command was done."""

    gateways: ClassVar[Callable[[], Gateways]] = Gateways

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.store = open_store(Path(self._folder.name, "a.foldline"), create=True)
        self.handler = CommandHandler(self.store, bundled_models(), gateways=type(self).gateways())

    def ask(self, command: str, **data: Any) -> bool:
        before = self.store.head()
        answered = self.handler.issue(issued(command, data))
        if answered.status != "done":
            assert refusal(answered).rule
            assert refusal(answered).reason
            assert self.store.head() == before
        return answered.status == "done"

    def state(self, stream: str) -> Any:
        return StreamStates().at(self.store, stream, self.store.head()).state

    def teardown(self) -> None:
        self.store.close()
        self._folder.cleanup()


class Bank(Domain):
    def __init__(self) -> None:
        super().__init__()
        self.balance: dict[str, Decimal] = {}
        self.closed: set[str] = set()

    def is_open(self, name: str) -> bool:
        return name in self.balance and name not in self.closed

    @rule(name=NAMES)
    def open(self, name: str) -> None:
        assert self.ask("OpenAccount", id=name, owner="Ada") == (name not in self.balance)
        self.balance.setdefault(name, Decimal(0))

    @rule(name=NAMES, amount=st.integers(1, 400))
    def pay_in(self, name: str, amount: int) -> None:
        done = self.ask("PerformDeposit", accountNumber=name, amount=amount)
        assert done == self.is_open(name)
        if done:
            self.balance[name] += amount

    @rule(name=NAMES, amount=st.integers(1, 700))
    def pay_out(self, name: str, amount: int) -> None:
        done = self.ask("PerformWithdrawal", accountNumber=name, amount=amount)
        assert done == (self.is_open(name) and self.balance[name] - amount >= -500)
        if done:
            self.balance[name] -= amount

    @rule(name=NAMES)
    def close(self, name: str) -> None:
        done = self.ask("CloseAccount", accountId=name, reason="moves")
        assert done == (self.is_open(name) and not self.balance[name])
        if done:
            self.closed.add(name)

    @precondition(lambda self: self.balance)
    @invariant()
    def says_what_the_oracle_says(self) -> None:
        for name, balance in self.balance.items():
            state = self.state(f"account-{name}")
            assert Decimal(str(state["balance"])) == balance
            assert state["isClosed"] == (name in self.closed)


class Customers(Domain):
    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()
        self.preferred: set[str] = set()
        self.delinquent: set[str] = set()

    @rule(name=NAMES)
    def register(self, name: str) -> None:
        assert self.ask("RegisterCustomer", id=name, lastName="King") == (name not in self.known)
        self.known.add(name)

    @rule(name=NAMES)
    def prefer(self, name: str) -> None:
        done = self.ask("MakeCustomerPreferred", customer=name)
        assert done == (name in self.known - self.delinquent)
        self.preferred |= {name} if done else set()

    @rule(name=NAMES)
    def report(self, name: str) -> None:
        if self.ask("ReportDelinquency", customer=name, reason="bills"):
            self.delinquent.add(name)
            self.preferred.discard(name)

    @rule(name=NAMES)
    def pay(self, name: str) -> None:
        assert self.ask("ReportPaidUp", customer=name) == (name in self.known)
        self.delinquent.discard(name)

    @invariant()
    def says_what_the_oracle_says(self) -> None:
        for name in self.known:
            state = self.state(f"customer-{name}")
            assert state["isPreferred"] == (name in self.preferred)
            assert state["isDelinquent"] == (name in self.delinquent)


PORTS = {"van": "CANADA", "lax": "US"}


def _outside() -> Gateways:
    outside = Outside()
    return Gateways({"customs": outside, "pricing": outside})


class Fleet(Domain):
    gateways = _outside

    def __init__(self) -> None:
        super().__init__()
        self.ship: dict[str, str] = {}
        self.cargo: dict[str, str] = {}  # where: a port or a ship
        self.canadian: set[str] = set()
        for code, country in PORTS.items():
            assert self.ask("RegisterPort", code=code, name=code, country=country)
        for name in ("a", "b"):
            assert self.ask("RegisterShip", code=name, name=name)
            assert self.ask(
                "RegisterCargo", code=f"c{name}", name=name, port="lax", declaredValue=1
            )
            self.ship[name], self.cargo[f"c{name}"] = "AT_SEA", "lax"

    @rule(name=NAMES, port=st.sampled_from(sorted(PORTS)))
    def arrive(self, name: str, port: str) -> None:
        assert self.ask("ReportArrival", ship=name, port=port, occurred="2005-11-02")
        self.ship[name] = port
        if port == "van":
            self.canadian |= {it for it, where in self.cargo.items() if where == name}

    @rule(name=NAMES, port=st.sampled_from(sorted(PORTS)))
    def depart(self, name: str, port: str) -> None:
        done = self.ask("ReportDeparture", ship=name, port=port, occurred="2005-11-03")
        assert done == (self.ship[name] == port)
        if done:
            self.ship[name] = "AT_SEA"

    @rule(name=NAMES, cargo=NAMES)
    def load(self, name: str, cargo: str) -> None:
        done = self.ask("LoadCargo", ship=name, cargo=f"c{cargo}", occurred="2005-11-04")
        assert done == (self.cargo[f"c{cargo}"] == self.ship[name])
        if done:
            self.cargo[f"c{cargo}"] = name

    @rule(name=NAMES, cargo=NAMES)
    def unload(self, name: str, cargo: str) -> None:
        done = self.ask("UnloadCargo", ship=name, cargo=f"c{cargo}", occurred="2005-11-05")
        assert done == (self.cargo[f"c{cargo}"] == name and self.ship[name] != "AT_SEA")
        if done:
            self.cargo[f"c{cargo}"] = self.ship[name]

    @invariant()
    def says_what_the_oracle_says(self) -> None:
        for name, port in self.ship.items():
            aboard = sorted(it for it, where in self.cargo.items() if where == name)
            state = self.state(f"ship-{name}")
            assert (state["port"], sorted(state["aboard"])) == (port, aboard)
        for cargo, where in self.cargo.items():
            state = self.state(f"cargo-{cargo}")
            assert where in (state["port"], state["ship"])
            assert state["hasBeenInCanada"] == (cargo in self.canadian)


TestBank = Bank.TestCase
TestCustomers = Customers.TestCase
TestFleet = Fleet.TestCase
TestBank.settings = TestCustomers.settings = TestFleet.settings = QUICK
