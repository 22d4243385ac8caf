"""What was sent against what should have been: put right before it goes, adjusted after."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from replay.children.questions import Question
from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.commands.undo import undo_of
from replay.models.bank_account import MODEL, DepositPerformed
from replay.processes import desk_messages as desk
from replay.processes.adjustments import Adjustments
from replay.processes.dispatch import Dispatcher
from replay.processes.process_desk import ProcessDesk
from replay.processes.store_clock import StoreClock
from replay.states.model_set import ModelSet
from replay.typed_model import Effect
from store.beside.outbox import Delivery
from store.interface import EventWriter
from store.sqlite.store import open_store
from tests.replay.answers import done
from tests.replay.issued import issued
from tests.replay.models.test_ships import Outside

HOUR_US = 3_600_000_000


def notice(event: DepositPerformed) -> Any:
    return {"text": f"we got {event.amount}"}


def telling(message: Any = notice, *, delay_us: int = HOUR_US) -> ModelSet:
    """A bank that writes a letter about each deposit, an hour later."""
    effect = Effect(gateway="letters", message=message, delay_us=delay_us)
    return ModelSet([replace(MODEL, effects={DepositPerformed: effect})])


class Bank:
    def __init__(self, path: Path) -> None:
        self.store = open_store(path, create=True)
        self.outside = Outside()
        self.clock = StoreClock(self.store)
        self.use(telling())
        self.do("OpenAccount", id="7", owner="Ada")

    def use(self, models: ModelSet) -> None:
        """Go on with a model that says something else."""
        self.models = models
        gateways = Gateways({"letters": self.outside})
        self.handler = CommandHandler(self.store, models, clock_us=self.clock.now_us)
        self.dispatcher = Dispatcher(
            self.store, self.handler, [], gateways=gateways, clock_us=self.clock.now_us
        )
        self.desk = ProcessDesk(self.store, self.handler, [], gateways=gateways, clock=self.clock)

    def do(self, command: str, *, causation: str | None = None, **data: Any) -> int:
        command_ = structs.replace(issued(command, data), causation_id=causation)
        answered = self.handler.issue(command_)
        assert answered.status == "done", answered
        return done(answered).last_position or 0

    def undo(self, position: int) -> None:
        event = self.store.reader().event(position)
        assert event is not None
        command = undo_of(self.store, self.models, position)
        data = {"accountNumber": command.account_number, "amount": command.amount}  # type: ignore[attr-defined]
        self.do(type(command).__name__, causation=event.id, **data)

    def an_hour_later(self) -> list[Any]:
        """What reached the outside in that hour."""
        before = len(self.outside.sent)
        self.clock.put_ahead(HOUR_US)
        self.dispatcher.settle()
        return self.outside.sent[before:]


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    bank = Bank(tmp_path / "bank.foldline")
    yield bank
    bank.store.close()


def deposit(bank: Bank, amount: str) -> int:
    return bank.do("PerformDeposit", accountNumber="7", amount=Decimal(amount))


def ask(bank: Bank, question: Question[Any]) -> Any:
    return bank.desk.answers()[type(question)](question)


def proposed(bank: Bank) -> list[tuple[str, Any, Any]]:
    found = Adjustments(bank.store, bank.models).proposed().adjustments
    return [(it.kind, it.sent, it.instead) for it in found]


def test_a_deposit_taken_back_in_time_is_never_told(bank: Bank) -> None:
    wrong = deposit(bank, "1000")
    bank.undo(wrong)
    deposit(bank, "100")

    sent = bank.an_hour_later()

    assert sent == [{"text": "we got 100"}]
    withdrawn = [it for it in ask(bank, desk.ListMessages()) if it.status == "withdrawn"]
    assert [it.position for it in withdrawn] == [wrong]
    assert "taken back by WithdrawalPerformed" in withdrawn[0].answer
    assert proposed(bank) == []


def test_a_letter_that_the_corrected_model_writes_otherwise_goes_out_corrected(bank: Bank) -> None:
    deposit(bank, "100")
    bank.use(telling(lambda it: {"text": f"we received {it.amount} €"}))

    sent = bank.an_hour_later()  # the wrong one is withdrawn, the right one takes its place

    assert sent == bank.outside.sent == [{"text": "we received 100 €"}]
    assert proposed(bank) == []


def test_after_it_was_sent_a_cancellation_is_proposed_and_goes_out_once(bank: Bank) -> None:
    wrong = deposit(bank, "1000")
    deposit(bank, "5")
    bank.an_hour_later()
    bank.undo(wrong)

    assert proposed(bank) == [("cancel", {"text": "we got 1000"}, None)]
    assert bank.an_hour_later() == []  # nothing follows by itself
    (found,) = ask(bank, desk.ListAdjustments())
    assert ask(bank, desk.PutAdjustments(ids=(found.message_id,))) == ()
    (sent,) = bank.an_hour_later()
    assert (sent["sent"], sent["instead"]) == ({"text": "we got 1000"}, None)
    assert sent["adjusts"] == found.message_id
    assert proposed(bank) == []
    assert ask(bank, desk.PutAdjustments()) == ()
    assert bank.an_hour_later() == []


def test_a_pricing_fault_that_is_mended_lists_exactly_the_wrong_letters(bank: Bank) -> None:
    """The fault: amounts from 100 on lose their last digit."""
    bank.use(telling(lambda it: {"text": f"we got {str(it.amount)[:2]}"}))
    for amount in ("5", "99", "100", "7", "250"):
        deposit(bank, amount)
    bank.an_hour_later()

    bank.use(telling())

    assert proposed(bank) == [
        ("adjust", {"text": "we got 10"}, {"text": "we got 100"}),
        ("adjust", {"text": "we got 25"}, {"text": "we got 250"}),
    ]


def test_what_a_person_wrote_is_sent_as_it_is(bank: Bank) -> None:
    deposit(bank, "100")
    (held,) = ask(bank, desk.ListMessages())
    ask(bank, desk.CorrectMessage(id=held.id, payload='{"text":"sorry"}'))

    assert bank.an_hour_later() == [{"text": "sorry"}]
    assert proposed(bank) == []


def test_what_was_never_told_and_should_have_been_is_proposed_and_added_once(bank: Bank) -> None:
    """The fault: small deposits were forgotten."""
    bank.use(telling(lambda it: notice(it) if it.amount >= 10 else None))
    for amount in ("5", "99"):
        deposit(bank, amount)
    bank.an_hour_later()

    bank.use(telling())

    assert proposed(bank) == [("add", None, {"text": "we got 5"})]
    assert ask(bank, desk.PutAdjustments()) == ()
    assert bank.an_hour_later() == [{"text": "we got 5"}]
    assert proposed(bank) == []


def test_all_messages_are_looked_at_also_those_behind_thousands_of_newer_ones(bank: Bank) -> None:
    """More than two thousand, which is where the look once ended."""
    bank.use(telling(lambda it: {"text": f"we got {str(it.amount)[:2]}"}))
    deposit(bank, "100")
    bank.an_hour_later()
    store_many(bank, 2_100)
    bank.use(telling())
    seen: list[int] = []

    found = Adjustments(bank.store, bank.models).proposed(tell=seen.append)

    assert [(it.kind, it.sent, it.instead) for it in found.adjustments] == [
        ("adjust", {"text": "we got 10"}, {"text": "we got 100"})
    ]
    assert found.messages == 2_101
    assert seen == list(range(1, found.messages + found.commands + 1))


def store_many(bank: Bank, count: int) -> None:
    """Newer messages of the same event, that were withdrawn before they went."""
    (first, _), *_ = bank.store.beside.outbox.latest(limit=1)
    more = [structs.replace(first, id=f"m{number}") for number in range(count)]
    withdrawn = [
        Delivery(message_id=it.id, attempt=1, status="withdrawn", answer="", at_us=1) for it in more
    ]

    def work(writer: EventWriter) -> None:
        writer.beside.outbox.add(more)
        for it in withdrawn:
            writer.beside.outbox.record(it)

    bank.store.submit(work).result()
