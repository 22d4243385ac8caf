"""Ships and cargo on a real store, with customs that listens and a price list that changes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.rebuild import rebuild
from replay.commands.answered import Answered
from replay.commands.decide import CommandHandler
from replay.commands.decision import WrongTime
from replay.commands.gateways import GatewayFailed, Gateways
from replay.commands.rerun import Rerun
from replay.commands.would_send import messages_differ
from replay.models.ships_registry import SHIP
from replay.processes.deliveries import Deliveries
from replay.processes.retry_policy import GATEWAYS
from replay.states.model_set import ModelSet, bundled_models
from replay.states.stream_states import StreamStates
from replay.typed_model import TypedModel
from store.opening import open_reader
from store.sqlite.store import SqliteStore, open_store
from store.times import parse_moment
from tests.replay.answers import refusal
from tests.replay.issued import issued

PORTS = {"vancouver": "CANADA", "los-angeles": "US", "san-francisco": "US", "hong-kong": "CHINA"}


class Outside:
    """Customs and the price office; counts what reaches it."""

    def __init__(self) -> None:
        self.price = 100
        self.asked: list[Any] = []
        self.sent: list[Any] = []
        self.is_down = False

    def ask(self, request: Any, *, once: str) -> Any:  # noqa: ARG002
        if self.is_down:
            raise OSError("no answer")
        self.asked.append(request)
        return self.price

    def send(self, _message_id: str, payload: Any) -> str:
        if self.is_down:
            raise OSError("nobody there")
        self.sent.append(payload)
        return "thank you"


class Fleet:
    def __init__(self, path: Path, models: ModelSet) -> None:
        self.outside = Outside()
        self.gateways = Gateways({"customs": self.outside, "pricing": self.outside})
        self.store: SqliteStore = open_store(path, create=True)
        self.handler = CommandHandler(self.store, models, gateways=self.gateways)
        self.clock_us = 1_900_000_000_000_000
        for code, country in PORTS.items():
            self.do("RegisterPort", code=code, name=code, country=country)

    def try_(self, command: str, **data: Any) -> Answered:
        return self.handler.issue(issued(command, data))

    def do(self, command: str, **data: Any) -> None:
        answered = self.try_(command, **data)
        assert answered.status == "done", answered

    def ship(self, code: str, port: str, day: str) -> None:
        self.do("RegisterShip", code=code, name=code)
        self.do("ReportArrival", ship=code, port=port, occurred=day)

    def cargo(self, code: str, port: str) -> None:
        self.do("RegisterCargo", code=code, name=code, port=port, declaredValue=10)

    def state(self, stream: str) -> Any:
        return self.handler.state_of(stream)[0]

    def deliver(self) -> int:
        return Deliveries(self.store, self.gateways, clock_us=lambda: self.clock_us).send_waiting()


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    yield fleet
    fleet.store.close()


def test_three_reports_leave_two_ships_where_they_arrived(fleet: Fleet) -> None:
    fleet.ship("king-roy", "san-francisco", "2005-10-01")
    fleet.do("RegisterShip", code="prince-trevor", name="Prince Trevor")

    fleet.do("ReportDeparture", ship="king-roy", port="san-francisco", occurred="2005-11-01")
    fleet.do("ReportArrival", ship="prince-trevor", port="los-angeles", occurred="2005-11-02")
    fleet.do("ReportArrival", ship="king-roy", port="hong-kong", occurred="2005-11-03")

    assert fleet.state("ship-king-roy").port == "hong-kong"
    assert fleet.state("ship-prince-trevor").port == "los-angeles"


def by_way_of_canada(fleet: Fleet, port: str = "vancouver") -> None:
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("refact", "san-francisco")
    fleet.do("LoadCargo", ship="king-roy", cargo="refact", occurred="2005-11-01")
    fleet.do("ReportArrival", ship="king-roy", port=port, occurred="2005-11-02")
    fleet.do("ReportDeparture", ship="king-roy", port=port, occurred="2005-11-03")
    fleet.do("ReportArrival", ship="king-roy", port="san-francisco", occurred="2005-11-04")
    fleet.do("UnloadCargo", ship="king-roy", cargo="refact", occurred="2005-11-05")


def test_cargo_that_was_once_in_canada_stays_so(fleet: Fleet) -> None:
    by_way_of_canada(fleet)

    cargo = fleet.state("cargo-refact")
    assert (cargo.has_been_in_canada, cargo.port, cargo.ship) == (True, "san-francisco", None)
    loaded = next(it.position for it in fleet.store.read() if it.type == "Load")
    past = StreamStates().at(fleet.store, "cargo-refact", loaded)
    assert past.state["hasBeenInCanada"] is False


def test_a_missed_departure_is_borne_with_or_refused(fleet: Fleet) -> None:
    fleet.ship("queen", "los-angeles", "2005-10-01")
    arrives = {"ship": "queen", "port": "san-francisco", "occurred": "2005-11-01"}

    refused = fleet.try_("ReportArrival", **arrives, missedDeparture="refuse")
    fleet.do("ReportArrival", **arrives)
    fleet.do("ReportDeparture", **arrives)

    assert refusal(refused).rule == "leaves before it arrives"
    assert fleet.state("ship-queen").port == "AT_SEA"


def test_what_happened_earlier_counts_where_it_happened(fleet: Fleet) -> None:
    """Recorded today, it occurred when the report says."""
    fleet.ship("queen", "los-angeles", "2005-11-01")
    fleet.do("ReportArrival", ship="queen", port="vancouver", occurred="2005-10-15T08:00:00Z")

    def port_on(day: str) -> object:
        until_us = parse_moment(f"{day}T00:00:00Z").at_us
        return StreamStates().as_occurred(fleet.store, "ship-queen", until_us).state["port"]

    assert [port_on(it) for it in ("2005-10-14", "2005-10-16", "2005-11-02")] == [
        "AT_SEA",
        "vancouver",
        "los-angeles",
    ]
    assert fleet.state("ship-queen").port == "vancouver"  # as recorded


def test_a_day_that_is_none_is_told_and_leaves_no_trace(fleet: Fleet) -> None:
    fleet.ship("queen", "los-angeles", "2005-10-01")
    head = fleet.store.head()

    with pytest.raises(WrongTime, match="2005-02-31"):
        fleet.try_("ReportArrival", ship="queen", port="vancouver", occurred="2005-02-31")

    assert fleet.store.head() == head


def test_two_ships_do_not_take_the_same_cargo(tmp_path: Path) -> None:
    """The other ship takes it between the decision and its recording; held means asked again."""
    held = beaten_to_the_cargo(tmp_path / "held.foldline", SHIP)
    checked = beaten_to_the_cargo(tmp_path / "checked.foldline", replace(SHIP, elsewhere={}))

    assert (refusal(held).rule, held.attempts) == ("loaded where both are", 2)
    assert "aboard queen" in refusal(held).reason
    assert checked.status == "done"  # what "checked just before" costs


def beaten_to_the_cargo(path: Path, model: TypedModel[Any]) -> Answered:
    """King Roy loads cargo that the Queen has loaded just after King Roy's rules looked."""
    fleet = Fleet(path, bundled_models())
    for ship in ("queen", "king-roy"):
        fleet.ship(ship, "vancouver", "2005-10-01")
    fleet.cargo("tea", "vancouver")
    loads: list[str] = []

    def decide(state: Any, command: Any, situation: Any) -> Any:
        events = model.decide(state, command, situation)
        if not loads:
            loads.append("queen")
            fleet.do("LoadCargo", ship="queen", cargo="tea", occurred="2005-10-02")
        return events

    slow = replace(model, decide=decide)
    others = [it for it in bundled_models().models if it.category != model.category]
    handler = CommandHandler(fleet.store, ModelSet([slow, *others]))
    try:
        return handler.issue(
            issued("LoadCargo", {"ship": "king-roy", "cargo": "tea", "occurred": "2005-10-02"})
        )
    finally:
        fleet.store.close()


def test_customs_hears_of_an_arrival_once_however_often_views_are_rebuilt(fleet: Fleet) -> None:
    fleet.ship("king-roy", "vancouver", "2005-11-02")

    assert fleet.deliver() == 1
    log = open_reader(fleet.store.place.path)
    for _ in range(10):
        rebuild(log)
        fleet.deliver()
    log.close()

    assert fleet.outside.sent == [{"day": "2005-11-02", "ship": "king-roy", "port": "vancouver"}]


def test_what_could_not_be_sent_is_sent_later(fleet: Fleet) -> None:
    fleet.outside.is_down = True
    fleet.ship("king-roy", "vancouver", "2005-11-02")
    fleet.deliver()
    ((_, failed),) = fleet.store.beside.outbox.latest(limit=5)

    fleet.outside.is_down = False
    fleet.clock_us += GATEWAYS.first_us
    fleet.deliver()

    assert failed is not None
    assert (failed.status, failed.attempt) == ("failed", 1)
    assert len(fleet.outside.sent) == 1


def test_a_message_can_be_corrected_until_it_is_released(fleet: Fleet) -> None:
    fleet.ship("king-roy", "vancouver", "2005-11-02")
    ((message, _),) = fleet.store.beside.outbox.latest(limit=5)
    deliveries = Deliveries(fleet.store, fleet.gateways, clock_us=lambda: fleet.clock_us)

    deliveries.correct(message, '{"port":"los-angeles"}', "corrected")
    deliveries.send_waiting()

    assert fleet.outside.sent == [{"port": "los-angeles"}]


def test_a_price_is_what_it_was_when_it_was_asked(fleet: Fleet) -> None:
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("refact", "san-francisco")
    fleet.do("LoadCargo", ship="king-roy", cargo="refact", occurred="2005-11-01")
    fleet.do("ReportArrival", ship="king-roy", port="los-angeles", occurred="2005-11-03")

    fleet.outside.price = 130
    arrival = [it for it in fleet.store.read() if it.type == "Arrival"][-1]

    assert arrival.data["aboard"]["refact"]["value"] == 100
    assert fleet.state("cargo-refact").declared_value == 100
    request = '{"cargo":"refact","day":"2005-11-03"}'
    assert fleet.store.beside.answers.to(arrival.id, "pricing", request) == 100
    with pytest.raises(LookupError, match="was not asked"):
        fleet.store.beside.answers.to(arrival.id, "pricing", "{}")


def test_an_office_that_is_closed_is_no_refusal_and_leaves_no_trace(fleet: Fleet) -> None:
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("refact", "san-francisco")
    fleet.do("LoadCargo", ship="king-roy", cargo="refact", occurred="2005-11-01")
    head, fleet.outside.is_down = fleet.store.head(), True

    with pytest.raises(GatewayFailed, match="no answer"):
        fleet.try_("ReportArrival", ship="king-roy", port="vancouver", occurred="2005-11-02")

    assert fleet.store.head() == head


def test_had_it_been_los_angeles_one_notice_is_cancelled_and_one_added(
    fleet: Fleet, tmp_path: Path
) -> None:
    """The port of one arrival was wrong: what follows from the right one, and what customs was
    told that it should not have been."""
    right = Fleet(tmp_path / "right.foldline", bundled_models())
    by_way_of_canada(fleet)
    by_way_of_canada(right, port="los-angeles")

    flags = [it.state("cargo-refact").has_been_in_canada for it in (fleet, right)]
    told, meant = (
        [
            (it.gateway, it.payload)
            for it in Rerun(one.store, bundled_models(), one.store.place).would_send()
        ]
        for one in (fleet, right)
    )
    right.store.close()

    notice = {"day": "2005-11-02", "ship": "king-roy"}
    assert flags == [True, False]
    assert messages_differ(told, meant) == [
        ("cancel", "customs", notice | {"port": "vancouver"}),
        ("add", "customs", notice | {"port": "los-angeles"}),
    ]


@pytest.mark.parametrize(
    ("days", "fee"),
    [(["2005-11-17"], 10), (["2005-11-18"], 15), (["2005-11-17", "2005-11-18", "2005-11-19"], 40)],
)
def test_the_harbour_fee_is_the_one_of_the_day(fleet: Fleet, days: list[str], fee: int) -> None:
    fleet.do("RegisterShip", code="s", name="S")
    for day in days:
        fleet.do("ReportArrival", ship="s", port="vancouver", occurred=day)

    assert fleet.state("ship-s").fees_due == Decimal(fee)


@pytest.mark.parametrize(
    ("command", "data", "rule"),
    [
        ("LoadCargo", {"ship": "king-roy", "cargo": "far"}, "loaded where both are"),
        ("LoadCargo", {"ship": "king-roy", "cargo": "none"}, "cargo exists"),
        ("UnloadCargo", {"ship": "king-roy", "cargo": "far"}, "cargo is aboard"),
        ("ReportDeparture", {"ship": "king-roy", "port": "vancouver"}, "departs from where it is"),
        ("ReportArrival", {"ship": "king-roy", "port": "atlantis"}, "port exists"),
        ("ReportArrival", {"ship": "ghost", "port": "vancouver"}, "ship exists"),
    ],
)
def test_every_rule_names_itself(
    fleet: Fleet, command: str, data: dict[str, str], rule: str
) -> None:
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("far", "hong-kong")

    answered = fleet.try_(command, **data, occurred="2005-11-01")

    assert refusal(answered).rule == rule
    assert refusal(answered).reason.endswith(".")


class Bank:
    def __init__(self) -> None:
        self.bought: list[str] = []  # the key that each purchase was asked for with
        self.meanwhile: Callable[[], object] = lambda: None  # while it is buying

    def ask(self, request: Any, *, once: str) -> Any:
        if request["buy"]["amount"] > 1000:
            return {"reason": "The account does not cover it."}
        self.bought.append(once)
        number = len(self.bought)
        self.meanwhile()
        return {"orderId": f"b-{number}"}

    def send(self, _message_id: str, _payload: Any) -> str:
        raise AssertionError


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def broker(tmp_path: Path, bank: Bank) -> Iterator[CommandHandler]:
    store = open_store(tmp_path / "broker.foldline", create=True)
    handler = CommandHandler(store, bundled_models(), gateways=Gateways({"bank": bank}))
    handler.issue(issued("OpenOrderBook", {"id": "1", "owner": "Ada", "accountId": "7"}))
    yield handler
    store.close()


def buy(
    handler: CommandHandler, amount: int, isin: str = "IE00B4L5Y983", id_: str = ""
) -> Answered:
    order = {"orderBookId": "1", "order": {"amount": amount, "isin": isin}}
    return handler.issue(issued("PerformBuyOrder", order, id_=id_))


def test_the_bank_buys_once_for_one_command(broker: CommandHandler, bank: Bank) -> None:
    answers = [buy(broker, 250, id_="the-order") for _ in range(5)]
    too_much, no_isin = buy(broker, 5000), buy(broker, 10, isin="IE00B4L5Y984")

    assert {it.status for it in answers} == {"done"}
    assert len(bank.bought) == 1
    assert broker.state_of("orderbook-1")[0].sent == ("b-1",)
    assert (refusal(too_much).rule, refusal(no_isin).rule) == ("InvalidOrder", "InvalidOrder")


def test_the_bank_buys_once_though_somebody_was_quicker(
    broker: CommandHandler, bank: Bank, tmp_path: Path
) -> None:
    """Another process buys while this one asks, so this one has to decide again."""
    there = open_store(tmp_path / "broker.foldline")
    other = CommandHandler(there, bundled_models(), gateways=Gateways({"bank": bank}))

    def buy_there() -> None:
        bank.meanwhile = lambda: None
        assert buy(other, 10).status == "done"

    bank.meanwhile = buy_there
    answered = buy(broker, 20)
    there.close()

    assert (answered.status, answered.attempts) == ("done", 2)
    assert len(bank.bought) == 2
    assert len(set(bank.bought)) == 2
    assert sorted(broker.state_of("orderbook-1")[0].sent) == ["b-1", "b-2"]
