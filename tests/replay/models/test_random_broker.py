"""Random orders to a broker's bank, which sometimes refuses, against a naive oracle."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from replay.commands.gateways import GatewayFailed, Gateways
from replay.models.broker import is_isin
from store.beside.commands import IdTaken
from tests.replay.issued import issued
from tests.replay.models.test_random_commands import NAMES, QUICK, Domain

LIMIT = 100  # above which the bank refuses
ISINS = st.sampled_from(["DE0007164600", "DE0007164601", "US0378331005"])
ISSUED_IDS = st.sampled_from(["c1", "c2", "c3", "c4"])


class Bank:
    """Buys, refuses, or is not there; it counts what it was asked to buy."""

    def __init__(self) -> None:
        self.is_there = True
        self.asked = 0
        self.bought: list[str] = []

    def send(self, message_id: str, payload: Any) -> str:
        raise ValueError(f"it accepts no messages: {message_id} {payload}")

    def ask(self, request: Any, *, once: str) -> Any:  # noqa: ARG002
        if not self.is_there:
            raise LookupError("closed")
        self.asked += 1
        if Decimal(str(request["buy"]["amount"])) > LIMIT:
            return {"reason": "too much"}
        self.bought.append(f"b-{len(self.bought) + 1}")
        return {"orderId": self.bought[-1]}


class Broker(Domain):
    bank: Bank

    @staticmethod
    def gateways() -> Gateways:
        Broker.bank = Bank()
        return Gateways({"bank": Broker.bank})

    def __init__(self) -> None:
        super().__init__()
        self.bank = Broker.bank
        self.books: dict[str, list[str]] = {}
        self.outcomes: dict[str, str] = {}  # command id → its first status
        self.sent: dict[str, Any] = {}  # command id → what was first sent under it

    @rule(name=NAMES)
    def open(self, name: str) -> None:
        done = self.ask("OpenOrderBook", id=name, owner="Ada", accountId="7")
        assert done == (name not in self.books)
        self.books.setdefault(name, [])

    @rule(name=NAMES, amount=st.integers(1, 200), isin=ISINS, id_=ISSUED_IDS)
    def buy(self, name: str, amount: int, isin: str, id_: str) -> None:
        """The same id again is the same order: the bank does not buy again. Another order under
        a taken id is none: the bank does not even hear of it."""
        before = len(self.bank.bought)
        order = {"orderBookId": name, "order": {"amount": amount, "isin": isin}}
        is_taken = self.sent.setdefault(id_, order) != order
        try:
            answered = self.handler.issue(issued("PerformBuyOrder", order, id_=id_))
        except IdTaken:
            assert is_taken
            assert len(self.bank.bought) == before
            return
        except GatewayFailed:
            assert not self.bank.is_there
            assert id_ not in self.outcomes
            return
        assert not is_taken
        if id_ in self.outcomes:
            assert (answered.status, answered.is_resend) == (self.outcomes[id_], True)
            assert len(self.bank.bought) == before
            return
        is_good = name in self.books and is_isin(isin) and amount <= LIMIT
        assert (answered.status == "done") == is_good
        self.outcomes[id_] = answered.status
        assert len(self.bank.bought) == before + is_good
        if is_good:
            self.books[name].append(self.bank.bought[-1])

    @rule(is_there=st.booleans())
    def bank_opens_or_closes(self, is_there: bool) -> None:
        self.bank.is_there = is_there

    @rule()
    def replay(self) -> None:
        """Folding everything again asks nobody."""
        asked = self.bank.asked
        for name in self.books:
            self.state(f"orderbook-{name}")
        assert self.bank.asked == asked

    @invariant()
    def says_what_the_oracle_says(self) -> None:
        for name, sent in self.books.items():
            assert self.state(f"orderbook-{name}")["sent"] == tuple(sent)


TestBroker = Broker.TestCase
TestBroker.settings = QUICK
